package org.joveproxy.metrics;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/**
 * The series that a Micrometer registry holds: the JVM's and our own.
 *
 * <p>Any thread may call any method.
 */
final class MicrometerSeries implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    MicrometerSeries(List<MeterBinder> own) {
        own.forEach(meters -> meters.bindTo(registry));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    void writeTo(TextFormat page) {
        page.append(registry.scrape(TextFormat.CONTENT_TYPE));
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
