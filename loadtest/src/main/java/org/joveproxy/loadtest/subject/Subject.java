package org.joveproxy.loadtest.subject;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy that runs: its process, its ports, its log. It knows of the proxy only what configurable-http-proxy's flags and
 * REST API promise.
 *
 * <p>Any thread may call any method. Whatever happens, {@link #close} or the end of this JVM ends the process and its
 * children, by their ids.
 */
public final class Subject implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final long PROBE_NANOS = 5_000_000;

    private final Recipe recipe;
    private final long startedAt;
    private final Process process;
    private final SubjectLog log;
    private final MemoryLimit memory;
    private final Thread whenWeEnd;

    private Subject(Recipe recipe, long startedAt, Process process, SubjectLog log, MemoryLimit memory) {
        this.recipe = recipe;
        this.startedAt = startedAt;
        this.process = process;
        this.log = log;
        this.memory = memory;
        this.whenWeEnd = new Thread(this::end, "end-" + recipe.name);
        Runtime.getRuntime().addShutdownHook(whenWeEnd);
    }

    /** All that it takes to start the same proxy once more. */
    private record Recipe(
            String name,
            List<String> commandLine,
            Map<String, String> environment,
            long memoryBytes,
            Path logFile,
            int publicPort,
            int apiPort,
            String token) {}

    /**
     * Starts a proxy and waits until it accepts on both its ports.
     *
     * @param target the default target and, with {@code /hub/error}, the error target: the hub's address
     * @param flags of this start, after the tool's own and before those of {@code options}
     * @param logFile gets all that it writes
     */
    public static Subject start(
            SubjectCommand command, SubjectOptions options, String target, List<String> flags, Path logFile)
            throws SubjectException {
        int publicPort = Ports.free();
        int apiPort = Ports.free();
        List<String> words = new ArrayList<>(command.words());
        Collections.addAll(
                words,
                "--ip",
                "127.0.0.1",
                "--port",
                Integer.toString(publicPort),
                "--api-ip",
                "127.0.0.1",
                "--api-port",
                Integer.toString(apiPort),
                "--default-target",
                target,
                "--error-target",
                target + "/hub/error");
        words.addAll(flags);
        words.addAll(options.flags());
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        Map<String, String> environment = new HashMap<>(options.environment());
        environment.putIfAbsent("CONFIGPROXY_AUTH_TOKEN", token);
        return launch(new Recipe(
                        command.name(),
                        List.copyOf(words),
                        Map.copyOf(environment),
                        options.memoryBytes(),
                        logFile,
                        publicPort,
                        apiPort,
                        token))
                .awaited();
    }

    /**
     * Starts the same command once more, with the same ports, token and log file, and waits until it accepts on both ports.
     * This one must have ended.
     */
    public Subject again() throws SubjectException {
        return launch(recipe).awaited();
    }

    /** Starts the same command once more and kills it after {@code life}, wherever it is by then. */
    public void stumble(Duration life) throws SubjectException, InterruptedException {
        try (Subject stumbling = launch(recipe)) {
            Thread.sleep(life.toMillis());
            stumbling.kill();
        }
    }

    private static Subject launch(Recipe recipe) throws SubjectException {
        MemoryLimit memory = MemoryLimit.of(recipe.memoryBytes);
        ProcessBuilder builder = new ProcessBuilder(memory.around(recipe.commandLine));
        builder.redirectErrorStream(true);
        builder.environment().putAll(recipe.environment);
        SubjectLog log = new SubjectLog(recipe.logFile);
        try {
            long startedAt = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            log.follow(process.getInputStream());
            return new Subject(recipe, startedAt, process, log, memory);
        } catch (IOException e) {
            memory.close();
            throw new SubjectException(recipe.name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private Subject awaited() throws SubjectException {
        try {
            awaitPort(recipe.publicPort);
            awaitPort(recipe.apiPort);
            return this;
        } catch (SubjectException e) {
            close();
            throw e;
        }
    }

    private void awaitPort(int port) throws SubjectException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!accepts(port)) {
            if (!process.isAlive()) {
                throw new SubjectException(
                        recipe.name + " ended with " + process.exitValue() + " while starting:\n" + log.lastLines());
            }
            if (System.nanoTime() > deadline) {
                throw new SubjectException(recipe.name + " does not accept on port " + port + " (expected: within "
                        + START_LIMIT.toSeconds() + " s):\n" + log.lastLines());
            }
            LockSupport.parkNanos(PROBE_NANOS);
        }
    }

    private static boolean accepts(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(Loopback.port(port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public String name() {
        return recipe.name;
    }

    /** The command with all its flags. */
    public List<String> commandLine() {
        return recipe.commandLine;
    }

    /** {@link System#nanoTime} just before the command was executed. */
    public long startedAt() {
        return startedAt;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public SubjectLog log() {
        return log;
    }

    /** What was done to limit its memory, for the report. */
    public String memoryLimit() {
        return memory.told();
    }

    /** Whether a memory limit was asked for and is in force. */
    public boolean hasMemoryLimit() {
        return memory.isApplied();
    }

    public int publicPort() {
        return recipe.publicPort;
    }

    public int apiPort() {
        return recipe.apiPort;
    }

    /** What the REST API asks for. */
    public String token() {
        return recipe.token;
    }

    /** Ends the process and its children as a crash does, by SIGKILL, and waits until it is gone. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Ends the process and its children: SIGTERM, and SIGKILL after five seconds. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(whenWeEnd);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook with it
        }
    }

    private void end() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        memory.close();
    }
}
