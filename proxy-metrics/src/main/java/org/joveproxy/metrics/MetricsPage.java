package org.joveproxy.metrics;

import java.nio.file.Path;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.Bounds;
import org.jspecify.annotations.Nullable;

/**
 * All series as one page of text.
 *
 * <p>Any thread may call any method that may wait for the disk: {@code /proc} is read for each page. Pages are rendered
 * one at a time.
 */
public final class MetricsPage implements Supplier<String>, AutoCloseable {
    private final MetricsObserver observer;
    private final ProcessSeries process = new ProcessSeries(Path.of("/proc"));
    private final LedgerGauges gauges;

    // Micrometer takes a tenth of a second to load: that belongs to the first page, not to the start of the proxy.
    private @Nullable MicrometerSeries registered;

    /**
     * A page of what {@code observer} counted, what {@code ledger} holds, how near the proxy is to its {@code bounds} and
     * the size of the route table, beside what is known of the process and its JVM.
     */
    public MetricsPage(MetricsObserver observer, ConnectionLedger ledger, Bounds bounds, IntSupplier routeCount) {
        this.observer = observer;
        gauges = new LedgerGauges(ledger, bounds, routeCount);
    }

    /** Renders the page. */
    @Override
    public synchronized String get() {
        MicrometerSeries others = registered;
        if (others == null) {
            others = new MicrometerSeries(gauges);
            registered = others;
        }
        TextFormat page = new TextFormat();
        process.writeTo(page);
        observer.writeTo(page);
        others.writeTo(page);
        return page.toString();
    }

    /** Stops listening to the garbage collector. */
    @Override
    public synchronized void close() {
        if (registered != null) {
            registered.close();
            registered = null;
        }
    }
}
