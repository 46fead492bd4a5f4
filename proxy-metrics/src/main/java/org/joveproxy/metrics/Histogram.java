package org.joveproxy.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Where among striped counters those of a histogram are: of one, or of several that a label tells apart.
 *
 * <p>Immutable.
 */
final class Histogram {
    private final Buckets buckets;
    private final int first;
    private final int stride;
    private final int several;

    /**
     * @param first the index of the first counter
     * @param several how many histograms there are
     */
    Histogram(Buckets buckets, int first, int several) {
        this.buckets = buckets;
        this.first = first;
        this.stride = buckets.count() + 1;
        this.several = several;
    }

    /** The first index behind its counters. */
    int end() {
        return first + stride * several;
    }

    /** Counts a duration in the histogram {@code which}; a clock that went backwards counts as 0. */
    void record(AtomicLongArray counters, int which, long nanos) {
        long duration = Math.max(0, nanos);
        int base = first + which * stride;
        counters.getAndAdd(base + buckets.of(duration), 1);
        counters.getAndAdd(base + stride - 1, duration);
    }

    /** Whether the histogram {@code which} has counted anything. */
    boolean isUsed(long[] sums, int which) {
        int base = first + which * stride;
        return Arrays.stream(sums, base, base + stride - 1).anyMatch(count -> count > 0);
    }

    /** Writes the histogram {@code which}, whose head is written already. */
    void writeTo(PageWriter page, Series series, long[] sums, int which, String... labelValues) {
        int base = first + which * stride;
        page.histogram(
                series,
                buckets,
                Arrays.copyOfRange(sums, base, base + stride - 1),
                sums[base + stride - 1],
                labelValues);
    }
}
