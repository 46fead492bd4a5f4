package org.joveproxy.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * The JVM's series, which Micrometer names and measures.
 *
 * <p>Any thread may call any method.
 */
final class MicrometerSeries implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    MicrometerSeries() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Writes them; nothing may follow, as their text ends the page. */
    void writeTo(PageWriter page) {
        page.append(registry.scrape(page.format().contentType()));
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
