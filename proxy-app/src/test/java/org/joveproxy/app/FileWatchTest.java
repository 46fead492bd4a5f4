package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.testing.LoggedLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that hold words, of which "bad" is refused. */
final class FileWatchTest {
    private static final Duration FAST = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final ProxyObserver observer = new ProxyObserver() {
        @Override
        public void reloaded(Reloadable what, ReloadResult result) {
            heard.add(what.label() + " " + result.label());
        }
    };
    private Path file = Path.of("");
    private LoggedLines log = LoggedLines.of(FileWatch.class.getName());

    @BeforeEach
    void fill() throws IOException {
        log.close();
        log = LoggedLines.of(FileWatch.class.getName());
        file = Files.writeString(folder.resolve("word"), "first");
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    private FileWatch watch(Duration pace) {
        List<Path> files = List.of(file);
        WatchedFiles watched = new WatchedFiles(Reloadable.API_TOKEN, files, FileContents.of(files), this::take);
        return FileWatch.start(List.of(watched), observer, pace);
    }

    private String take() throws RefusedException {
        try {
            String word = Files.readString(file);
            if (word.startsWith("bad")) {
                throw new RefusedException("a bad word");
            }
            taken.add(word);
            return word;
        } catch (IOException e) {
            throw new RefusedException("unreadable", e);
        }
    }

    private void write(String word) throws IOException {
        Files.move(
                Files.writeString(folder.resolve("fresh"), word),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aChangeIsTakenOnce() throws Exception {
        try (FileWatch watch = watch(FAST)) {
            write("second");

            await().until(() -> !heard.isEmpty());
            await().during(Duration.ofMillis(200)).until(() -> taken.size() == 1);
            assertThat(taken).containsExactly("second");
            assertThat(heard).containsExactly("api_token taken");
            assertThat(log.with("The token of the REST API was read again and is in force: second"))
                    .hasSize(1);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whatIsRefusedIsToldOnceAndTriedAgainLater() throws Exception {
        // At this pace a minute's looks are 3000: what is seen here is that there is no second try soon.
        try (FileWatch watch = watch(FAST)) {
            write("bad");

            await().until(() -> !heard.isEmpty());
            await().during(Duration.ofMillis(300)).until(() -> heard.size() == 1);
            assertThat(heard).containsExactly("api_token refused");
            assertThat(log.with("what was in force stays so: a bad word")).hasSize(1);
            assertThat(taken).isEmpty();

            write("good");
            await().until(() -> heard.contains("api_token taken"));
            assertThat(taken).containsExactly("good");
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whatIsRefusedAndTakenBackIsNoTroubleAnyMore() throws Exception {
        try (FileWatch watch = watch(FAST)) {
            write("bad");
            await().until(() -> !heard.isEmpty());

            write("first");

            await().until(() -> !log.with("hold again what is in force").isEmpty());
            assertThat(taken).isEmpty();
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aFileThatIsBeingWrittenIsLeftAlone() throws Exception {
        try (FileWatch watch = watch(Duration.ofMillis(300))) {
            long end = System.nanoTime() + Duration.ofMillis(1500).toNanos();
            int words = 0;
            while (System.nanoTime() < end) {
                words++;
                write("word " + words);
            }
            String last = "word " + words;

            await().until(() -> !taken.isEmpty());
            assertThat(taken).containsExactly(last);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whoAsksNeedNotWait() throws Exception {
        try (FileWatch watch = watch(NEVER)) {
            write("second");
            watch.lookNow();

            await().until(() -> heard.contains("api_token taken"));
            watch.lookNow();

            await().until(() -> !log.with("the files have not changed").isEmpty());
            assertThat(taken).containsExactly("second");
        }
    }

    @Test
    void whoAsksIsToldOfEveryRefusal() throws Exception {
        try (FileWatch watch = watch(NEVER)) {
            write("bad");
            watch.lookNow();
            watch.lookNow();

            await().until(() -> log.with("a bad word").size() == 2);
            assertThat(heard).containsExactly("api_token refused", "api_token refused");
        }
    }

    @Test
    void whereNothingIsWatchedThereIsNoThread() {
        try (FileWatch watch = FileWatch.start(List.of(), observer, FAST)) {
            watch.lookNow();

            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("jove-reload");
            assertThat(log.with("none of a key, a certificate, a token or a password is in use"))
                    .hasSize(1);
        }
    }
}
