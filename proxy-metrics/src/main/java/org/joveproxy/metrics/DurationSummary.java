package org.joveproxy.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations of something that happens all the time, from which quantiles over the whole life can be read.
 *
 * <p>Any thread may call any method; recording takes no lock and allocates nothing. Memory is fixed at construction.
 */
final class DurationSummary {
    // Buckets are linear within a power of two: 32 for each, so a value read back is at most 1/64 = 1.6 % away from one
    // recorded. From 2^42 ns (73 minutes) on everything falls into the last bucket.
    private static final int SUB_BITS = 5;
    private static final int SUB_COUNT = 1 << SUB_BITS;
    private static final int MAX_BITS = 42;
    private static final int BUCKETS = (MAX_BITS - SUB_BITS + 1) * SUB_COUNT;
    private static final int SUM = BUCKETS;

    private final StripedCounters counters = new StripedCounters(BUCKETS + 1);

    /** Counts one duration; a clock that went backwards counts as 0. */
    void record(long nanos) {
        long duration = Math.max(0, nanos);
        AtomicLongArray mine = counters.mine();
        mine.getAndAdd(SUM, duration);
        mine.getAndIncrement(bucket(duration));
    }

    /**
     * What was recorded until now.
     *
     * <p>Race: a duration that is being recorded meanwhile may be in the sum and not yet in the count. Count and
     * quantiles always agree with each other.
     */
    Snapshot snapshot() {
        long[] counts = counters.sums();
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            count += counts[i];
        }
        return new Snapshot(counts, count, counts[SUM]);
    }

    private static int bucket(long nanos) {
        if (nanos < SUB_COUNT) {
            return (int) nanos;
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(nanos);
        if (bits > MAX_BITS) {
            return BUCKETS - 1;
        }
        int shift = bits - SUB_BITS - 1;
        return (shift << SUB_BITS) + (int) (nanos >>> shift);
    }

    /** The middle of a bucket, in nanoseconds. */
    private static double middle(int bucket) {
        if (bucket < SUB_COUNT) {
            return bucket;
        }
        int shift = (bucket >>> SUB_BITS) - 1;
        long lowest = (long) (SUB_COUNT + (bucket & (SUB_COUNT - 1))) << shift;
        return lowest + ((1L << shift) - 1) / 2.0;
    }

    /**
     * The durations recorded up to a moment.
     *
     * <p>Immutable: the counts are never changed after construction.
     */
    static final class Snapshot {
        private final long[] counts;
        private final long count;
        private final long sumNanos;

        private Snapshot(long[] counts, long count, long sumNanos) {
            this.counts = counts;
            this.count = count;
            this.sumNanos = sumNanos;
        }

        /** How many. */
        long count() {
            return count;
        }

        /** All of them together. */
        long sumNanos() {
            return sumNanos;
        }

        /** The duration that the part {@code quantile} of all does not exceed; 0 when there is none. */
        double quantileNanos(double quantile) {
            long wanted = Math.max(1, (long) Math.ceil(quantile * count));
            long seen = 0;
            for (int i = 0; i < BUCKETS; i++) {
                seen += counts[i];
                if (seen >= wanted) {
                    return middle(i);
                }
            }
            return 0;
        }
    }
}
