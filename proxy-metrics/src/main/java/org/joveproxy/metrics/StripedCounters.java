package org.joveproxy.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Many counters that event loops add to all the time.
 *
 * <p>Any thread may call any method; adding takes no lock and allocates nothing. Memory is fixed at construction.
 */
final class StripedCounters {
    // Each thread counts in the stripe that its id picks. Event loops have consecutive ids and so a stripe each, whose
    // counters stay in their core's cache. A shared stripe costs time, never a count.
    private static final int MAX_STRIPES = 8;

    /** Keeps the ends of two stripes out of one cache line. */
    private static final int PADDING = 16;

    private final int length;
    private final AtomicLongArray[] stripes;

    /** {@code length} counters at 0. */
    StripedCounters(int length) {
        this.length = length;
        int wanted = Math.min(MAX_STRIPES, Runtime.getRuntime().availableProcessors());
        stripes = new AtomicLongArray[Integer.highestOneBit(Math.max(1, 2 * wanted - 1))];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new AtomicLongArray(length + PADDING);
        }
    }

    /** The counters for this thread to add to. Worth keeping for as long as it counts one event, and no longer. */
    AtomicLongArray mine() {
        return stripes[(int) Thread.currentThread().getId() & (stripes.length - 1)];
    }

    /** Adds {@code n} to the counter at {@code index}. */
    void add(int index, long n) {
        mine().getAndAdd(index, n);
    }

    /** The counter at {@code index}. */
    long sum(int index) {
        long sum = 0;
        for (AtomicLongArray stripe : stripes) {
            sum += stripe.get(index);
        }
        return sum;
    }

    /** All of them. What is counted meanwhile may be in one and not yet in another. */
    long[] sums() {
        long[] sums = new long[length];
        for (AtomicLongArray stripe : stripes) {
            for (int i = 0; i < length; i++) {
                sums[i] += stripe.get(i);
            }
        }
        return sums;
    }
}
