package org.joveproxy.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntFunction;
import org.joveproxy.metrics.Exemplars.Exemplar;
import org.jspecify.annotations.Nullable;

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

    /** No exemplars yet for any of its buckets. */
    Exemplars newExemplars() {
        return new Exemplars(stride * several);
    }

    /**
     * Counts a duration in the histogram {@code which}; a clock that went backwards counts as 0.
     *
     * @return the place of its bucket among exemplars
     */
    int record(AtomicLongArray counters, int which, long nanos) {
        long duration = Math.max(0, nanos);
        int base = which * stride;
        int place = base + buckets.of(duration);
        counters.getAndAdd(first + place, 1);
        counters.getAndAdd(first + base + stride - 1, duration);
        return place;
    }

    /** Whether the histogram {@code which} has counted anything. */
    boolean isUsed(long[] sums, int which) {
        int base = first + which * stride;
        return Arrays.stream(sums, base, base + stride - 1).anyMatch(count -> count > 0);
    }

    /** Writes the histogram {@code which}, whose head is written already. */
    void writeTo(PageWriter page, Series series, long[] sums, int which, String... labelValues) {
        write(page, series, sums, bucket -> null, which, labelValues);
    }

    /** Writes the histogram {@code which} with what {@code exemplars} has of it, where the page's format has exemplars. */
    void writeTo(PageWriter page, Series series, long[] sums, Exemplars exemplars, int which, String... labelValues) {
        write(page, series, sums, bucket -> exemplars.at(which * stride + bucket), which, labelValues);
    }

    private void write(
            PageWriter page,
            Series series,
            long[] sums,
            IntFunction<@Nullable Exemplar> exemplars,
            int which,
            String... labelValues) {
        int base = first + which * stride;
        page.histogram(
                series,
                buckets,
                Arrays.copyOfRange(sums, base, base + stride - 1),
                sums[base + stride - 1],
                exemplars,
                labelValues);
    }
}
