package org.joveproxy.store.journal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.SafeObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.store.RouteJson;
import org.joveproxy.store.StoredData;

/**
 * Keeps routes in a file on this machine: a change is in force at once, and on the disk before its future completes. When
 * the disk takes nothing, changes go on in memory, the futures complete as well, {@link #status} says so, and the file is
 * made anew as soon as that works.
 *
 * <p>Any thread may call any method, an event loop's too: nothing waits for the disk but {@link #open},
 * {@link #awaitRoutes} and {@link #close}.
 * The futures complete on the thread {@code jove-journal}, which must not be held up.
 */
public final class Journal implements RouteStore {
    private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final ChangeQueue changes;
    private final Health health;
    private final CompletableFuture<Void> restored;
    private final Thread thread;

    private Journal(ChangeQueue changes, Health health, JournalWriter writer) {
        this.changes = changes;
        this.health = health;
        this.restored = writer.restored();
        this.thread = new Thread(writer, "jove-journal");
        thread.setDaemon(true);
    }

    /**
     * Claims the directory, and begins to restore all kept routes into {@code routes} beside the calling thread, each as
     * last used when it was. Then the default route is put in force: unless the hub has put another one at the root, for a
     * command line that named the same default. {@link #awaitRoutes} waits for all that; no change is taken before.
     *
     * <p>A file that cannot be read is renamed; one that cannot be written is an alarm. Neither keeps the proxy from
     * starting.
     *
     * @param observer hears what is kept
     * @param clock milliseconds since 1970
     * @throws IOException when another process has the file; the message is for operators
     */
    public static Journal open(JournalConfig config, RouteTable routes, ProxyObserver observer, LongSupplier clock)
            throws IOException {
        return open(config, routes, observer, clock, Pace.USUAL);
    }

    static Journal open(JournalConfig config, RouteTable routes, ProxyObserver observer, LongSupplier clock, Pace pace)
            throws IOException {
        JournalDirectory directory = new JournalDirectory(config.directory());
        Health health = new Health(directory.file(), clock);
        Beginning beginning = new Beginning(directory, config.defaultTarget(), routes, health, clock.getAsLong());
        beginning.claim(pace.patience().toNanos());
        ChangeQueue changes = new ChangeQueue(routes);
        Journal journal = new Journal(
                changes,
                health,
                new JournalWriter(
                        beginning,
                        changes,
                        directory,
                        Beginning.nameOf(config.defaultTarget()),
                        new SafeObserver(observer),
                        health,
                        pace));
        journal.thread.start();
        return journal;
    }

    /** Waits until all routes that were kept are in force, and changes can be made. */
    public void awaitRoutes() {
        restored.join();
    }

    @Override
    public CompletableFuture<Void> put(Route route) {
        // The table holds the text that the file needs anyway, which takes less memory than the fields.
        Route kept = route.withData(new StoredData(RouteJson.dataBytes(route)));
        return changes.put(kept).thenAccept(replaced -> {});
    }

    @Override
    public CompletableFuture<Boolean> remove(String path) {
        return changes.remove(path);
    }

    @Override
    public StoreStatus status() {
        return restored.isDone() ? health.status() : health.reading();
    }

    /** Whether routes that were kept once may not have come back at the start, so that the hub should be asked. */
    public boolean lostRoutes() {
        return health.hasLost();
    }

    @Override
    public void close() {
        changes.close();
        try {
            // A process that ends while it reads the file counts as ended by the file.
            restored.exceptionally(failure -> null).join();
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
