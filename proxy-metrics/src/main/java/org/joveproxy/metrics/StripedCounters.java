package org.joveproxy.metrics;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Many counters that event loops add to all the time.
 *
 * <p>Any thread may call any method; adding takes no lock and, but for the first time of a thread, allocates nothing.
 * Memory is bounded, and grows with the number of threads that count.
 */
final class StripedCounters {
    // Each thread counts in a stripe of its own, whose counters stay in its core's cache. If there are more threads,
    // some share one, which costs time, never a count.
    private static final int MOST_STRIPES = 128;

    /** Keeps the ends of two stripes out of one cache line. */
    private static final int PADDING = 16;

    private static final FastThreadLocal<Integer> MY_STRIPE = new NextStripe();

    private final int length;
    private final AtomicReferenceArray<@Nullable AtomicLongArray> stripes = new AtomicReferenceArray<>(MOST_STRIPES);

    /** {@code length} counters at 0. */
    StripedCounters(int length) {
        this.length = length;
    }

    /** The counters for this thread to add to. Worth keeping for as long as it counts one event, and no longer. */
    AtomicLongArray mine() {
        int stripe = MY_STRIPE.get();
        AtomicLongArray known = stripes.getAcquire(stripe);
        return known == null ? begin(stripe) : known;
    }

    private AtomicLongArray begin(int stripe) {
        AtomicLongArray fresh = new AtomicLongArray(length + PADDING);
        AtomicLongArray other = stripes.compareAndExchange(stripe, null, fresh);
        return other == null ? fresh : other;
    }

    /** All of them. What is counted meanwhile may be in one and not yet in another. */
    long[] sums() {
        long[] sums = new long[length];
        for (int i = 0; i < MOST_STRIPES; i++) {
            AtomicLongArray stripe = stripes.getAcquire(i);
            if (stripe != null) {
                for (int k = 0; k < length; k++) {
                    sums[k] += stripe.get(k);
                }
            }
        }
        return sums;
    }

    /** Gives each thread that asks for the first time the stripe after that of the one before. */
    private static final class NextStripe extends FastThreadLocal<Integer> {
        private final AtomicInteger threads = new AtomicInteger();

        @Override
        protected Integer initialValue() {
            return threads.getAndIncrement() & (MOST_STRIPES - 1);
        }
    }
}
