package org.joveproxy.store.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.store.journal.ChangeQueue.Batch;
import org.joveproxy.store.journal.ChangeQueue.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Restores what was kept. Then it writes what is queued into the file, all that has come meanwhile in one commit, and the
 * times of last use now and then. At the start, and when writing fails, it makes a new file of the whole table as soon as it
 * can; when a file has grown, it makes a new one piece by piece.
 *
 * <p>Confined to its thread.
 */
final class JournalWriter implements Runnable {
    // A change waits for so many looks at most.
    private static final int LOOKS = 500;

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
    private @Nullable String looked;
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
            if ((isDue(lookNanos) && renewal == null) || isLast) {
                keepActivity(isLast);
                if (looked == null) {
                    lookNanos = System.nanoTime() + pace.activity().toNanos();
                }
            }
            if (file == null && (isDue(retryNanos) || isLast)) {
                startAnew();
            } else if (!isLast) {
                renew(batch.changes());
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
            batch.forEach(open::write);
            open.commit();
            kept(batch, start);
        } catch (IOException | RuntimeException | AssertionError e) {
            owed.addAll(batch);
            fail(open, e);
        }
    }

    /** Looks at some routes, or at all that are left, and keeps the times when they were last used. */
    private void keepActivity(boolean all) {
        RouteFile open = file;
        if (open != null) {
            try {
                do {
                    looked = open.touchPiece(looked, LOOKS, changes.table());
                } while (all && looked != null);
                if (looked == null) {
                    open.commit();
                }
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
        looked = null;
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

    /** Takes the making of a new file one step further, if there is reason for one; {@code batch} is in the old one. */
    private void renew(List<Change> batch) {
        RouteFile open = file;
        if (open == null || (renewal == null && !(open.isWasteful() && isDue(renewalNanos)))) {
            return;
        }
        try {
            if (renewal == null) {
                renewal = new Renewal(directory, defaultTarget, open, changes.table());
            } else {
                renewal.follow(batch);
            }
            if (renewal.step()) {
                file = renewal.file();
                renewal = null;
                closeBeside(open);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            // The old file is as good as before, only larger than it should be.
            health.staysLarge(e);
            giveUpRenewal();
            renewalNanos = System.nanoTime() + pace.lastRetry().toNanos();
        }
    }

    /** Closes a file that has been replaced: the system frees all of it then, for which no change should wait. */
    private static void closeBeside(RouteFile old) {
        Thread thread = new Thread(old::abandon, "jove-journal-old");
        thread.setDaemon(true);
        thread.start();
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
