package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteTableConcurrencyTest {
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");

    private final RouteTable table = new RouteTable();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void everyThreadEnds() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noWriteOfManyWritersIsLost() throws Exception {
        int writers = 4;
        int each = 3_000;
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Callable<Void>> work = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            String prefix = "/user/" + writer + "-";
            work.add(() -> {
                start.await();
                for (int n = 0; n < each; n++) {
                    table.put(Route.of(prefix + n, TARGET, n));
                    if (n % 2 == 1) {
                        assertThat(table.remove(prefix + n)).isNotNull();
                    }
                }
                return null;
            });
        }

        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }

        assertThat(table.size()).isEqualTo(writers * each / 2);
        assertThat(table.all()).hasSize(writers * each / 2);
    }

    @Test
    void whatWasPutBeforeIsSeenByEveryThread() throws Exception {
        int rounds = 20_000;
        AtomicInteger announced = new AtomicInteger(-1);
        Callable<Integer> reader = () -> {
            int missing = 0;
            int seen = -1;
            while (seen < rounds - 1) {
                int now = announced.get();
                if (now > seen) {
                    seen = now;
                    Route route = table.resolve("/user/u" + now + "/lab");
                    missing += route != null && route.path().equals("/user/u" + now) ? 0 : 1;
                }
            }
            return missing;
        };
        List<Future<Integer>> readers = List.of(threads.submit(reader), threads.submit(reader));

        for (int n = 0; n < rounds; n++) {
            table.put(Route.of("/user/u" + n, TARGET, n));
            announced.set(n);
        }

        for (Future<Integer> missing : readers) {
            assertThat(missing.get(30, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void readersSeeWholeStates() throws Exception {
        // The writer moves one route to and fro below two branches, the new place first: in every state there is one
        // place or both, so a reader that lists the table never finds none.
        table.put(Route.of("/a/x", TARGET, 0));
        AtomicBoolean isDone = new AtomicBoolean();
        Callable<Integer> reader = () -> {
            int torn = 0;
            while (!isDone.get()) {
                int listed = table.all().size();
                torn += listed == 1 || listed == 2 ? 0 : 1;
            }
            return torn;
        };
        List<Future<Integer>> readers = List.of(threads.submit(reader), threads.submit(reader));

        for (int n = 0; n < 50_000; n++) {
            table.put(Route.of(n % 2 == 0 ? "/b/x" : "/a/x", TARGET, n));
            table.remove(n % 2 == 0 ? "/a/x" : "/b/x");
        }
        isDone.set(true);

        for (Future<Integer> torn : readers) {
            assertThat(torn.get(30, TimeUnit.SECONDS)).isZero();
        }
        assertThat(table.size()).isOne();
    }
}
