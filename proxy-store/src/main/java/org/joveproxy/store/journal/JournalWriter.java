package org.joveproxy.store.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.store.journal.ChangeQueue.Batch;
import org.joveproxy.store.journal.ChangeQueue.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Restores what was kept. Then it writes what is queued into the file, all that has come meanwhile in one commit, and the times of last use now and then.
 * At the start, and when writing fails, it makes a new file of the whole table as soon as it can; when a file has grown,
 * it makes a new one piece by piece.
 *
 * <p>Confined to its thread.
 */
final class JournalWriter implements Runnable {
    private final Beginning beginning;
    private final CompletableFuture<Void> restored = new CompletableFuture<>();
    private final ChangeQueue changes;
    private final JournalDirectory directory;
    private final String defaultTarget;
    private final ProxyObserver observer;
    private final Health health;
    private final Pace pace;
    private final List<Change> owed = new ArrayList<>();
    private @Nullable RouteFile file;
    private @Nullable Renewal renewal;
    private Duration wait;
    private long retryNanos;
    private long lookNanos;
    private long renewalNanos;

    JournalWriter(
            Beginning beginning,
            ChangeQueue changes,
            JournalDirectory directory,
            String defaultTarget,
            ProxyObserver observer,
            Health health,
            Pace pace) {
        this.beginning = beginning;
        this.changes = changes;
        this.directory = directory;
        this.defaultTarget = defaultTarget;
        this.observer = observer;
        this.health = health;
        this.pace = pace;
        this.wait = pace.firstRetry();
        long now = System.nanoTime();
        this.retryNanos = now;
        this.renewalNanos = now;
        this.lookNanos = now + pace.activity().toNanos();
    }

    /** Completes when what was kept is in force. */
    CompletableFuture<Void> restored() {
        return restored;
    }

    @Override
    public void run() {
        restore();
        if (beginning.isKept()) {
            // All that is in force is on the disk, and the first clients want this machine more.
            changes.await(pace.settling().toNanos());
        }
        // Whatever may be wrong with the file that was read, a new one has it no longer.
        startAnew();
        boolean isLast = false;
        while (!isLast) {
            Batch batch = changes.take(untilNextDuty());
            isLast = batch.isLast();
            keep(batch.changes());
            if (isDue(lookNanos) || isLast) {
                keepActivity();
                lookNanos = System.nanoTime() + pace.activity().toNanos();
            }
            if (file == null && (isDue(retryNanos) || isLast)) {
                startAnew();
            } else if (!isLast) {
                renew();
            }
        }
        end();
    }

    private void restore() {
        try {
            beginning.restore();
            changes.open(beginning.hasOwnRoot());
            restored.complete(null);
        } catch (RuntimeException | Error e) {
            restored.completeExceptionally(e);
            throw e;
        }
    }

    private long untilNextDuty() {
        if (renewal != null) {
            return 0;
        }
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
                if (renewal != null) {
                    write(renewal.file(), change);
                }
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
                changes.routes().forEach(open::touch);
                open.commit();
            } catch (IOException | RuntimeException | AssertionError e) {
                fail(open, e);
            }
        }
    }

    private void fail(RouteFile open, Throwable failure) {
        health.fails(failure);
        giveUpRenewal();
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

    private void renew() {
        RouteFile open = file;
        if (open == null || (renewal == null && !(open.isWasteful() && isDue(renewalNanos)))) {
            return;
        }
        try {
            if (renewal == null) {
                renewal = new Renewal(directory, defaultTarget, open);
            }
            if (renewal.step()) {
                file = renewal.file();
                renewal = null;
                open.abandon();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            // The old file is as good as before, only larger than it should be.
            health.staysLarge(e);
            giveUpRenewal();
            renewalNanos = System.nanoTime() + pace.lastRetry().toNanos();
        }
    }

    private void giveUpRenewal() {
        if (renewal != null) {
            renewal.abandon();
            renewal = null;
        }
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
        giveUpRenewal();
        if (file != null) {
            file.abandon();
        }
        directory.close();
    }
}
