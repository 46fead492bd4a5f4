package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process while it changes routes, again and again, and looks for what it had acknowledged. */
class JournalCrashTest {
    private static final int ROUNDS = 20;

    @TempDir
    private Path directory;

    private final Random random = new Random(11);
    // The port that each path leads to, 0 for none: what was acknowledged last, and what was asked for since.
    private final Map<String, Integer> kept = new HashMap<>();
    private final Map<String, Integer> asked = new HashMap<>();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingAcknowledgedIsLostAndNothingElseIsThere() throws Exception {
        int acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged += runAndKill(round);
            try (var under = new JournalUnderTest(directory)) {
                assertThat(under.journal.lostRoutes()).isFalse();
                compare(under.targets());
            }
        }
        assertThat(acknowledged).isGreaterThan(ROUNDS);
    }

    /** Lets a child run for a while; every fourth is killed as it starts. Returns how many changes it acknowledged. */
    private int runAndKill(int round) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalChild.class.getName(),
                        directory.toString(),
                        "" + round))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Not the process's own method, which closes its output with what is still in it.
        ProcessHandle handle = child.toHandle();
        int acknowledged = 0;
        try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
            int enough = 1 + random.nextInt(400);
            if (round % 4 == 3) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                handle.destroyForcibly();
            }
            String line;
            while ((line = lines.readLine()) != null) {
                acknowledged += note(line);
                if (acknowledged == enough) {
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(3000));
                    handle.destroyForcibly();
                }
            }
        } finally {
            handle.destroyForcibly();
            child.waitFor();
        }
        return acknowledged;
    }

    private int note(String line) {
        String[] words = line.split(" ", -1);
        if (words.length < 3) {
            return 0;
        }
        int port = Integer.parseInt(words[2]);
        if (words[0].equals("asked")) {
            asked.put(words[1], port);
            return 0;
        }
        asked.remove(words[1]);
        kept.put(words[1], port);
        return 1;
    }

    private void compare(Map<String, String> found) {
        for (int thread = 0; thread < JournalChild.THREADS; thread++) {
            for (int user = 0; user < JournalChild.USERS_EACH; user++) {
                String path = "/user/" + thread + "-" + user;
                String target = found.getOrDefault(path, "http://127.0.0.1:0");
                int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
                int before = kept.getOrDefault(path, 0);
                assertThat(port).as(path).isIn(before, asked.getOrDefault(path, before));
                kept.put(path, port);
            }
        }
        asked.clear();
    }
}
