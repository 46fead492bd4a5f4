package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.app.LaunchedProxy.ask;
import static org.joveproxy.app.LaunchedProxy.get;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client vanishes without a word, as a laptop does whose lid is closed: its packets are dropped. The proxy and that
 * client live in two network namespaces that a cable of the kernel's joins; it takes root to make them.
 */
@Timeout(180)
final class VanishedPeerIT {
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\\r\\nHost: h\\r\\nConnection: Upgrade\\r\\n" + "Upgrade: websocket\\r\\n\\r\\n";

    private final String near = "jove-a-" + ProcessHandle.current().pid();
    private final String far = "jove-b-" + ProcessHandle.current().pid();
    private final List<Process> clients = new ArrayList<>();
    private final AtomicInteger tunnels = new AtomicInteger();

    @TempDir
    Path folder;

    @BeforeEach
    void makeNamespaces() throws Exception {
        Assumptions.assumeTrue(runs("ip", "netns", "add", near), "network namespaces can be made only by root");
        run("ip", "netns", "add", far);
        run("ip", "-n", near, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", far);
        for (String each : List.of(near, far)) {
            run("ip", "-n", each, "address", "add", each.equals(near) ? "10.0.0.1/24" : "10.0.0.2/24", "dev", "cable");
            run("ip", "-n", each, "link", "set", "cable", "up");
            run("ip", "-n", each, "link", "set", "lo", "up");
        }
    }

    @AfterEach
    void removeNamespaces() throws Exception {
        for (Process client : clients) {
            client.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
        }
        runs("ip", "netns", "delete", near);
        runs("ip", "netns", "delete", far);
    }

    @Test
    void anIdleWebsocketWhoseClientVanishedIsEndedAndTheOthersStay() throws Exception {
        try (ServerSocketChannel upstream = upstream(false);
                LaunchedProxy proxy = proxy("--tcp-keepalive=1/1/2")) {
            connect(far, "10.0.0.1");
            connect(near, "127.0.0.1");
            await().atMost(LaunchedProxy.LIMIT).until(() -> tunnels.get() == 2 && openClients() == 2);

            unplug();

            await().atMost(LaunchedProxy.LIMIT).until(() -> tunnels.get() == 1 && openClients() == 1);
            // Longer than it took to find the one that is gone.
            Pace.millis(5_000);
            assertThat(openClients()).isEqualTo(1);
            assertThat(proxy.err()).isEmpty();
            assertThat(upstream.isOpen()).isTrue();
        }
    }

    @Test
    void aClientThatVanishedWithBytesOnTheirWayIsEnded() throws Exception {
        try (ServerSocketChannel upstream = upstream(true);
                LaunchedProxy proxy = proxy("--tcp-keepalive=0", "--tcp-user-timeout=2000")) {
            connect(far, "10.0.0.1");
            connect(near, "127.0.0.1");
            await().atMost(LaunchedProxy.LIMIT).until(() -> tunnels.get() == 2 && openClients() == 2);

            unplug();

            await().atMost(LaunchedProxy.LIMIT).until(() -> tunnels.get() == 1 && openClients() == 1);
            assertThat(proxy.err()).isEmpty();
            assertThat(upstream.isOpen()).isTrue();
        }
    }

    /** A target that answers each upgrade and then says nothing, or says a little all the time. */
    private ServerSocketChannel upstream(boolean talks) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("target")));
        Thread acceptor = new Thread(() -> {
            try {
                while (true) {
                    SocketChannel accepted = server.accept();
                    Thread serving = new Thread(() -> serve(accepted, talks), "target-connection");
                    serving.setDaemon(true);
                    serving.start();
                }
            } catch (IOException endOfTest) {
                // Closed by the test.
            }
        });
        acceptor.setDaemon(true);
        acceptor.start();
        return server;
    }

    private void serve(SocketChannel accepted, boolean talks) {
        try (RawClient connection = new RawClient(accepted)) {
            connection.readHead();
            connection.send(SWITCHING);
            tunnels.incrementAndGet();
            try {
                while (talks) {
                    connection.send("tick");
                    Pace.millis(100);
                }
                connection.readToEnd();
            } finally {
                tunnels.decrementAndGet();
            }
        } catch (IOException gone) {
            // The proxy has closed.
        }
    }

    private LaunchedProxy proxy(String... flags) throws IOException {
        Path launcher = folder.resolve("in-a-namespace");
        Files.writeString(
                launcher, "#!/bin/sh\nexec ip netns exec " + near + " '" + LaunchedProxy.LAUNCHER + "' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        String target = "http+unix://" + folder.resolve("target").toString().replace("/", "%2F");
        List<String> words = new ArrayList<>(List.of(
                "--port=8000",
                "--api-socket=" + folder.resolve("api"),
                "--metrics-socket=" + folder.resolve("metrics"),
                "--default-target=" + target));
        words.addAll(List.of(flags));
        LaunchedProxy proxy = LaunchedProxy.start(launcher, Map.of("CONFIGPROXY_AUTH_TOKEN", "secret"), words);
        proxy.awaitLine("Serve metrics at ");
        return proxy;
    }

    /** Opens a websocket from {@code namespace} and leaves it alone. */
    private void connect(String namespace, String address) throws IOException {
        String script = "exec 3<>/dev/tcp/" + address + "/8000; printf '" + UPGRADE + "' >&3; cat <&3 >/dev/null";
        clients.add(new ProcessBuilder("ip", "netns", "exec", namespace, "bash", "-c", script).start());
    }

    private void unplug() throws Exception {
        run("ip", "-n", far, "link", "set", "cable", "down");
    }

    private int openClients() throws IOException {
        String series = "jove_connections_open{role=\"client\"} ";
        return ask(folder.resolve("metrics"), get("/metrics"))
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private static void run(String... command) throws Exception {
        assertThat(runs(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
