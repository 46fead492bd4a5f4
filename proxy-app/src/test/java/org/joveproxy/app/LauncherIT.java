package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.app.LaunchedProxy.LAUNCHER;
import static org.joveproxy.app.LaunchedProxy.ask;
import static org.joveproxy.app.LaunchedProxy.freePort;
import static org.joveproxy.app.LaunchedProxy.get;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts the command as a process of its own and looks at it from outside. */
@Timeout(180)
final class LauncherIT {
    private static final Path TLS = Path.of("..", "proxy-core", "src", "test", "resources", "tls", "openssl");

    @TempDir
    Path folder;

    @Test
    void bothListenersServeOnceTheStartIsTold() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            assertThat(ask(port, get("/_chp_healthz")))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("{\"status\":\"OK\"}");
            assertThat(ask(port + 1, get("/api/routes")))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("{}");
            assertThat(ask(port + 1, get("/api/routes").replace("secret", "wrong")))
                    .startsWith("HTTP/1.1 403");
            assertThat(ask(port, get("/"))).startsWith("HTTP/1.1 404");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void linesLookLikeTheOriginals() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, "--default-target=http://127.0.0.1:9")) {
            assertThat(proxy.out())
                    .allMatch(line -> line.matches(
                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z \\[ConfigProxy\\] \\w+: .*"))
                    .extracting(line -> line.substring(line.indexOf(']') + 2))
                    .contains(
                            "info: Route added / -> http://127.0.0.1:9",
                            "info: Proxying http://127.0.0.1:" + port + " to http://127.0.0.1:9",
                            "info: Proxy API at http://127.0.0.1:" + (port + 1) + "/api/routes");
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, Terminated", "INT, Interrupted"})
    void aSignalEndsItWithCode2(String signal, String word) throws Exception {
        int port = freePort();
        Path pidFile = folder.resolve("proxy.pid");
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, "--pid-file=" + pidFile)) {
            // The launcher has become the proxy: whoever started it knows its id.
            assertThat(pidFile).hasContent(Long.toString(proxy.pid()));

            proxy.signal(signal);

            assertThat(proxy.exitCode()).isEqualTo(2);
            assertThat(proxy.out()).last().asString().endsWith("warn: " + word);
            assertThat(pidFile).doesNotExist();
        }
        try (LaunchedProxy again = LaunchedProxy.serving(port)) {
            assertThat(ask(port, get("/_chp_healthz"))).startsWith("HTTP/1.1 200");
            assertThat(again.err()).isEmpty();
        }
    }

    @Test
    void aRequestInHandMayFinish() throws Exception {
        int port = freePort();
        try (StubUpstream upstream = new StubUpstream((connection, self) -> {
                    self.heard(connection.readMessage());
                    Thread.sleep(400);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
                    connection.readToEnd();
                });
                LaunchedProxy proxy = LaunchedProxy.serving(port, "--default-target=" + upstream.url());
                RawClient client = new RawClient(port)) {
            client.send(get("/"));
            await().atMost(LaunchedProxy.LIMIT).until(() -> !upstream.requests().isEmpty());

            proxy.signal("TERM");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("done");
            assertThat(proxy.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aRequestThatHangsIsCutOff() throws Exception {
        int port = freePort();
        try (StubUpstream upstream = new StubUpstream((connection, self) -> {
                    self.heard(connection.readMessage());
                    connection.readToEnd();
                });
                LaunchedProxy proxy = LaunchedProxy.serving(port, "--default-target=" + upstream.url());
                RawClient client = new RawClient(port)) {
            client.send(get("/"));
            await().atMost(LaunchedProxy.LIMIT).until(() -> !upstream.requests().isEmpty());

            proxy.signal("TERM");
            proxy.awaitEndWithin(Duration.ofSeconds(10));

            assertThat(proxy.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aSecondSignalDoesNotWaitForAnything() throws Exception {
        int port = freePort();
        Path pidFile = folder.resolve("proxy.pid");
        try (StubUpstream upstream = new StubUpstream((connection, self) -> {
                    self.heard(connection.readMessage());
                    connection.readToEnd();
                });
                LaunchedProxy proxy =
                        LaunchedProxy.serving(port, "--default-target=" + upstream.url(), "--pid-file=" + pidFile);
                RawClient client = new RawClient(port)) {
            client.send(get("/"));
            await().atMost(LaunchedProxy.LIMIT).until(() -> !upstream.requests().isEmpty());
            proxy.signal("TERM");
            proxy.awaitLine("Terminated");

            proxy.signal("INT");

            assertThat(proxy.exitCode()).isEqualTo(2);
            assertThat(proxy.out()).noneMatch(line -> line.contains("Interrupted"));
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void aTakenPublicPortEndsTheStart() throws Exception {
        int port = freePort();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                LaunchedProxy proxy = LaunchedProxy.start("--ip=127.0.0.1", "--port=" + port, "--api-ip=127.0.0.1")) {
            assertThat(taken.isBound()).isTrue();
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.out()).singleElement().asString().contains("error: cannot listen on 127.0.0.1:" + port);
        }
    }

    @Test
    void aTakenApiPortEndsTheStart() throws Exception {
        int port = freePort();
        Path pidFile = folder.resolve("proxy.pid");
        try (ServerSocket taken = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress());
                LaunchedProxy proxy = LaunchedProxy.start(
                        "--ip=127.0.0.1", "--port=" + port, "--api-ip=127.0.0.1", "--pid-file=" + pidFile)) {
            assertThat(taken.isBound()).isTrue();
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.out())
                    .singleElement()
                    .asString()
                    .contains("error: cannot listen on 127.0.0.1:" + (port + 1));
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void anUnknownHostNameEndsTheStart() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start("--ip=no-such-host.invalid", "--port=0")) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.out())
                    .singleElement()
                    .asString()
                    .contains("error: cannot listen on no-such-host.invalid:0: unknown host name");
        }
    }

    @Test
    void unixSocketsServeLikePorts() throws Exception {
        Path proxySocket = folder.resolve("p.sock");
        Path apiSocket = folder.resolve("a.sock");
        Path metricsSocket = folder.resolve("m.sock");
        leaveBehind(apiSocket);
        try (LaunchedProxy proxy = LaunchedProxy.start(
                "--socket=" + proxySocket, "--api-socket=" + apiSocket, "--metrics-socket=" + metricsSocket)) {
            proxy.awaitLine("Serve metrics at http://" + metricsSocket + "/metrics");

            assertThat(ask(proxySocket, get("/_chp_healthz"))).startsWith("HTTP/1.1 200");
            assertThat(ask(apiSocket, get("/api/routes"))).startsWith("HTTP/1.1 200");
            assertThat(ask(metricsSocket, get("/metrics")))
                    .startsWith("HTTP/1.1 200")
                    .contains("api_route_get 1\n");

            proxy.signal("TERM");
            assertThat(proxy.exitCode()).isEqualTo(2);
            assertThat(List.of(proxySocket, apiSocket, metricsSocket))
                    .allSatisfy(socket -> assertThat(socket).doesNotExist());
        }
    }

    @Test
    void aSocketThatSomebodyServesIsNotTakenAway() throws Exception {
        Path socket = folder.resolve("p.sock");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            try (LaunchedProxy proxy = LaunchedProxy.start("--socket=" + socket, "--api-port=0")) {
                assertThat(proxy.exitCode()).isEqualTo(1);
                assertThat(proxy.out()).singleElement().asString().contains("error: cannot listen on " + socket);
                assertThat(socket).exists();
            }
        }
    }

    @Test
    void metricsCountWhatTheProxyDoes() throws Exception {
        int port = freePort();
        int metrics = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, "--metrics-ip=127.0.0.1", "--metrics-port=" + metrics)) {
            proxy.awaitLine("Serve metrics at http://127.0.0.1:" + metrics + "/metrics");
            ask(port, get("/x"));

            await().atMost(LaunchedProxy.LIMIT)
                    .untilAsserted(() -> assertThat(ask(metrics, get("/metrics")))
                            .contains("requests_web 1\n", "requests_proxy{status=\"404\"} 1\n", "jove_routes 0\n"));
        }
    }

    @Test
    void aTargetThatMakesNoSenseIsToldAndDoesNotStopTheStart() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, "--default-target=http://hub:$(HUB_SERVICE_PORT)")) {
            assertThat(proxy.out())
                    .anyMatch(line -> line.contains("error: --default-target cannot be used: target: http://hub:$("));
            assertThat(ask(port, get("/_chp_healthz"))).startsWith("HTTP/1.1 200");
            assertThat(ask(port, get("/"))).startsWith("HTTP/1.1 5");
        }
    }

    @Test
    void theRedirectIsServedWithTls() throws Exception {
        int port = freePort();
        int redirect = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(
                port,
                "--ssl-key=" + TLS.resolve("server.key").toAbsolutePath(),
                "--ssl-cert=" + TLS.resolve("server.crt").toAbsolutePath(),
                "--redirect-port=" + redirect,
                "--redirect-to=443")) {
            proxy.awaitLine("Added HTTP to HTTPS redirection from " + redirect + " to 443");

            assertThat(proxy.out()).anyMatch(line -> line.contains("Proxying https://127.0.0.1:" + port));
            assertThat(ask(redirect, get("/x?y"))).startsWith("HTTP/1.1 301").contains("https://proxy/x?y\r\n");
        }
    }

    @Test
    void aKeyThatIsNotThereEndsTheStart() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start(
                "--port=0", "--ssl-key=" + folder.resolve("absent.key"), "--ssl-cert=" + TLS.resolve("server.crt"))) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.out())
                    .singleElement()
                    .asString()
                    .contains("error: ")
                    .contains("absent.key");
        }
    }

    @Test
    void aMistakeOnTheCommandLineIsToldOnStandardError() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start("--prot=8000")) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.err()).containsExactly("error: unknown option '--prot=8000'", "(Did you mean --port?)");
            assertThat(proxy.out()).isEmpty();
        }
    }

    @Test
    void aMistakeOfTheLogEndsTheStartToo() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start("--redirect-port=8000")) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.out())
                    .singleElement()
                    .asString()
                    .endsWith("error: HTTPS redirection specified but certificates not provided.");
        }
    }

    @Test
    void theVersionIsPrinted() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start("--version")) {
            assertThat(proxy.exitCode()).isZero();
            assertThat(proxy.out()).singleElement().asString().startsWith("Jove ");
        }
    }

    // ---- the launcher itself ----

    @Test
    void theLauncherFindsItsHomeThroughLinks() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), LAUNCHER);
        Path second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());
        try (LaunchedProxy proxy = LaunchedProxy.start(second, Map.of(), List.of("-V"))) {
            assertThat(proxy.exitCode()).isZero();
        }
        assertThat(LAUNCHER.resolveSibling("jove").toRealPath()).isEqualTo(LAUNCHER.toRealPath());
    }

    @Test
    void withoutAJavaTheLauncherSaysSo() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start(
                LAUNCHER, Map.of("JAVA_HOME", folder.resolve("nowhere").toString()), List.of("-V"))) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.err())
                    .singleElement()
                    .asString()
                    .contains("no Java at " + folder.resolve("nowhere"))
                    .contains("17 or newer");
        }
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        Path home = folder.resolve("old");
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), "exit 99");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        try (LaunchedProxy proxy = LaunchedProxy.start(LAUNCHER, Map.of("JAVA_HOME", home.toString()), List.of("-V"))) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.err()).singleElement().asString().contains("is version 11.0.2 (expected: 17 or newer)");
        }
    }

    @Test
    void withoutJarsNorSourcesTheLauncherSaysSo() throws Exception {
        Path launcher = copyOfTheLauncher();
        try (LaunchedProxy proxy = LaunchedProxy.start(launcher, Map.of(), List.of("-V"))) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.err())
                    .singleElement()
                    .asString()
                    .contains("jove.jar is missing and there are no sources to build it from");
        }
    }

    @Test
    void whatIsMissingIsBuilt() throws Exception {
        Path launcher = copyOfTheLauncher();
        Files.createFile(folder.resolve("copy/pom.xml"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        // Stands for Maven: puts the jars that the real one has made where it would put them.
        Path built = Path.of("target").toAbsolutePath();
        script(
                tools.resolve("mvn"),
                "echo \"$@\" > asked; mkdir -p proxy-app/target; echo building; cp -r '" + built.resolve("jove.jar")
                        + "' '" + built.resolve("lib") + "' proxy-app/target/");
        try (LaunchedProxy proxy = LaunchedProxy.start(
                launcher, Map.of("PATH", tools + ":" + System.getenv("PATH")), List.of("--version"))) {
            assertThat(proxy.exitCode()).isZero();
            assertThat(proxy.out()).singleElement().asString().startsWith("Jove ");
            assertThat(proxy.err())
                    .anyMatch(line -> line.contains("building the proxy"))
                    .contains("building");
            assertThat(folder.resolve("copy/asked"))
                    .hasContent("-q -B -DskipTests -Dspotless.check.skip -pl proxy-app -am package");
        }
    }

    @Test
    void aBuildThatFailsEndsTheStart() throws Exception {
        Path launcher = copyOfTheLauncher();
        Files.createFile(folder.resolve("copy/pom.xml"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        script(tools.resolve("mvn"), "exit 3");
        try (LaunchedProxy proxy = LaunchedProxy.start(
                launcher, Map.of("PATH", tools + ":" + System.getenv("PATH")), List.of("--version"))) {
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.err()).last().asString().contains("the build failed");
        }
    }

    @Test
    void furtherOptionsReachTheJvm() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.start(
                LAUNCHER,
                Map.of("JOVE_JAVA_OPTS", "-XX:+UseParallelGC -Xmx77m -XX:+PrintFlagsFinal"),
                List.of("--version"))) {
            assertThat(proxy.exitCode()).isZero();
            assertThat(proxy.out())
                    .anyMatch(line -> line.matches(".*\\bUseParallelGC\\s+= true\\b.*"))
                    .anyMatch(line -> line.matches(".*\\bMaxHeapSize\\s+= " + 78 * 1024 * 1024 + "\\b.*"));
        }
    }

    @Test
    void memoryFollowsTheControlGroup() throws Exception {
        Path group = controlGroup();
        try {
            Path launcher = folder.resolve("in-a-group");
            script(launcher, "echo $$ > '" + group.resolve("cgroup.procs") + "'\nexec '" + LAUNCHER + "' \"$@\"");
            try (LaunchedProxy proxy = LaunchedProxy.start(
                    launcher, Map.of("JOVE_JAVA_OPTS", "-XX:+PrintFlagsFinal"), List.of("--version"))) {
                assertThat(proxy.exitCode()).isZero();
                assertThat(proxy.out())
                        .anyMatch(line -> line.matches(".*\\bMaxHeapSize\\s+= " + (128 << 20) + "\\b.*"))
                        .anyMatch(line -> line.matches(".*\\bMaxDirectMemorySize\\s+= " + (64 << 20) + "\\b.*"));
            }
        } finally {
            await().atMost(LaunchedProxy.LIMIT).until(() -> group.toFile().delete());
        }
    }

    /** A group below this process' own with a limit of 320 MiB; the test is skipped where none can be made. */
    private static Path controlGroup() throws IOException {
        String name = "jove-it-" + ProcessHandle.current().pid();
        Path old = Path.of("/sys/fs/cgroup/memory");
        boolean isOld = Files.exists(old.resolve("memory.limit_in_bytes"));
        Path group = (isOld ? old : Path.of("/sys/fs/cgroup")).resolve(name);
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve(isOld ? "memory.limit_in_bytes" : "memory.max"), "335544320");
        } catch (IOException e) {
            group.toFile().delete();
            Assumptions.abort("no control group can be made here: " + e);
        }
        return group;
    }

    // ---- bounds ----

    @Test
    void withFewDescriptorsThePublicSideFillsUpAndTheRestAnswers() throws Exception {
        int port = freePort();
        Path launcher = folder.resolve("with-few-descriptors");
        script(launcher, "ulimit -n 200\nexec '" + LAUNCHER + "' \"$@\"");
        List<RawClient> clients = new ArrayList<>();
        try (StubUpstream upstream = new StubUpstream((connection, self) -> {
                    self.heard(connection.readMessage());
                    connection.readToEnd();
                });
                LaunchedProxy proxy = LaunchedProxy.start(
                        launcher,
                        Map.of("CONFIGPROXY_AUTH_TOKEN", "secret"),
                        List.of(
                                "--ip=127.0.0.1",
                                "--port=" + port,
                                "--api-ip=127.0.0.1",
                                "--default-target=" + upstream.url()))) {
            proxy.awaitLine("Proxy API at ");
            // Half of the descriptors that are left when the rest has its 64, less the spare ones.
            int places = (200 - 64 - 16) / 2;
            for (int i = 0; i < places; i++) {
                clients.add(new RawClient(port).send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            await().atMost(LaunchedProxy.LIMIT).until(() -> upstream.requests().size() == places);
            for (int i = 0; i < 200; i++) {
                clients.add(new RawClient(port));
            }

            for (int i = 0; i < 5; i++) {
                assertThat(ask(port + 1, get("/api/routes"))).startsWith("HTTP/1.1 200");
                assertThat(ask(port, get("/_chp_healthz"))).startsWith("HTTP/1.1 200");
                assertThat(ask(port, get("/"))).startsWith("HTTP/1.1 503").contains("retry-after: 1\r\n");
            }

            for (RawClient client : clients) {
                client.close();
            }
            await().atMost(LaunchedProxy.LIMIT).until(() -> {
                try (RawClient again = new RawClient(port)) {
                    int before = upstream.requests().size();
                    again.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                    Pace.millis(200);
                    return upstream.requests().size() > before;
                }
            });
            assertThat(proxy.out()).noneMatch(line -> line.contains("error: ") && line.contains("Unexpected"));
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void aClientThatDoesNotSpeakTlsIsGivenUp() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(
                        port,
                        "--ssl-key=" + TLS.resolve("server.key").toAbsolutePath(),
                        "--ssl-cert=" + TLS.resolve("server.crt").toAbsolutePath(),
                        "--tls-timeout=300");
                RawClient client = new RawClient(port)) {
            assertThat(client.readToEnd()).isEmpty();
            assertThat(proxy.err()).isEmpty();
        }
    }

    private Path copyOfTheLauncher() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("copy/bin"));
        return Files.copy(LAUNCHER, bin.resolve("configurable-http-proxy"));
    }

    private static void script(Path path, String body) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A socket file that nobody listens on any more. */
    private static void leaveBehind(Path socket) throws IOException {
        ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        gone.bind(UnixDomainSocketAddress.of(socket));
        gone.close();
        assertThat(socket).exists();
    }
}
