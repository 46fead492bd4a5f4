package org.joveproxy.metrics;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.Bounds;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;
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
    private final List<MeterBinder> meters;

    // Micrometer takes a tenth of a second to load: that belongs to the first page, not to the start of the proxy.
    private @Nullable MicrometerSeries registered;

    /**
     * What a page tells of beside what was counted.
     *
     * @param bounds how near the proxy is to each of them
     * @param routeCount the size of the route table
     * @param sharing with whom the store is shared, or null when it is not
     * @param certificates those that the proxy shows
     */
    public record Sources(
            ConnectionLedger ledger,
            Bounds bounds,
            IntSupplier routeCount,
            RouteStore store,
            RestoredRoutes restored,
            @Nullable Sharing sharing,
            List<Certificate> certificates) {
        /** Copies the list. */
        public Sources {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * A certificate that the proxy shows.
     *
     * @param of the files that hold it
     * @param notAfterMillis until when it is valid, in milliseconds since 1970
     */
    public record Certificate(Reloadable of, LongSupplier notAfterMillis) {}

    /**
     * With whom a store of routes is shared.
     *
     * @param replicas how many there are, this one included
     * @param lag how many changes are known to exist that are not in force here yet
     */
    public record Sharing(IntSupplier replicas, LongSupplier lag) {}

    /** A page of what {@code observer} counted and of {@code sources}, the process and its JVM. */
    public MetricsPage(MetricsObserver observer, Sources sources) {
        this.observer = observer;
        meters = List.of(
                new LedgerGauges(sources.ledger(), sources.bounds(), sources.routeCount()),
                new StoreMeters(observer, sources.store(), sources.restored(), sources.sharing()),
                new ReloadMeters(observer, sources.certificates()));
    }

    /** Renders the page. */
    @Override
    public synchronized String get() {
        MicrometerSeries others = registered;
        if (others == null) {
            others = new MicrometerSeries(meters);
            registered = others;
        }
        TextFormat page = new TextFormat();
        process.writeTo(page);
        observer.writeTo(page);
        observer.writeStoreTo(page);
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
