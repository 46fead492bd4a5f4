package org.joveproxy.store.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreUnavailableException;

/**
 * The changes that are in force and not yet kept, in the order in which they came into force.
 *
 * <p>Any thread may call any method; only {@link #take} and {@link #await} wait. One lock holds the table and the queue
 * together: it is held for one change of the table, never while anything is written. The queue is as long as its callers
 * are many, for each waits for the answer to its change.
 */
final class ChangeQueue {
    private final RouteTable routes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Change> waiting = new ArrayList<>();
    private boolean isOpen;
    private boolean hasOwnRoot;
    private boolean isClosed;

    /** Of changes to {@code routes}. None is taken before it is {@linkplain #open opened}. */
    ChangeQueue(RouteTable routes) {
        this.routes = routes;
    }

    /** Takes changes from now on. The root is the command line's when {@code ownRoot}, and never kept then. */
    void open(boolean ownRoot) {
        lock.lock();
        try {
            isOpen = true;
            hasOwnRoot = ownRoot;
        } finally {
            lock.unlock();
        }
    }

    /** Changes waiting to be kept, and whether they are the last. */
    record Batch(List<Change> changes, boolean isLast) {}

    /** All routes that have to be kept, with the changes that made them so and nobody has taken yet. */
    record Snapshot(Collection<Route> routes, List<Change> changes) {}

    CompletableFuture<Boolean> put(Route route) {
        lock.lock();
        try {
            if (!isOpen || isClosed) {
                return refused();
            }
            Route replaced = routes.put(route);
            return queued(new Change(route.path(), route, replaced != null));
        } finally {
            lock.unlock();
        }
    }

    CompletableFuture<Boolean> remove(String path) {
        lock.lock();
        try {
            if (!isOpen || isClosed) {
                return refused();
            }
            Route removed = routes.remove(path);
            return queued(new Change(RoutePath.clean(path), null, removed != null));
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Boolean> queued(Change change) {
        if (change.path().equals(RoutePath.ROOT)) {
            hasOwnRoot = false;
        }
        waiting.add(change);
        arrived.signal();
        return change.kept();
    }

    private CompletableFuture<Boolean> refused() {
        String why = isClosed ? "the journal is closed" : "the journal is still being read";
        return CompletableFuture.failedFuture(new StoreUnavailableException(why));
    }

    /** Waits for changes, for the end or for {@code nanos} to pass, and hands over all changes there are. */
    Batch take(long nanos) {
        lock.lock();
        try {
            awaitNews(nanos);
            return new Batch(drained(), isClosed);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for changes, for the end or for {@code nanos} to pass. */
    void await(long nanos) {
        lock.lock();
        try {
            awaitNews(nanos);
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews(long nanos) {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (waiting.isEmpty() && !isClosed && left > 0) {
            try {
                left = arrived.awaitNanos(left);
            } catch (InterruptedException e) {
                // Nobody interrupts the writer; whoever does it all the same must not have it miss a change.
                left = end - System.nanoTime();
            }
        }
    }

    /** Takes all changes together with the table that they have led to; it may have newer ones, still queued, too. */
    Snapshot snapshot() {
        List<Change> taken;
        boolean isRootKept;
        lock.lock();
        try {
            taken = drained();
            isRootKept = !hasOwnRoot;
        } finally {
            lock.unlock();
        }
        Collection<Route> all = routes.all();
        return new Snapshot(isRootKept ? all : withoutRoot(all), taken);
    }

    private static List<Route> withoutRoot(Collection<Route> all) {
        return all.stream()
                .filter(route -> !route.path().equals(RoutePath.ROOT))
                .toList();
    }

    /** The routes in force; some of the changes that made them so may be in this queue. */
    RouteTable table() {
        return routes;
    }

    private List<Change> drained() {
        List<Change> drained = waiting;
        waiting = new ArrayList<>();
        return drained;
    }

    /** Takes no more changes from now on. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }
}
