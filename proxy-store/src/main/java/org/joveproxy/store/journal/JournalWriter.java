package org.joveproxy.store.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.store.journal.ChangeQueue.Batch;
import org.joveproxy.store.journal.ChangeQueue.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is queued into the file, all that has come meanwhile in one commit, and the times of last use now and then.
 * When that fails it makes a new file of the whole table as soon as it can.
 *
 * <p>Confined to its thread.
 */
final class JournalWriter implements Runnable {
    private final ChangeQueue changes;
    private final JournalDirectory directory;
    private final String defaultTarget;
    private final ProxyObserver observer;
    private final Health health;
    private final Pace pace;
    private final List<Change> owed = new ArrayList<>();
    private @Nullable RouteFile file;
    private Duration wait;
    private long retryNanos;
    private long lookNanos;

    JournalWriter(
            ChangeQueue changes,
            JournalDirectory directory,
            @Nullable RouteFile file,
            String defaultTarget,
            ProxyObserver observer,
            Health health,
            Pace pace) {
        this.changes = changes;
        this.directory = directory;
        this.file = file;
        this.defaultTarget = defaultTarget;
        this.observer = observer;
        this.health = health;
        this.pace = pace;
        this.wait = pace.firstRetry();
        long now = System.nanoTime();
        this.retryNanos = now + wait.toNanos();
        this.lookNanos = now + pace.activity().toNanos();
    }

    @Override
    public void run() {
        boolean isLast = false;
        while (!isLast) {
            Batch batch = changes.take(untilNextDuty());
            keep(batch.changes());
            if (isDue(lookNanos)) {
                keepActivity();
                lookNanos = System.nanoTime() + pace.activity().toNanos();
            }
            isLast = batch.isLast();
            if (file == null && (isLast || isDue(retryNanos))) {
                startAnew();
            }
        }
        end();
    }

    private long untilNextDuty() {
        long next = file == null && retryNanos - lookNanos < 0 ? retryNanos : lookNanos;
        return Math.max(0, next - System.nanoTime());
    }

    private static boolean isDue(long nanos) {
        return System.nanoTime() - nanos >= 0;
    }

    private void keep(List<Change> batch) {
        if (batch.isEmpty()) {
            return;
        }
        RouteFile open = file;
        if (open == null) {
            notKept(batch);
            return;
        }
        long start = System.nanoTime();
        try {
            for (Change change : batch) {
                write(open, change);
            }
            open.commit();
            kept(batch, start);
        } catch (IOException | RuntimeException | AssertionError e) {
            owed.addAll(batch);
            fail(open, e);
        }
    }

    private static void write(RouteFile file, Change change) {
        Route route = change.route();
        if (route == null) {
            file.remove(change.path());
        } else {
            file.put(route);
        }
    }

    private void keepActivity() {
        RouteFile open = file;
        if (open != null) {
            try {
                changes.keptRoutes().forEach(open::touch);
                open.commit();
            } catch (IOException | RuntimeException | AssertionError e) {
                fail(open, e);
            }
        }
    }

    private void fail(RouteFile open, Throwable failure) {
        health.fails(failure);
        open.abandon();
        file = null;
        wait = pace.firstRetry();
        // The first try comes at once: a new file may well be possible, and the callers still wait.
        retryNanos = System.nanoTime();
    }

    private void startAnew() {
        long start = System.nanoTime();
        Snapshot snapshot = changes.snapshot();
        owed.addAll(snapshot.changes());
        try {
            directory.claim(0);
            file = RouteFile.create(directory, defaultTarget, snapshot.routes());
            health.works();
            kept(owed, start);
        } catch (IOException | RuntimeException | AssertionError e) {
            health.fails(e);
            retryNanos = System.nanoTime() + wait.toNanos();
            wait = shorter(wait.multipliedBy(2), pace.lastRetry());
            notKept(owed);
        }
        owed.clear();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void kept(List<Change> batch, long startNanos) {
        int count = count(batch);
        if (count > 0) {
            observer.routesKept(count, System.nanoTime() - startNanos);
        }
        batch.forEach(Change::complete);
    }

    private void notKept(List<Change> batch) {
        int count = count(batch);
        if (count > 0) {
            observer.routesNotKept(count);
        }
        batch.forEach(Change::complete);
    }

    private static int count(List<Change> batch) {
        return (int) batch.stream().filter(Change::isOne).count();
    }

    private void end() {
        keepActivity();
        RouteFile open = file;
        if (open != null) {
            try {
                open.close();
            } catch (IOException | RuntimeException | AssertionError e) {
                health.fails(e);
                open.abandon();
            }
        }
        directory.close();
    }
}
