package org.joveproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.joveproxy.core.observe.ProxyObserver.ReloadResult;
import org.joveproxy.core.observe.Reloadable;

/**
 * Until when the proxy's certificates are valid, and what became of files that were read again, as meters.
 *
 * <p>Immutable.
 */
final class ReloadMeters implements MeterBinder {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final MetricsObserver counts;
    private final List<MetricsPage.Certificate> certificates;

    ReloadMeters(MetricsObserver counts, List<MetricsPage.Certificate> certificates) {
        this.counts = counts;
        this.certificates = certificates;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (MetricsPage.Certificate each : certificates) {
            Gauge.builder(
                            MeterNames.TLS_NOT_AFTER.name(),
                            each.notAfterMillis(),
                            millis -> millis.getAsLong() / MILLIS_PER_SECOND)
                    .description(MeterNames.TLS_NOT_AFTER.help())
                    .tag(MeterNames.ROLE, each.of().label())
                    .strongReference(true)
                    .register(registry);
        }
        for (Reloadable what : Reloadable.values()) {
            Series series = what.isTls() ? MeterNames.TLS_RELOADS : MeterNames.SECRET_RELOADS;
            for (ReloadResult result : ReloadResult.values()) {
                FunctionCounter.builder(series.name(), counts, all -> all.reloads(what, result))
                        .description(series.help())
                        .tag(what.isTls() ? MeterNames.ROLE : MeterNames.SECRET, what.label())
                        .tag(MeterNames.RESULT, result.label())
                        .register(registry);
            }
        }
    }
}
