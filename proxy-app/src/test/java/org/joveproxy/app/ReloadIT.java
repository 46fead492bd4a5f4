package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.app.LaunchedProxy.ask;
import static org.joveproxy.app.LaunchedProxy.freePort;
import static org.joveproxy.app.LaunchedProxy.get;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a process of its own, whose files change while it serves. */
@Timeout(180)
final class ReloadIT {
    private static final Path TLS = Path.of("..", "proxy-core", "src", "test", "resources", "tls", "openssl");
    private static final String HEALTH = "GET /_chp_healthz HTTP/1.1\r\nHost: proxy\r\n\r\n";

    @TempDir
    Path folder;

    // ---- certificates

    /** As a kubelet writes a secret: the files are links through a link to a directory, which takes the place of another. */
    @Test
    void aSecretThatIsSwappedIsServedWithoutARestart() throws Exception {
        int port = freePort();
        version("1", "server.key", "server-chain.crt");
        version("2", "ec.key", "ec.crt");
        swap("1");
        for (String name : new String[] {"tls.key", "tls.crt"}) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
        }
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, tlsFlags());
                Client early = new Client(port)) {
            assertThat(early.key()).isEqualTo("RSA");

            swap("2");

            proxy.awaitLine("info: TLS on the public port was read again and is in force: CN=proxy.test, valid until ");
            try (Client late = new Client(port)) {
                assertThat(late.key()).isEqualTo("EC");
                assertThat(late.ask()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(early.ask()).startsWith("HTTP/1.1 200 ");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR1"})
    void aSignalNeedNotWait(String signal) throws Exception {
        int port = freePort();
        hold("server.key", "server-chain.crt");
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, tlsFlags())) {
            hold("ec.key", "ec.crt");
            proxy.signal(signal);
            proxy.awaitLine("info: TLS on the public port was read again and is in force");
            proxy.signal(signal);
            proxy.awaitLine("info: TLS on the public port: the files have not changed");

            try (Client client = new Client(port)) {
                assertThat(client.key()).isEqualTo("EC");
            }
        }
    }

    @Test
    void aBrokenPairIsRefusedUntilItIsWhole() throws Exception {
        int port = freePort();
        hold("server.key", "server-chain.crt");
        int metrics = freePort();
        try (LaunchedProxy proxy =
                LaunchedProxy.serving(port, tlsFlags("--metrics-ip=127.0.0.1", "--metrics-port=" + metrics))) {
            put("ec.key", "tls.key");
            proxy.awaitLine(
                    "error: TLS on the public port was read again and cannot be used, what was in force stays so: "
                            + folder.resolve("tls.key") + ": the private key does not match");
            try (Client client = new Client(port)) {
                assertThat(client.key()).isEqualTo("RSA");
            }
            assertThat(ask(metrics, get("/metrics")))
                    .contains("jove_tls_reloads_total{result=\"refused\",role=\"client\"} 1\n")
                    .containsPattern(
                            "jove_tls_certificate_not_after_timestamp_seconds\\{role=\"client\"} [0-9.]{10,}\n");

            put("ec.crt", "tls.crt");

            proxy.awaitLine("info: TLS on the public port was read again and is in force");
            try (Client client = new Client(port)) {
                assertThat(client.key()).isEqualTo("EC");
            }
            assertThat(ask(metrics, get("/metrics")))
                    .contains("jove_tls_reloads_total{result=\"taken\",role=\"client\"} 1\n");
        }
    }

    /** Clients that connect all the time, and some that stay, see five renewals and no failure. */
    @Test
    void nobodyNoticesARenewal() throws Exception {
        int port = freePort();
        hold("server.key", "server-chain.crt");
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, tlsFlags("--keep-alive-timeout=60000"))) {
            AtomicInteger rsa = new AtomicInteger();
            AtomicInteger ec = new AtomicInteger();
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(threads.submit(() -> {
                    while (!isOver.get()) {
                        try (Client client = new Client(port)) {
                            (client.key().equals("EC") ? ec : rsa).incrementAndGet();
                            assertThat(client.ask()).startsWith("HTTP/1.1 200 ");
                        }
                    }
                    return null;
                }));
            }
            clients.add(threads.submit(() -> {
                try (Client client = new Client(port)) {
                    while (!isOver.get()) {
                        assertThat(client.ask()).startsWith("HTTP/1.1 200 ");
                    }
                }
                return null;
            }));
            for (int renewal = 1; renewal <= 5; renewal++) {
                boolean isEc = renewal % 2 == 1;
                hold(isEc ? "ec.key" : "server.key", isEc ? "ec.crt" : "server-chain.crt");
                proxy.signal("HUP");
                int renewals = renewal;
                await().atMost(LaunchedProxy.LIMIT)
                        .until(() -> proxy.out().stream()
                                        .filter(line -> line.contains("read again and is in force"))
                                        .count()
                                == renewals);
                AtomicInteger served = isEc ? ec : rsa;
                int before = served.get();
                await().atMost(LaunchedProxy.LIMIT).until(() -> served.get() >= before + 20);
            }
            isOver.set(true);
            for (Future<?> client : clients) {
                client.get(60, TimeUnit.SECONDS);
            }
            assertThat(proxy.out()).noneMatch(line -> line.contains("error: ") || line.contains("warn: "));
        } finally {
            isOver.set(true);
            threads.shutdown();
        }
    }

    @Test
    void theRestApiHasItsOwn() throws Exception {
        int port = freePort();
        hold("server.key", "server-chain.crt");
        try (LaunchedProxy proxy = LaunchedProxy.serving(
                port, "--api-ssl-key=" + folder.resolve("tls.key"), "--api-ssl-cert=" + folder.resolve("tls.crt"))) {
            hold("ec.key", "ec.crt");

            proxy.awaitLine("info: TLS on the REST API was read again and is in force");

            try (Client client = new Client(port + 1)) {
                assertThat(client.key()).isEqualTo("EC");
            }
        }
    }

    /** A target that wants a certificate, which is a second proxy, is shown that of now. */
    @Test
    void targetsAreShownTheRenewedCertificate() throws Exception {
        int port = freePort();
        int target = freePort();
        hold("stranger.key", "stranger.crt");
        try (StubUpstream server = new StubUpstream((connection, self) -> {
                    self.heard(connection.readMessage());
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
                    connection.readToEnd();
                });
                LaunchedProxy strict = LaunchedProxy.serving(
                        target,
                        "--ssl-key=" + TLS.resolve("server.key").toAbsolutePath(),
                        "--ssl-cert=" + TLS.resolve("server-chain.crt").toAbsolutePath(),
                        "--ssl-ca=" + TLS.resolve("root.crt").toAbsolutePath(),
                        "--ssl-request-cert",
                        "--default-target=" + server.url());
                LaunchedProxy proxy = LaunchedProxy.serving(
                        port,
                        "--client-ssl-key=" + folder.resolve("tls.key"),
                        "--client-ssl-cert=" + folder.resolve("tls.crt"),
                        "--client-ssl-ca=" + TLS.resolve("root.crt").toAbsolutePath(),
                        "--default-target=https://127.0.0.1:" + target)) {
            assertThat(ask(port, get("/"))).startsWith("HTTP/1.1 503 ");
            assertThat(strict.err()).isEmpty();

            hold("client.key", "client.crt");
            proxy.signal("HUP");

            proxy.awaitLine("info: TLS to https targets was read again and is in force: CN=a client");
            await().atMost(LaunchedProxy.LIMIT).until(() -> ask(port, get("/")).endsWith("done"));
        }
    }

    @Test
    void withoutFilesTheSignalIsHarmless() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            proxy.signal("HUP");

            proxy.awaitLine("info: Asked to read files again: none of ");
            assertThat(ask(port, get("/_chp_healthz"))).startsWith("HTTP/1.1 200 ");
        }
    }

    private String[] tlsFlags(String... more) {
        List<String> flags = new ArrayList<>(
                List.of("--ssl-key=" + folder.resolve("tls.key"), "--ssl-cert=" + folder.resolve("tls.crt")));
        flags.addAll(List.of(more));
        return flags.toArray(new String[0]);
    }

    private void hold(String key, String certificate) throws IOException {
        put(key, "tls.key");
        put(certificate, "tls.crt");
    }

    private void put(String from, String to) throws IOException {
        Files.copy(TLS.resolve(from), folder.resolve("fresh"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(folder.resolve("fresh"), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    private void version(String name, String key, String certificate) throws IOException {
        Path data = Files.createDirectory(folder.resolve(".." + name));
        Files.copy(TLS.resolve(key), data.resolve("tls.key"));
        Files.copy(TLS.resolve(certificate), data.resolve("tls.crt"));
    }

    private void swap(String name) throws IOException {
        Path fresh = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(".." + name));
        Files.move(fresh, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    // ---- tokens

    @Test
    void twoTokensAreGoodWhileOneTakesTheOthersPlace() throws Exception {
        int port = freePort();
        Path token = Files.writeString(folder.resolve("token"), "old\n");
        try (LaunchedProxy proxy = LaunchedProxy.start(
                LaunchedProxy.LAUNCHER,
                Map.of("CONFIGPROXY_AUTH_TOKEN_FILE", token.toString()),
                List.of("--ip=127.0.0.1", "--api-ip=127.0.0.1", "--port=" + port))) {
            proxy.awaitLine("Proxy API at ");
            assertThat(isGood(port, "old")).isTrue();
            assertThat(isGood(port, "new")).isFalse();

            Files.writeString(token, "new\nold\n");
            await().atMost(LaunchedProxy.LIMIT).until(() -> isGood(port, "new"));
            assertThat(isGood(port, "old")).isTrue();

            Files.writeString(token, "");
            proxy.awaitLine(
                    "error: The token of the REST API was read again and cannot be used, what was in force stays"
                            + " so: " + token + ": empty");
            assertThat(isGood(port, "old")).isTrue();
            assertThat(isGood(port, "other")).isFalse();

            Files.writeString(token, "new\n");
            await().atMost(LaunchedProxy.LIMIT).until(() -> !isGood(port, "old"));
            assertThat(isGood(port, "new")).isTrue();
            assertThat(proxy.out()).noneMatch(line -> line.contains("old") && line.contains("new"));
        }
    }

    @Test
    void aFileWithoutATokenDoesNotOpenTheRestApi() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "\n");
        try (LaunchedProxy proxy = LaunchedProxy.start(
                LaunchedProxy.LAUNCHER,
                Map.of("CONFIGPROXY_AUTH_TOKEN_FILE", token.toString()),
                List.of("--ip=127.0.0.1", "--api-ip=127.0.0.1", "--port=0"))) {
            assertThat(proxy.exitCode()).isOne();
            assertThat(proxy.err())
                    .containsExactly("error: CONFIGPROXY_AUTH_TOKEN_FILE names a file that cannot be used: " + token
                            + ": empty");
        }
    }

    private static boolean isGood(int port, String token) throws IOException {
        return ask(port + 1, get("/api/routes").replace("secret", token)).startsWith("HTTP/1.1 200 ");
    }

    // ---- the log

    @Test
    void theLogLevelChangesWhileItRuns() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            assertThat(level(port, "error")).startsWith("HTTP/1.1 200 ");
            proxy.awaitLine("info: The log level was info and is error");
            ask(port + 1, get("/api/routes"));
            ask(port + 1, get("/api/no-such-thing"));
            assertThat(level(port, "info")).startsWith("HTTP/1.1 200 ").endsWith("{\"level\":\"info\"}\n");
            proxy.awaitLine("info: The log level was error and is info");

            assertThat(proxy.out()).noneMatch(line -> line.contains("/api/routes ") || line.contains("no-such-thing"));
        }
    }

    private static String level(int port, String word) throws IOException {
        String body = "{\"level\":\"" + word + "\"}";
        return ask(
                port + 1,
                get("/api/log-level").replace("GET", "PUT").stripTrailing() + "\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    /** A client that shakes hands in full and may send several requests. */
    private static final class Client implements AutoCloseable {
        private final SSLSocket socket;

        Client(int port) throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            socket.startHandshake();
        }

        /** The kind of the server's key. */
        String key() throws IOException {
            return socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
        }

        /** The answer to a request that leaves the connection open. */
        String ask() throws IOException {
            socket.getOutputStream().write(HEALTH.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith("{\"status\":\"OK\"}")) {
                int octet = socket.getInputStream().read();
                if (octet < 0) {
                    throw new IOException("ended after: " + answer);
                }
                answer.append((char) octet);
            }
            return answer.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
