package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class JournalConcurrencyTest {
    private static final int THREADS = 8;
    private static final int CHANGES = 300;
    private static final int PATHS = 5;

    @TempDir
    private Path directory;

    /** Each waits for some of its changes and not for others, so that batches of all sizes come about. */
    @RepeatedTest(5)
    void whatIsInTheTableIsInTheFile() throws Exception {
        Map<String, String> table;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (var under = new JournalUnderTest(directory, null, JournalUnderTest.FAST)) {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                all.add(threads.submit(() -> {
                    start.await();
                    change(under, random);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            table = under.targets();
        } finally {
            threads.shutdownNow();
        }
        try (var again = new JournalUnderTest(directory)) {
            assertThat(again.targets()).isEqualTo(table);
        }
    }

    private static void change(JournalUnderTest under, Random random) {
        for (int i = 0; i < CHANGES; i++) {
            String user = "" + random.nextInt(PATHS);
            var change = random.nextInt(3) == 0
                    ? under.journal.remove("/user/" + user)
                    : under.journal.put(under.route(user, 1 + random.nextInt(60_000)));
            if (random.nextInt(4) == 0) {
                JournalUnderTest.done(change);
            }
        }
    }
}
