package org.joveproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.joveproxy.core.observe.ProxyObserver.HubAnswer;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;

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

    StoreMeters(MetricsObserver counts, RouteStore store, RestoredRoutes restored) {
        this.counts = counts;
        this.store = store;
        this.restored = restored;
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
        for (HubAnswer answer : HubAnswer.values()) {
            FunctionCounter.builder(MeterNames.HUB_CHECKS.name(), counts, all -> all.hubAnswers(answer))
                    .description(MeterNames.HUB_CHECKS.help())
                    .tag(MeterNames.RESULT, answer.label())
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
