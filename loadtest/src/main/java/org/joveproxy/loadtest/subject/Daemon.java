package org.joveproxy.loadtest.subject;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A server of the machine, Redis or HAProxy, in a process of its own. Any thread may call any method. The process ends with
 * {@link #close} and with this JVM.
 */
public final class Daemon implements AutoCloseable {
    private static final int STOPS_WITHIN_SECONDS = 5;

    private final Process process;
    private final Thread reader;
    private final Thread whenWeEnd;

    private Daemon(Process process, Thread reader) {
        this.process = process;
        this.reader = reader;
        this.whenWeEnd = new Thread(process::destroyForcibly, "end-daemon");
        Runtime.getRuntime().addShutdownHook(whenWeEnd);
    }

    /**
     * Starts {@code command}, a name that is looked for as the shell does it and where servers are kept.
     *
     * @param lines hears each line that it writes, on a thread of its own
     */
    public static Daemon start(String command, List<String> arguments, Consumer<String> lines) throws IOException {
        return start(command, arguments, Map.of(), lines);
    }

    /** The same, with {@code environment} added to that of this process. */
    public static Daemon start(
            String command, List<String> arguments, Map<String, String> environment, Consumer<String> lines)
            throws IOException {
        List<String> words = new ArrayList<>();
        words.add(find(command));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        Thread reader = new Thread(() -> follow(process, lines), "output-" + command);
        reader.setDaemon(true);
        reader.start();
        return new Daemon(process, reader);
    }

    /** The file of {@code command}, a name or a whole path. */
    public static String find(String command) throws IOException {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(command))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new IOException(command + ": not found (expected: Debian's package of it)"));
    }

    /** Whether {@code command} is there to be started. */
    public static boolean isInstalled(String command) {
        try {
            return !find(command).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static void follow(Process process, Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("closed")) { // the process was ended while we read
                throw new UncheckedIOException(e);
            }
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended and said all it had to say; false when it has not within the time. */
    public boolean hasEnded(long time, TimeUnit unit) throws InterruptedException {
        if (!process.waitFor(time, unit)) {
            return false;
        }
        reader.join();
        return true;
    }

    /** Ends it as a crash does, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        forget();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(whenWeEnd);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook with it
        }
    }
}
