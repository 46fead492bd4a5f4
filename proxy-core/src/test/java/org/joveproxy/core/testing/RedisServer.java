package org.joveproxy.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real redis-server on a port and in a folder of its own. Tests that start one are left out where none is installed.
 *
 * <p>Confined to the test's thread.
 */
public final class RedisServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final int port;
    private final Path folder;
    private final List<Path> folders = new ArrayList<>();
    private final List<String> arguments;
    private Process process;

    private RedisServer(int port, Path folder, List<String> arguments) throws IOException {
        this.port = port;
        this.folder = folder;
        this.folders.add(folder);
        this.arguments = arguments;
        this.process = launch();
    }

    /** Starts a server that keeps nothing on disk, unless {@code arguments} say otherwise. */
    public static RedisServer start(String... arguments) throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean isInstalled = Stream.of(path.split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "redis-server")));
        assumeTrue(isInstalled, "redis-server is not installed");
        List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "no"));
        all.addAll(Arrays.asList(arguments));
        return new RedisServer(freePort(), Files.createTempDirectory("jove-redis"), all);
    }

    /** Starts a server that speaks TLS on a second port, with the certificate for this machine of the test data. */
    public static RedisServer startTls() throws IOException {
        Path folder = Files.createTempDirectory("jove-redis-tls");
        List<String> arguments = new ArrayList<>(List.of("--tls-port", Integer.toString(freePort())));
        arguments.addAll(List.of("--tls-auth-clients", "no"));
        arguments.addAll(List.of("--tls-cert-file", copy("server-chain.crt", folder)));
        arguments.addAll(List.of("--tls-key-file", copy("server.key", folder)));
        arguments.addAll(List.of("--bind", "127.0.0.1 127.0.0.2"));
        RedisServer server = start(arguments.toArray(new String[0]));
        server.folders.add(folder);
        return server;
    }

    private static String copy(String name, Path folder) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in =
                Objects.requireNonNull(RedisServer.class.getResourceAsStream("/tls/openssl/" + name), name)) {
            Files.copy(in, file);
        }
        return file.toString();
    }

    /** Starts a sentinel that watches {@code master} under the name {@code name}. */
    public static RedisServer startSentinel(String name, RedisServer master) throws IOException {
        Path folder = Files.createTempDirectory("jove-sentinel");
        Path config = folder.resolve("sentinel.conf");
        Files.writeString(config, "sentinel monitor " + name + " 127.0.0.1 " + master.port() + " 1\n");
        return new RedisServer(freePort(), folder, List.of(config.toString(), "--sentinel"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add("redis-server");
        List<String> own = List.of(
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--logfile",
                folder.resolve("log").toString());
        // A file stands first.
        boolean hasFile = !arguments.get(0).startsWith("--");
        if (hasFile) {
            command.add(arguments.get(0));
        }
        command.addAll(own);
        command.addAll(hasFile ? arguments.subList(1, arguments.size()) : arguments);
        Process launched = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = launched;
        try {
            Awaitility.await().atMost(START_LIMIT).until(() -> say("PING").contains("PONG"));
        } catch (RuntimeException e) {
            launched.destroyForcibly();
            throw e;
        }
        return launched;
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The URL by which it is found. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The URL by which it is found with TLS. */
    public String tlsUrl() {
        return "rediss://127.0.0.1:" + arguments.get(arguments.indexOf("--tls-port") + 1);
    }

    /** What it answers to one command, cut off after some kilobytes; empty when it does not. */
    public String say(String command) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream answer = socket.getInputStream();
            byte[] bytes = new byte[8192];
            int length = answer.read(bytes);
            return length < 0 ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends it as the kernel would, without a word. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again, with whatever its folder holds. */
    public void restart() throws IOException {
        kill();
        process = launch();
    }

    /** Has it stand still, connections and all. */
    public void freeze() {
        signal("-STOP");
    }

    /** Has it go on. */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it and removes its folder. */
    @Override
    public void close() throws IOException {
        kill();
        for (Path each : folders) {
            try (Stream<Path> files = Files.walk(each)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
