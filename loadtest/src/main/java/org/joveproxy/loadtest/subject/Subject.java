package org.joveproxy.loadtest.subject;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
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

    private final String name;
    private final List<String> commandLine;
    private final Process process;
    private final SubjectLog log;
    private final MemoryLimit memory;
    private final int publicPort;
    private final int apiPort;
    private final String token;
    private final Thread whenWeEnd;

    private Subject(
            String name,
            List<String> commandLine,
            Process process,
            SubjectLog log,
            MemoryLimit memory,
            int publicPort,
            int apiPort,
            String token) {
        this.name = name;
        this.commandLine = List.copyOf(commandLine);
        this.process = process;
        this.log = log;
        this.memory = memory;
        this.publicPort = publicPort;
        this.apiPort = apiPort;
        this.token = token;
        this.whenWeEnd = new Thread(this::end, "end-" + name);
        Runtime.getRuntime().addShutdownHook(whenWeEnd);
    }

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
        MemoryLimit memory = MemoryLimit.of(options.memoryBytes());
        ProcessBuilder builder = new ProcessBuilder(memory.around(words));
        builder.redirectErrorStream(true);
        builder.environment().put("CONFIGPROXY_AUTH_TOKEN", token);
        builder.environment().putAll(options.environment());
        SubjectLog log = new SubjectLog(logFile);
        Subject subject;
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            log.follow(process.getInputStream());
            subject = new Subject(command.name(), words, process, log, memory, publicPort, apiPort, token);
        } catch (IOException e) {
            memory.close();
            throw new SubjectException(command.name() + " cannot be started: " + e.getMessage(), e);
        }
        try {
            subject.awaitPort(publicPort);
            subject.awaitPort(apiPort);
        } catch (SubjectException e) {
            subject.close();
            throw e;
        }
        return subject;
    }

    private void awaitPort(int port) throws SubjectException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!accepts(port)) {
            if (!process.isAlive()) {
                throw new SubjectException(
                        name + " ended with " + process.exitValue() + " while starting:\n" + log.lastLines());
            }
            if (System.nanoTime() > deadline) {
                throw new SubjectException(name + " does not accept on port " + port + " (expected: within "
                        + START_LIMIT.toSeconds() + " s):\n" + log.lastLines());
            }
            LockSupport.parkNanos(20_000_000);
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
        return name;
    }

    /** The command with all its flags. */
    public List<String> commandLine() {
        return commandLine;
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
        return publicPort;
    }

    public int apiPort() {
        return apiPort;
    }

    /** What the REST API asks for. */
    public String token() {
        return token;
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
