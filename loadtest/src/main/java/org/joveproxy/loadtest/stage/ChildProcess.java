package org.joveproxy.loadtest.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A peer in a process of its own, so that it can be stopped and killed as processes are. Any thread may call any method. The
 * process ends with {@link #close} and with this JVM.
 */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Thread whenWeEnd;

    private ChildProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.whenWeEnd = new Thread(process::destroyForcibly, "end-child");
        Runtime.getRuntime().addShutdownHook(whenWeEnd);
    }

    /** Starts {@code main} of this program in a small JVM. */
    public static ChildProcess start(Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(List.of(arguments));
        return new ChildProcess(new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line that it writes. */
    public String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("child process: ended (expected: a line)");
        }
        return line;
    }

    /** Stops it, as Ctrl-Z does: its sockets stay, and nobody reads them. */
    public void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + ": exit code " + code);
        }
    }

    /** Kills it, also when it is stopped. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            Runtime.getRuntime().removeShutdownHook(whenWeEnd);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook with it
        }
    }
}
