package org.joveproxy.loadtest.replicas;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.joveproxy.loadtest.subject.Daemon;
import org.joveproxy.loadtest.subject.Loopback;
import org.joveproxy.loadtest.subject.Ports;
import org.jspecify.annotations.Nullable;

/** A real redis-server with a folder of its own that may be killed and started again. Confined to the scenario's thread. */
final class RedisServer implements AutoCloseable {
    static final String COMMAND = "redis-server";

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(20);
    private static final int ANSWERS_WITHIN_MILLIS = 1000;

    private final int port = Ports.free();
    private final String fsync;
    private final Path log;
    private final Path data;
    private @Nullable Daemon daemon;

    /**
     * @param fsync as Redis's {@code appendfsync} has it
     * @param log gets all that it writes
     */
    RedisServer(String fsync, Path log) throws IOException {
        this.fsync = fsync;
        this.log = log;
        this.data = Files.createTempDirectory("loadtest-redis");
    }

    int port() {
        return port;
    }

    /** Starts it with what its folder holds, and waits until it answers. */
    void start() throws IOException, InterruptedException {
        daemon = Daemon.start(
                COMMAND,
                List.of(
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        data.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        fsync),
                this::keep);
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (!answers()) {
            if (System.nanoTime() > deadline || !daemon.isAlive()) {
                throw new IOException(COMMAND + ": no answer (expected: PONG), see " + log);
            }
            Thread.sleep(20);
        }
    }

    private void keep(String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println(log + ": " + e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(Loopback.port(port), ANSWERS_WITHIN_MILLIS);
            socket.setSoTimeout(ANSWERS_WITHIN_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+'; // an error while it reads its file begins with a minus
        } catch (IOException e) {
            return false;
        }
    }

    void kill() throws InterruptedException {
        if (daemon != null) {
            daemon.kill();
        }
    }

    /** Forgets all that it knew; it must not be running. */
    void lose() throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (daemon != null) {
            daemon.close();
        }
        lose();
        try (Stream<Path> folders = Files.walk(data)) {
            for (Path folder : folders.sorted((a, b) -> b.getNameCount() - a.getNameCount())
                    .toList()) {
                Files.delete(folder);
            }
        }
    }
}
