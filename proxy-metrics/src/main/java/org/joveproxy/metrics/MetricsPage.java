package org.joveproxy.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
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
public final class MetricsPage implements AutoCloseable {
    private final MetricsObserver observer;
    private final Sources sources;
    private final ProcessSeries process = new ProcessSeries(Path.of("/proc"));
    private final DirectMemory directMemory = new DirectMemory();
    private final LedgerSeries ledger;
    private final StoreSeries store;
    private final ReloadSeries reloads;

    // Micrometer takes a tenth of a second to load: that belongs to the first page, not to the start of the proxy.
    private @Nullable MicrometerSeries ofJvm;

    /**
     * What a page tells of beside what was counted.
     *
     * @param build which proxy this is
     * @param bounds how near the proxy is to each of them
     * @param routeCount the size of the route table
     * @param routes has heard of every change of that table
     * @param sharing with whom the store is shared, or null when it is not
     * @param certificates those that the proxy shows
     */
    public record Sources(
            Build build,
            ConnectionLedger ledger,
            Bounds bounds,
            IntSupplier routeCount,
            RouteCounts routes,
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
     * Which proxy this is, and what it is made of.
     *
     * @param version the proxy's
     * @param transport how it speaks to the kernel
     * @param tls which implementation it prefers
     */
    public record Build(String version, String transport, String tls) {}

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
        this.sources = sources;
        ledger = new LedgerSeries(sources.ledger(), sources.bounds());
        store = new StoreSeries(observer, sources.store(), sources.restored(), sources.sharing());
        reloads = new ReloadSeries(observer, sources.certificates());
    }

    /** Renders the page. */
    public synchronized String render(PageFormat format) {
        MicrometerSeries last = ofJvm;
        if (last == null) {
            last = new MicrometerSeries();
            ofJvm = last;
        }
        PageWriter page = new PageWriter(format);
        process.writeTo(page);
        observer.writeTo(page);
        writeBuild(page);
        observer.writeRequestsTo(page);
        ledger.writeTo(page);
        page.write(MeterNames.ROUTES, sources.routeCount().getAsInt());
        sources.routes().writeTo(page);
        store.writeTo(page);
        reloads.writeTo(page);
        directMemory.writeTo(page);
        last.writeTo(page);
        return page.toString();
    }

    private void writeBuild(PageWriter page) {
        Build build = sources.build();
        page.begin(MeterNames.BUILD_INFO);
        page.sample(
                MeterNames.BUILD_INFO,
                1,
                Runtime.version().toString(),
                build.tls(),
                build.transport(),
                build.version());
    }

    /** Stops listening to the garbage collector. */
    @Override
    public synchronized void close() {
        if (ofJvm != null) {
            ofJvm.close();
            ofJvm = null;
        }
    }
}
