package org.joveproxy.app;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back to the system when a crowd has left.
 *
 * <p>A JVM that has little to do does not collect, and so holds what it took for the most connections there ever were, maybe
 * for hours. When half of them have gone and no more go, one collection is asked for; it is short, as little is alive then.
 * Has a thread of its own: with some collectors, whoever asks has to wait.
 */
final class MemoryReturn implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(MemoryReturn.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final long BETWEEN_NANOS = Duration.ofSeconds(15).toNanos();

    /** Fewer connections than these are not worth a collection; they take some two MiB. */
    private static final long CROWD = 500;

    private final LongSupplier openConnections;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "jove-memory");
        created.setDaemon(true);
        return created;
    });

    private long most;
    private long before;
    private long lastNanos;
    private boolean hasCollected;

    MemoryReturn(LongSupplier openConnections) {
        this.openConnections = openConnections;
    }

    /** Begins to look. */
    static MemoryReturn start(LongSupplier openConnections) {
        MemoryReturn started = new MemoryReturn(openConnections);
        started.thread.scheduleWithFixedDelay(
                started::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return started;
    }

    private void look() {
        long crowd = most;
        if (isDue(System.nanoTime())) {
            logger.debug("Giving memory back: {} connections are left of {}", before, crowd);
            System.gc();
        }
    }

    /** Whether to collect now; takes note of the answer. Called by one thread only. */
    boolean isDue(long nanos) {
        long open = openConnections.getAsLong();
        boolean stillLeaving = open < before - before / 20;
        before = open;
        most = Math.max(most, open);
        boolean hasLeft = most >= CROWD && open <= most / 2 && !stillLeaving;
        boolean isTooSoon = hasCollected && nanos - lastNanos < BETWEEN_NANOS;
        if (!hasLeft || isTooSoon) {
            return false;
        }
        most = open;
        lastNanos = nanos;
        hasCollected = true;
        return true;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
