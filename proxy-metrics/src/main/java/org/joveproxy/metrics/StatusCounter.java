package org.joveproxy.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How often each HTTP status was answered. A status that never was has no counter.
 *
 * <p>Any thread may call any method; counting takes no lock. At most one counter for each status from 100 to 999.
 */
final class StatusCounter {
    static final int LOWEST = 100;
    static final int HIGHEST = 999;

    private final AtomicReferenceArray<@Nullable LongAdder> counters = new AtomicReferenceArray<>(HIGHEST - LOWEST + 1);

    /** Counts one answer. What no status line can hold is not counted, so the label has at most 900 values. */
    void increment(int status) {
        if (status < LOWEST || status > HIGHEST) {
            return;
        }
        LongAdder counter = counters.get(status - LOWEST);
        if (counter == null) {
            counter = begin(status);
        }
        counter.increment();
    }

    /** How often {@code status}, from 100 to 999, was counted. */
    long count(int status) {
        LongAdder counter = counters.get(status - LOWEST);
        return counter == null ? 0 : counter.sum();
    }

    private LongAdder begin(int status) {
        LongAdder fresh = new LongAdder();
        LongAdder known = counters.compareAndExchange(status - LOWEST, null, fresh);
        return known == null ? fresh : known;
    }
}
