package org.joveproxy.app;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.testing.RawClient;

/** The real command as a process of its own, as the hub or a container starts it. */
final class LaunchedProxy implements AutoCloseable {
    /** The launcher of this source tree. */
    static final Path LAUNCHER =
            Path.of("..", "bin", "configurable-http-proxy").toAbsolutePath().normalize();

    /** Generous: other work may keep the machine busy. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private LaunchedProxy(Process process) {
        this.process = process;
        readers.add(collect(process.inputReader(StandardCharsets.UTF_8), out));
        readers.add(collect(
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)), err));
    }

    /** Starts the launcher with the token {@code secret} in its environment. */
    static LaunchedProxy start(String... words) throws IOException {
        return start(LAUNCHER, Map.of("CONFIGPROXY_AUTH_TOKEN", "secret"), List.of(words));
    }

    /** Starts {@code launcher} with {@code environment} beside or instead of this process' own. */
    static LaunchedProxy start(Path launcher, Map<String, String> environment, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(LaunchedProxy::isSetting);
        builder.environment().putAll(environment);
        return new LaunchedProxy(builder.start());
    }

    private static boolean isSetting(String name) {
        return name.startsWith("CONFIGPROXY_")
                || name.startsWith("JOVE_HUB_")
                || name.startsWith("JOVE_METRICS_")
                || name.equals("JOVE_STATE_DIR");
    }

    /** Starts on {@code port} of the loopback interface, with the API on the port after it, and waits for both. */
    static LaunchedProxy serving(int port, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("--ip=127.0.0.1", "--api-ip=127.0.0.1", "--port=" + port));
        all.addAll(List.of(words));
        LaunchedProxy proxy = start(all.toArray(new String[0]));
        proxy.awaitLine("Proxy API at ");
        return proxy;
    }

    /** A port that is free, as is the one after it. */
    static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = one.getLocalPort();
                if (isFree(port + 1)) {
                    return port;
                }
            }
        }
        throw new IOException("no two free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException | IllegalArgumentException taken) {
            return false;
        }
    }

    /** What {@code port} answers to {@code request}, which must ask for the connection's end. */
    static String ask(int port, String request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(request).readToEnd();
        }
    }

    /** What is answered over a unix socket. */
    static String ask(Path socket, String request) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        try (RawClient client = new RawClient(channel)) {
            return client.send(request).readToEnd();
        }
    }

    /** A request that ends its connection and knows the token. */
    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: proxy\r\nAuthorization: token secret\r\nConnection: close\r\n\r\n";
    }

    void awaitLine(String part) {
        await("the line " + part).atMost(LIMIT).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("ended with " + process.exitValue() + ": " + out + err);
            }
            return out.stream().anyMatch(line -> line.contains(part));
        });
    }

    /** The process' end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running: " + out + err);
        }
        for (Thread reader : readers) {
            reader.join(LIMIT.toMillis());
        }
        return process.exitValue();
    }

    /** Fails unless the process ends within {@code limit}. */
    void awaitEndWithin(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("still running after " + limit + ": " + out + err);
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill ended with " + code);
        }
    }

    long pid() {
        return process.pid();
    }

    /** The lines on standard output so far. */
    List<String> out() {
        return out;
    }

    /** The lines on standard error so far. */
    List<String> err() {
        return err;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static Thread collect(BufferedReader from, List<String> lines) {
        Thread reader = new Thread(() -> from.lines().forEach(lines::add), "process-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
