package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.joveproxy.core.testing.LoggedLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of routes when the disk takes nothing. */
class JournalFailureTest {
    private static final String ALARM = "would not survive";
    private static final String ALL_CLEAR = "again";
    private static final String STAYS_LARGE = "larger than it should be";
    private static final int MIB = 1 << 20;
    private static final int ROUTES = 450;

    @TempDir
    private Path temporary;

    private Path directory;
    private LoggedLines log;

    @BeforeEach
    void listen() {
        directory = temporary.resolve("state");
        log = LoggedLines.of(Journal.class.getName());
    }

    @AfterEach
    void unmount() throws Exception {
        log.close();
        if (Files.exists(temporary.resolve("volume"))) {
            run("umount", temporary.resolve("volume").toString());
        }
    }

    private JournalUnderTest journal() throws IOException {
        return new JournalUnderTest(directory, null, JournalUnderTest.FAST);
    }

    /** A volume of its own, which only the superuser can mount. */
    private Path volume(String options) throws Exception {
        Path volume = Files.createDirectory(temporary.resolve("volume"));
        boolean isMounted = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", volume.toString()) == 0;
        if (!isMounted) {
            Files.delete(volume);
        }
        assumeTrue(isMounted, "mounting a volume needs a superuser");
        directory = volume.resolve("state");
        return volume;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void assertWorksAgain(JournalUnderTest under) {
        await().until(() -> under.journal.status().isWorking());
        assertThat(under.journal.status().detail()).isEmpty();
    }

    private void assertToldOnce() {
        assertThat(log.with(ALARM)).hasSize(1);
        assertThat(log.with(ALL_CLEAR)).hasSize(1);
    }

    @Test
    void aRemovedDirectoryIsMadeAnewByTheNextChange() throws IOException {
        try (var under = journal()) {
            under.put("zoe", 1);
            under.put("eve", 1);
            delete(directory);
            under.remove("/user/eve");
            under.put("adam", 2);
            assertThat(under.notKept).hasValue(0);
            assertWorksAgain(under);
        }
        assertToldOnce();
        try (var again = journal()) {
            assertThat(again.targets()).containsOnlyKeys("/user/zoe", "/user/adam");
        }
    }

    @Test
    void aRemovedFileIsMadeAnewWithoutAnyChange() throws IOException {
        try (var under = journal()) {
            under.put("zoe", 1);
            Files.delete(directory.resolve("routes.mv"));
            await().until(() -> Files.exists(directory.resolve("routes.mv")));
            assertWorksAgain(under);
        }
        try (var again = journal()) {
            assertThat(again.targets()).containsOnlyKeys("/user/zoe");
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> below = Files.walk(root)) {
            for (Path path : below.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void onAFullDiskRoutesGoOnInMemoryUntilThereIsRoom() throws Exception {
        Path filler = volume("size=512k").resolve("filler");
        try (var under = journal()) {
            under.put("zoe", 1);
            under.put("eve", 1);
            fill(filler);
            int puts = 0;
            while (under.notKept.get() == 0) {
                under.put("user-" + puts++, 1 + puts);
            }
            under.remove("/user/eve");
            assertThat(under.targets()).hasSize(1 + puts);
            assertThat(under.journal.status().isWorking()).isFalse();
            assertThat(under.journal.status().hasRoutes()).isTrue();
            assertThat(under.journal.status().detail())
                    .isEqualTo("routes are not kept: " + directory.resolve("routes.mv") + ": No space left on device");

            Files.delete(filler);
            assertWorksAgain(under);
            assertToldOnce();
            Map<String, String> now = under.targets();
            Path copy = Files.createDirectory(temporary.resolve("copy"));
            Files.copy(directory.resolve("routes.mv"), copy.resolve("routes.mv"));
            directory = copy;
            try (var again = journal()) {
                assertThat(again.targets()).isEqualTo(now).doesNotContainKey("/user/eve");
            }
        }
    }

    @Test
    void aDiskWithoutRoomForTheNewFileGoesOnWithTheOldOne() throws Exception {
        Path filler = volume("size=16m").resolve("filler");
        String more = "x".repeat(4000);
        try (var under = journal()) {
            for (int i = 0; i < ROUTES; i++) {
                under.put(under.route("user-" + i, 1).withData(Map.of("user", "user-" + i, "more", more)));
            }
            Path file = directory.resolve("routes.mv");
            // There is room for changes, and for less than a third of the new file.
            try (var out = new RandomAccessFile(filler.toFile(), "rw")) {
                out.write(new byte[16 * MIB - (8 * MIB + MIB / 2)]);
            }
            int changes = 0;
            while (log.with(STAYS_LARGE).isEmpty()) {
                under.put("other-" + changes % ROUTES, 2);
                changes++;
                assertThat(changes).isLessThan(10_000);
            }
            assertThat(under.journal.status().isWorking()).isTrue();
            under.put("late", 3);
            under.remove("/user/user-1");
            assertThat(under.notKept).hasValue(0);
            Map<String, String> now = under.targets();
            assertThat(inACopy()).isEqualTo(now).containsKey("/user/late").doesNotContainKey("/user/user-1");

            Files.delete(filler);
            await().until(() -> Files.size(file) < 8 * MIB);
            assertThat(inACopy()).isEqualTo(now);
            assertThat(log.with(ALARM)).isEmpty();
        }
    }

    private Map<String, String> inACopy() throws IOException {
        Path copy = Files.createTempDirectory(temporary, "copy");
        Files.copy(directory.resolve("routes.mv"), copy.resolve("routes.mv"));
        try (var under = new JournalUnderTest(copy)) {
            assertThat(under.journal.lostRoutes()).isFalse();
            return under.targets();
        }
    }

    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    @Test
    void fromAReadOnlyVolumeRoutesAreRestored() throws Exception {
        Path volume = volume("size=1m");
        try (var first = journal()) {
            first.put("zoe", 1);
        }
        assertThat(run("mount", "-o", "remount,ro", volume.toString())).isZero();
        try (var under = journal()) {
            assertThat(under.targets()).containsOnlyKeys("/user/zoe");
            assertThat(under.journal.status().isWorking()).isFalse();
            assertThat(under.journal.lostRoutes()).isFalse();
            under.put("adam", 2);
            assertThat(under.notKept).hasValue(1);
            assertThat(run("mount", "-o", "remount,rw", volume.toString())).isZero();
            assertWorksAgain(under);
        }
        assertToldOnce();
        try (var again = journal()) {
            assertThat(again.targets()).containsOnlyKeys("/user/zoe", "/user/adam");
        }
    }

    @Test
    void withoutADirectoryTheProxyStartsAllTheSame() throws IOException {
        Files.writeString(directory, "in the way");
        try (var under = new JournalUnderTest(directory.resolve("below"), "http://hub:1", JournalUnderTest.FAST)) {
            under.put("zoe", 1);
            assertThat(under.targets()).containsOnlyKeys("/", "/user/zoe");
            assertThat(under.journal.status().isWorking()).isFalse();
            assertThat(under.notKept).hasValue(1);
            Files.delete(directory);
            await().until(() -> under.journal.status().isWorking());
        }
        assertToldOnce();
        directory = directory.resolve("below");
        try (var again = journal()) {
            assertThat(again.targets()).containsOnlyKeys("/user/zoe");
        }
    }

    @Test
    void whenAnotherProxyHasTakenTheDirectoryOverItKeepsIt() throws IOException {
        try (var first = journal()) {
            first.put("zoe", 1);
            delete(directory);
            try (var second = journal()) {
                second.put("adam", 1);
                first.put("zoe", 2);
                assertThat(first.notKept).hasValue(1);
                assertThat(first.journal.status().detail()).contains("another proxy uses it");
                assertThat(second.journal.status().isWorking()).isTrue();
            }
            assertWorksAgain(first);
        }
        try (var again = journal()) {
            assertThat(again.targets()).containsOnlyKeys("/user/zoe");
        }
    }
}
