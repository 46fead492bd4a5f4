package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

final class StatusCounterTest {
    private final StatusCounter counter = new StatusCounter();

    @Test
    void eachStatusHasItsOwnCount() {
        counter.increment(100);
        counter.increment(999);
        counter.increment(999);

        assertThat(counter.count(100)).isEqualTo(1);
        assertThat(counter.count(999)).isEqualTo(2);
        assertThat(counter.count(200)).isZero();
    }

    @Test
    void whatIsNoStatusMakesNoLabel() {
        for (int status : new int[] {Integer.MIN_VALUE, -1, 0, 99, 1000, Integer.MAX_VALUE}) {
            counter.increment(status);
        }
        PageWriter page = new PageWriter(PageFormat.TEXT);

        page.write(MeterNames.REQUESTS_PROXY, counter);

        assertThat(page.toString())
                .isEqualTo("# HELP requests_proxy Count of proxy requests\n# TYPE requests_proxy counter\n");
    }

    @Test
    void theFirstCountIsNotLostWhenManyThreadsMakeIt() throws InterruptedException {
        int threads = 4;
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            workers.add(new Thread(() -> {
                for (int status = StatusCounter.LOWEST; status <= StatusCounter.HIGHEST; status++) {
                    meet(together);
                    counter.increment(status);
                }
            }));
        }

        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }

        for (int status = StatusCounter.LOWEST; status <= StatusCounter.HIGHEST; status++) {
            assertThat(counter.count(status)).as("%d", status).isEqualTo(threads);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
