package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

class StripedCountersTest {
    private static final int LOOPS = 64;

    private final StripedCounters counters = new StripedCounters(3);

    @Test
    void eachOfManyLoopsCountsInAStripeOfItsOwn() throws Exception {
        Set<AtomicLongArray> stripes = Collections.newSetFromMap(new IdentityHashMap<>());

        for (int i = 0; i < LOOPS; i++) {
            stripes.add(countOnANewThread());
        }

        assertThat(stripes).hasSize(LOOPS);
        assertThat(counters.sums()).containsExactly(0, LOOPS, 0);
    }

    @Test
    void aThreadKeepsItsStripe() {
        assertThat(counters.mine()).isSameAs(counters.mine());
    }

    @Test
    void nothingIsLostWhenThereAreMoreThreadsThanStripes() throws Exception {
        Set<AtomicLongArray> stripes = Collections.newSetFromMap(new IdentityHashMap<>());

        for (int i = 0; i < 300; i++) {
            stripes.add(countOnANewThread());
        }

        assertThat(stripes).hasSizeLessThan(300);
        assertThat(counters.sums()).containsExactly(0, 300, 0);
    }

    private AtomicLongArray countOnANewThread() throws InterruptedException {
        AtomicLongArray[] stripe = new AtomicLongArray[1];
        // Between them other threads begin, as they do in a proxy.
        Thread other = new Thread(() -> {});
        Thread loop = new Thread(() -> {
            stripe[0] = counters.mine();
            stripe[0].getAndIncrement(1);
        });
        other.start();
        loop.start();
        other.join();
        loop.join();
        return stripe[0];
    }
}
