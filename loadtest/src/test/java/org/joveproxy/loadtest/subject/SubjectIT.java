package org.joveproxy.loadtest.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.joveproxy.loadtest.kernel.ProcessTree;
import org.joveproxy.loadtest.kernel.Side;
import org.joveproxy.loadtest.kernel.Watcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as people write them: the proxy itself, one that does not want to end, one in a wrapper. */
class SubjectIT {
    private static final String TARGET = "http://127.0.0.1:9";

    @TempDir
    private Path folder;

    private Subject start(String... wrapper) throws SubjectException {
        List<String> words = new ArrayList<>(List.of(wrapper));
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.joveproxy.loadtest.LeakyProxy"));
        return Subject.start(
                new SubjectCommand("tiny", words),
                SubjectOptions.NONE,
                TARGET,
                List.of("--more"),
                folder.resolve("log"));
    }

    private static boolean isGone(long pid) {
        return ProcessHandle.of(pid).isEmpty();
    }

    @Test
    void aSubjectGetsItsAddressesAndTargets() throws SubjectException {
        try (Subject subject = start()) {
            assertThat(subject.commandLine())
                    .containsSubsequence("--ip", "127.0.0.1", "--port", Integer.toString(subject.publicPort()))
                    .containsSubsequence("--api-ip", "127.0.0.1", "--api-port", Integer.toString(subject.apiPort()))
                    .containsSubsequence("--default-target", TARGET, "--error-target", TARGET + "/hub/error", "--more");
            assertThat(subject.token()).hasSize(32);
            assertThat(subject.isAlive()).isTrue();
        }
    }

    @Test
    void oneThatIgnoresSigtermIsKilled() throws SubjectException {
        Subject subject = start("/bin/sh", "-c", "trap '' TERM; exec \"$@\"", "sh");
        subject.close();
        assertThat(isGone(subject.pid())).isTrue();
    }

    @Test
    void oneInAWrapperIsWatchedAndEndedWithIt() throws SubjectException {
        Subject subject = start("/bin/sh", "-c", "\"$@\"; true", "sh");
        List<Long> processes = ProcessTree.of(subject.pid());
        assertThat(processes).hasSizeGreaterThan(1).startsWith(subject.pid());
        try (Watcher watcher = new Watcher(subject.pid(), () -> new Side(1, 2, Map.of()), Duration.ofMinutes(1))) {
            assertThat(watcher.look().rssMib()).isGreaterThan(10); // more than any shell
        }
        subject.close();
        for (long pid : processes) {
            Awaitility.await().until(() -> isGone(pid));
        }
    }

    @Test
    void oneThatWasKilledStartsAgainInItsPlace() throws Exception {
        try (Subject first = start()) {
            first.kill();
            assertThat(isGone(first.pid())).isTrue();
            try (Subject second = first.again()) {
                assertThat(second.isAlive()).isTrue();
                assertThat(second.pid()).isNotEqualTo(first.pid());
                assertThat(second.startedAt()).isGreaterThan(first.startedAt());
                assertThat(second.commandLine()).isEqualTo(first.commandLine());
                assertThat(second.publicPort()).isEqualTo(first.publicPort());
                assertThat(second.token()).isEqualTo(first.token());
            }
        }
    }

    @Test
    void oneThatStumblesLeavesNothingBehind() throws Exception {
        try (Subject subject = start()) {
            subject.kill();
            subject.stumble(Duration.ofMillis(20));
            String port = " " + subject.publicPort() + " ";
            assertThat(ProcessHandle.allProcesses())
                    .noneMatch(
                            process -> process.info().commandLine().orElse("").contains(port));
        }
    }

    @Test
    void whatItWritesIsKept() throws Exception {
        SubjectLog log = new SubjectLog(folder.resolve("log"));
        Process echo = new ProcessBuilder("/bin/echo", "1 [ConfigProxy] warn: kept").start();
        log.follow(echo.getInputStream()).join(30_000);
        assertThat(Files.readAllLines(folder.resolve("log")).stream().collect(Collectors.joining()))
                .isEqualTo("1 [ConfigProxy] warn: kept");
        assertThat(log.count().warn()).isEqualTo(1);
    }
}
