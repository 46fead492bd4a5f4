package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.subject.Daemon;
import org.joveproxy.loadtest.subject.Loopback;

/** Starts servers from Debian's packages, and waits until they accept. Any thread may call it. */
final class Servers {
    private static final long STARTS_WITHIN = TimeUnit.SECONDS.toNanos(60);
    private static final int LAST_LINES = 20;

    private Servers() {}

    /**
     * Starts a command and waits until {@code port} accepts.
     *
     * @param prefix put before {@code command}, to run it on certain cores
     * @param log gets all that it writes
     */
    static Contender.DaemonStarted start(
            List<String> prefix, List<String> command, Map<String, String> environment, int port, Path log)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(prefix);
        words.add(Daemon.find(command.get(0)));
        words.addAll(command.subList(1, command.size()));
        Lines lines = new Lines(log);
        long startedAt = System.nanoTime();
        List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
        Daemon daemon = Daemon.start(words.get(0), arguments, environment, lines::add);
        long deadline = System.nanoTime() + STARTS_WITHIN;
        while (!accepts(port)) {
            if (!daemon.isAlive() || System.nanoTime() > deadline) {
                daemon.close();
                throw new IOException(
                        String.join(" ", words) + ": does not accept (expected: port " + port + ")\n" + lines.last());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return new Contender.DaemonStarted(daemon, port, startedAt, words);
    }

    private static boolean accepts(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(Loopback.port(port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What a server wrote: all in a file, the last lines also here. This object's monitor guards it. */
    private static final class Lines {
        private final Path file;
        private final Deque<String> last = new ArrayDeque<>();

        Lines(Path file) {
            this.file = file;
        }

        synchronized void add(String line) {
            last.addLast(line);
            if (last.size() > LAST_LINES) {
                last.removeFirst();
            }
            try {
                Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                System.err.println(file + ": " + e);
            }
        }

        synchronized String last() {
            return String.join("\n", last);
        }
    }
}
