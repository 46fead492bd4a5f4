package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a file that is not as it was written. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class JournalDamageTest {
    private static final int PIECE = 64;
    private static final int BLOCK = 4096;

    @TempDir
    private Path temporary;

    private Path directory;
    private Path file;

    /** A file as it was at first and after each change, with the routes that were acknowledged by then. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Moment(byte[] bytes, Map<String, String> routes) {}

    @BeforeEach
    void findADirectory() throws IOException {
        directory = Files.createDirectory(temporary.resolve("state"));
        file = directory.resolve("routes.mv");
    }

    private List<Moment> history(int changes) throws IOException {
        Path origin = Files.createTempDirectory(temporary, "origin");
        List<Moment> moments = new ArrayList<>();
        try (var under = new JournalUnderTest(origin)) {
            await().until(() -> Files.exists(origin.resolve("routes.mv")));
            moments.add(new Moment(Files.readAllBytes(origin.resolve("routes.mv")), Map.of()));
            for (int i = 0; i < changes; i++) {
                if (i % 4 == 3) {
                    under.remove("/user/" + (i - 3));
                } else {
                    under.put("" + i, 1 + i);
                }
                moments.add(new Moment(Files.readAllBytes(origin.resolve("routes.mv")), under.targets()));
            }
        }
        return moments;
    }

    /** Opens a journal whose file is {@code bytes}, and returns its routes. */
    private Map<String, String> opened(byte[] bytes) throws IOException {
        for (Path old : files()) {
            Files.delete(old);
        }
        Files.write(file, bytes);
        Map<String, String> routes;
        try (var under = new JournalUnderTest(directory)) {
            routes = under.targets();
            assertThat(under.journal.status().isWorking()).isTrue();
            assertThat(under.journal.lostRoutes()).isEqualTo(!unreadable().isEmpty());
            under.put("new", 1);
        }
        try (var again = new JournalUnderTest(directory)) {
            assertThat(again.routes.size()).isEqualTo(routes.size() + 1);
            assertThat(again.targets()).containsAllEntriesOf(routes).containsKey("/user/new");
        }
        return routes;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private List<Path> unreadable() throws IOException {
        return files().stream()
                .filter(path -> path.getFileName().toString().contains("unreadable"))
                .toList();
    }

    private void assertOneOf(List<Moment> history, Map<String, String> routes) throws IOException {
        if (!routes.isEmpty() || unreadable().isEmpty()) {
            assertThat(history.stream().map(Moment::routes)).contains(routes);
        }
    }

    @Test
    void ofAFileThatWasCutOffAllComesBackThatWasBefore() throws IOException {
        List<Moment> history = history(14);
        byte[] whole = history.get(history.size() - 1).bytes;
        for (int length = 0; length <= whole.length; length += 512) {
            int cut = length;
            Map<String, String> expected = history.stream()
                    .filter(moment -> moment.bytes.length <= cut)
                    .reduce((earlier, later) -> later)
                    .map(Moment::routes)
                    .orElse(Map.of());
            assertThat(opened(Arrays.copyOf(whole, cut))).isEqualTo(expected);
        }
    }

    @Test
    void aFileWithWrongBytesIsAsItWasOnceOrIsSetAside() throws IOException {
        List<Moment> history = history(14);
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = history.get(random.nextInt(history.size())).bytes.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            assertOneOf(history, opened(bytes));
        }
    }

    /** Power is lost while a commit is on its way to the disk, which writes blocks in any order. */
    @Test
    void ofATornCommitNothingIsSeenAndAllThatWasBefore() throws IOException {
        List<Moment> history = history(16);
        for (int i = 1; i < history.size(); i++) {
            Moment before = history.get(i - 1);
            Moment after = history.get(i);
            List<Integer> blocks = differentBlocks(before.bytes, after.bytes);
            assertThat(blocks).hasSizeBetween(1, 7);
            for (int written = 0; written < 1 << blocks.size(); written++) {
                Map<String, String> routes = opened(torn(before.bytes, after.bytes, blocks, written));
                assertThat(routes).isIn(before.routes, after.routes);
            }
        }
    }

    private static List<Integer> differentBlocks(byte[] before, byte[] after) {
        List<Integer> blocks = new ArrayList<>();
        for (int at = 0; at < after.length; at += BLOCK) {
            if (at + BLOCK > before.length || !Arrays.equals(before, at, at + BLOCK, after, at, at + BLOCK)) {
                blocks.add(at);
            }
        }
        return blocks;
    }

    private static byte[] torn(byte[] before, byte[] after, List<Integer> blocks, int written) {
        byte[] bytes = Arrays.copyOf(before, Math.max(before.length, after.length));
        for (int i = 0; i < blocks.size(); i++) {
            if ((written & 1 << i) != 0) {
                System.arraycopy(after, blocks.get(i), bytes, blocks.get(i), BLOCK);
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"/\": {}}", "H:2,block:2,blockSize:1000,chunk:1,format:99,fletcher:1\n"})
    void aForeignFileIsSetAsideAsItIs(String text) throws IOException {
        Files.writeString(file, text);
        try (var under = new JournalUnderTest(directory)) {
            assertThat(under.targets()).isEmpty();
            assertThat(under.journal.lostRoutes()).isTrue();
            assertThat(under.journal.status().isWorking()).isTrue();
            assertThat(under.journal.status().detail())
                    .contains("could not be read")
                    .contains("unreadable-");
            under.clock.addAndGet(TimeUnit.MINUTES.toMillis(11));
            assertThat(under.journal.status().detail()).isEmpty();
        }
        assertThat(unreadable())
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasContent(text));
    }

    /** What comes from an earlier commit is nowhere but in memory and in a file that nobody reads again. */
    @Test
    void whatIsLeftOfADamagedFileIsWrittenAtOnce() throws IOException {
        byte[] whole = history(6).get(6).bytes;
        int rescued = 0;
        for (int at = whole.length - 4 * BLOCK; at < whole.length; at += PIECE) {
            for (Path old : files()) {
                Files.delete(old);
            }
            byte[] bytes = whole.clone();
            Arrays.fill(bytes, at, at + PIECE, (byte) 0x55);
            Files.write(file, bytes);
            try (var under = new JournalUnderTest(directory)) {
                if (under.journal.lostRoutes()) {
                    await().until(() -> Files.exists(file));
                    assertThat(inACopy()).isEqualTo(under.targets());
                    rescued += under.routes.size();
                }
            }
        }
        assertThat(rescued).isPositive();
    }

    private Map<String, String> inACopy() throws IOException {
        Path copy = Files.createTempDirectory(temporary, "copy");
        Files.copy(file, copy.resolve("routes.mv"));
        try (var under = new JournalUnderTest(copy)) {
            return under.targets();
        }
    }

    @Test
    void aDirectoryInThePlaceOfTheFileIsSetAside() throws IOException {
        Files.createDirectories(file.resolve("sub"));
        try (var under = new JournalUnderTest(directory)) {
            under.put("zoe", 1);
        }
        assertThat(unreadable()).hasSize(1);
        assertThat(file).isRegularFile();
    }

    @Test
    void theFileOfAnotherProgramIsSetAside() throws IOException {
        try (MVStore store = new MVStore.Builder().fileName(file.toString()).open()) {
            store.openMap("table").put("a", "b");
        }
        byte[] bytes = Files.readAllBytes(file);
        try (var under = new JournalUnderTest(directory)) {
            assertThat(under.journal.status().detail()).contains("not written by this proxy");
        }
        assertThat(unreadable())
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasBinaryContent(bytes));
    }

    @Test
    void aFileOfALaterFormatIsSetAsideAsItIs() throws IOException {
        try (var under = new JournalUnderTest(directory)) {
            under.put("zoe", 1);
        }
        try (MVStore store = new MVStore.Builder().fileName(file.toString()).open()) {
            store.openMap(
                            "journal",
                            new MVMap.Builder<String, String>()
                                    .keyType(Text.TYPE)
                                    .valueType(Text.TYPE))
                    .put("format", "3");
        }
        byte[] bytes = Files.readAllBytes(file);
        try (var under = new JournalUnderTest(directory)) {
            assertThat(under.targets()).isEmpty();
            assertThat(under.journal.status().detail()).contains("format: 3 (expected: <= 2)");
        }
        assertThat(unreadable())
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasBinaryContent(bytes));
    }

    @Test
    void onlyTheLatestOfTheFilesSetAsideAreKept() throws IOException {
        for (int i = 0; i < 6; i++) {
            Files.writeString(file, "no. " + i);
            var under = new JournalUnderTest(directory);
            under.close();
        }
        assertThat(unreadable()).extracting(Files::readString).containsExactlyInAnyOrder("no. 3", "no. 4", "no. 5");
    }

    @Test
    void aFileThatEndedThreeProcessesIsNotReadAgain() throws IOException {
        try (var under = new JournalUnderTest(directory)) {
            under.put("zoe", 1);
        }
        Path note = directory.resolve("routes.lock");
        Files.write(note, "1\n2\n".getBytes(StandardCharsets.UTF_8));
        try (var under = new JournalUnderTest(directory)) {
            assertThat(under.targets()).containsOnlyKeys("/user/zoe");
        }
        assertThat(note).content().endsWith("\n0\n");
        Files.write(note, "1\n3\n".getBytes(StandardCharsets.UTF_8));
        try (var under = new JournalUnderTest(directory)) {
            assertThat(under.targets()).isEmpty();
            assertThat(under.journal.lostRoutes()).isTrue();
        }
    }
}
