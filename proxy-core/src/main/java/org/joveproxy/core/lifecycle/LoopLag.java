package org.joveproxy.core.lifecycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How late the regular task of an event loop came, each time: so long would have waited whatever happened at that moment.
 *
 * <p>Only the loop counts; any thread may read.
 */
public final class LoopLag {
    // One writer, so a counter needs no atomic addition; see LoopTally.
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private static final long[] BOUNDS = {
        millis(1),
        millis(2),
        millis(5),
        millis(10),
        millis(25),
        millis(50),
        millis(100),
        millis(250),
        millis(500),
        millis(1_000),
        millis(2_500),
        millis(5_000),
        millis(10_000)
    };
    private static final int SUM = BOUNDS.length + 1;

    private final long[] counts = new long[SUM + 1];

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** The longest lag that each count but the last counts, in nanoseconds. */
    public static long[] boundsInNanos() {
        return BOUNDS.clone();
    }

    /** The task comes {@code nanos} late. */
    void late(long nanos) {
        int i = 0;
        while (i < BOUNDS.length && nanos > BOUNDS[i]) {
            i++;
        }
        COUNT.setRelease(counts, i, counts[i] + 1);
        COUNT.setRelease(counts, SUM, counts[SUM] + nanos);
    }

    /** Adds what was counted to {@code sums}, which are laid out as here. */
    private void addTo(long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (long) COUNT.getAcquire(counts, i);
        }
    }

    /** What {@code all} counted together. */
    static Totals totals(Iterable<LoopLag> all) {
        long[] sums = new long[SUM + 1];
        all.forEach(each -> each.addTo(sums));
        return new Totals(Arrays.copyOf(sums, SUM), sums[SUM]);
    }

    /**
     * What was counted up to a moment.
     *
     * <p>Immutable: the counts are never changed after construction.
     */
    public static final class Totals {
        private final long[] counts;
        private final long sumNanos;

        private Totals(long[] counts, long sumNanos) {
            this.counts = counts;
            this.sumNanos = sumNanos;
        }

        /** How often the lag was within each bound and beyond the one before, and last how often it was longer than all. */
        public long[] counts() {
            return counts.clone();
        }

        /** All lags together. */
        public long sumNanos() {
            return sumNanos;
        }
    }
}
