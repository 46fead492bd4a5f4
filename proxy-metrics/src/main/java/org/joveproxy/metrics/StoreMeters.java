package org.joveproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.joveproxy.core.observe.ProxyObserver.HubAnswer;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;
import org.jspecify.annotations.Nullable;

/**
 * How well the routes are kept, and whether the hub looks after them, as meters.
 *
 * <p>Immutable.
 */
final class StoreMeters implements MeterBinder {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final MetricsObserver counts;
    private final RouteStore store;
    private final RestoredRoutes restored;
    private final MetricsPage.@Nullable Sharing sharing;

    StoreMeters(
            MetricsObserver counts, RouteStore store, RestoredRoutes restored, MetricsPage.@Nullable Sharing sharing) {
        this.counts = counts;
        this.store = store;
        this.restored = restored;
        this.sharing = sharing;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        MeterNames.STORE_WORKING.name(),
                        store,
                        kept -> kept.status().isWorking() ? 1 : 0)
                .description(MeterNames.STORE_WORKING.help())
                .tag(MeterNames.KIND, store.status().kind())
                .register(registry);
        bindChanges(registry, "kept", MetricsObserver::changesKept);
        bindChanges(registry, "not_kept", MetricsObserver::changesNotKept);
        bindTime(registry, MeterNames.STORE_LAST_SUCCESS, counts, MetricsObserver::lastKeptMillis);
        Gauge.builder(MeterNames.ROUTES_UNCONFIRMED.name(), restored, RestoredRoutes::unconfirmed)
                .description(MeterNames.ROUTES_UNCONFIRMED.help())
                .register(registry);
        bindTime(
                registry,
                MeterNames.HUB_LAST_CONTACT,
                restored,
                hub -> hub.tableReadMillis().orElse(0));
        if (sharing != null) {
            bindSharing(registry, sharing);
        }
        for (HubAnswer answer : HubAnswer.values()) {
            FunctionCounter.builder(MeterNames.HUB_CHECKS.name(), counts, all -> all.hubAnswers(answer))
                    .description(MeterNames.HUB_CHECKS.help())
                    .tag(MeterNames.RESULT, answer.label())
                    .register(registry);
        }
    }

    private void bindSharing(MeterRegistry registry, MetricsPage.Sharing with) {
        Gauge.builder(MeterNames.REPLICAS.name(), with, all -> all.replicas().getAsInt())
                .description(MeterNames.REPLICAS.help())
                .register(registry);
        Gauge.builder(MeterNames.REPLICA_LAG.name(), with, all -> all.lag().getAsLong())
                .description(MeterNames.REPLICA_LAG.help())
                .register(registry);
        FunctionCounter.builder(MeterNames.REPLICAS_LATE.name(), counts, MetricsObserver::lateReplicas)
                .description(MeterNames.REPLICAS_LATE.help())
                .register(registry);
        for (LookResult result : LookResult.values()) {
            FunctionCounter.builder(MeterNames.SECOND_LOOKS.name(), counts, all -> all.looks(result))
                    .description(MeterNames.SECOND_LOOKS.help())
                    .tag(MeterNames.RESULT, result.label())
                    .register(registry);
        }
    }

    private void bindChanges(MeterRegistry registry, String result, ToDoubleFunction<MetricsObserver> count) {
        FunctionCounter.builder(MeterNames.STORE_CHANGES.name(), counts, count)
                .description(MeterNames.STORE_CHANGES.help())
                .tag(MeterNames.RESULT, result)
                .register(registry);
    }

    private static <T> void bindTime(MeterRegistry registry, Series series, T source, ToDoubleFunction<T> epochMillis) {
        Gauge.builder(series.name(), source, from -> epochMillis.applyAsDouble(from) / MILLIS_PER_SECOND)
                .description(series.help())
                .register(registry);
    }
}
