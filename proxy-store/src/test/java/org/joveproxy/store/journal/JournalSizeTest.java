package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalSizeTest {
    private static final long MOST_BYTES = 9 << 20;
    private static final int CHANGES = 40_000;
    private static final int USERS = 2000;
    private static final int AT_ONCE = 8;

    @TempDir
    private Path directory;

    @Test
    void theFileStaysSmallAndWholeHoweverOftenRoutesChange() throws Exception {
        Map<String, String> table;
        int renewals = 0;
        try (var under = new JournalUnderTest(directory, null, JournalUnderTest.FAST)) {
            Random random = new Random(3);
            Semaphore places = new Semaphore(AT_ONCE);
            long before = 0;
            for (int i = 0; i < CHANGES; i++) {
                places.acquire();
                String user = "user-" + random.nextInt(USERS);
                var change = random.nextInt(3) == 0
                        ? under.journal.remove("/user/" + user)
                        : under.journal.put(under.route(user, 1 + random.nextInt(60_000)));
                change.whenComplete((had, failure) -> places.release());
                if (i % 100 == 99) {
                    long bytes = size();
                    assertThat(bytes).isLessThan(MOST_BYTES);
                    renewals += bytes < before ? 1 : 0;
                    before = bytes;
                }
            }
            places.acquire(AT_ONCE);
            table = under.targets();
        }
        assertThat(renewals).isGreaterThan(1);
        try (var again = new JournalUnderTest(directory)) {
            assertThat(again.targets()).isEqualTo(table);
        }
    }

    private long size() throws IOException {
        Path file = directory.resolve("routes.mv");
        await().until(() -> Files.exists(file));
        return Files.size(file);
    }
}
