package org.joveproxy.store.shared;

import java.time.Duration;

/**
 * Notices that this process stood still (stopped, or starved of processors). It wakes up with requests that others have
 * done meanwhile, and with an old table.
 *
 * <p>Any thread may ask {@link #isBehind}; all else is confined to the thread that follows the store, which looks at the
 * clock several times a second.
 */
final class Standstill {
    private static final Duration LIMIT = Duration.ofMillis(1500);
    // What lies in the sockets is read in far less.
    private static final Duration SETTLING = Duration.ofMillis(500);

    private volatile long lookedNanos = System.nanoTime();
    private volatile boolean isNoticed;
    private long awokeNanos;

    /** The thread is at work from now on. */
    void begin() {
        lookedNanos = System.nanoTime();
    }

    /** Looks at the clock and answers what it shows, in nanoseconds. */
    long look() {
        long now = System.nanoTime();
        if (isOver(now)) {
            awokeNanos = now;
            isNoticed = true;
        }
        lookedNanos = now;
        return now;
    }

    private boolean isOver(long now) {
        return now - lookedNanos > LIMIT.toNanos();
    }

    /** Whether there was a standstill that is not made up for, noticed or not. */
    boolean isBehind() {
        return isNoticed || isOver(System.nanoTime());
    }

    /** Whether a look has shown a standstill that is not made up for. */
    boolean isNoticed() {
        return isNoticed;
    }

    /** Whether there was time enough since to read what lay in the sockets. */
    boolean hasSettled() {
        return !isNoticed || System.nanoTime() - awokeNanos > SETTLING.toNanos();
    }

    /** The table is new again. */
    void madeUpFor() {
        isNoticed = false;
    }
}
