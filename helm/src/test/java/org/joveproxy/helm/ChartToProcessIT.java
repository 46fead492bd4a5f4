package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command takes every flag and every variable that the chart, and Zero to JupyterHub, give it, and then does what the
 * rest of the chart relies on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
final class ChartToProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOKEN = "a-token-for-the-test";
    private static final String REDIS_PASSWORD = "a-password-for-the-test";
    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");
    /** Of those whose helm test is another one: with TLS, by host, and plain with other names and ports. */
    private static final Set<String> HELM_TESTED = Set.of("tls", "gateway", "everything-else");

    @TempDir
    static Path folder;

    private final AtomicInteger databases = new AtomicInteger();
    private HttpServer hub;
    private HttpClient client;
    private Path keyStore;
    private @Nullable Redis redis;

    @BeforeAll
    void startWhatAllShare() throws Exception {
        if (isThere("redis-server")) {
            redis = new Redis(folder);
        }
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        hub.createContext("/", exchange -> {
            byte[] body = ("hub " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        hub.start();
        keyStore = folder.resolve("keys");
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                keyStore.toString());
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, null);
        client = HttpClient.newBuilder().sslContext(trusting).build();
    }

    @AfterAll
    void stopWhatAllShare() {
        hub.stop(0);
        if (redis != null) {
            redis.close();
        }
    }

    static Collection<Path> ours() {
        return oneOfEachWay(Chart.valuesFiles(), Chart::render);
    }

    static Collection<Path> zeroToJupyterHubs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "z2jh"))) {
            return oneOfEachWay(files.sorted().toList(), file -> Manifests.parse(read(file)));
        }
    }

    /** Of those that start the proxy in the same way, one. */
    private static Collection<Path> oneOfEachWay(List<Path> files, Function<Path, Manifests> reading) {
        Map<List<Object>, Path> ways = new LinkedHashMap<>();
        for (Path file : files) {
            JsonNode container = reading.apply(file).container();
            List<Object> way = new ArrayList<>();
            way.add(container.path("command"));
            way.add(container.path("args"));
            for (String probe : PROBES) {
                way.add(container.path(probe).path("httpGet"));
            }
            // Where a secret lies makes no difference here.
            container.path("env").forEach(each -> way.add(List.of(each.path("name"), each.path("value"))));
            ways.putIfAbsent(way, file);
        }
        return ways.values();
    }

    @ParameterizedTest
    @MethodSource("ours")
    void whatTheChartStartsServes(Path values) throws Exception {
        Manifests manifests = Chart.render(values);
        Path files = files(manifests.workload());
        Map<String, String> outside = new HashMap<>(secrets());
        Map<String, String> replacements = new HashMap<>();
        manifests.args().stream()
                .filter(each -> each.startsWith("--default-target="))
                .map(each -> each.replace("--default-target=", "").replaceAll("/$", ""))
                .forEach(each -> replacements.put(each, hubUrl()));
        manifests
                .find("ConfigMap", "jove-error-pages")
                .ifPresent(pages -> pages.path("data")
                        .properties()
                        .forEach(page -> write(
                                files.resolve("error-pages").resolve(page.getKey()),
                                page.getValue().asText())));
        if (manifests.args().stream().noneMatch(each -> each.startsWith("--storage-backend="))) {
            outside.keySet().removeIf(each -> each.startsWith("JOVE_STORE_"));
        } else {
            assumeTrue(redis != null, "no redis-server on this machine");
            String url = "redis://127.0.0.1:" + Objects.requireNonNull(redis).port + "/" + databases.getAndIncrement();
            manifests.args().stream()
                    .filter(each -> each.startsWith("--storage-backend="))
                    .forEach(each -> replacements.put(each, "--storage-backend=" + url));
        }
        serves(manifests.workload(), files, outside, replacements, proxy -> {
            if (HELM_TESTED.contains(Chart.feature(values))) {
                HelmTestPod pod = new HelmTestPod(manifests, proxy, files);
                assertThat(pod.run())
                        .as(proxy.output())
                        .hasSize(pod.steps().size())
                        .allMatch(HelmTestPod.Outcome::isGood)
                        // No names of people.
                        .contains(new HelmTestPod.Outcome("token-opens-routes", 0, "200 {}"));
            }
        });
    }

    @Test
    void theHelmTestFailsWhereItShould() throws Exception {
        Manifests manifests = Chart.render(Chart.valuesFile("minimal"));
        Path files = files(manifests.workload());
        Map<String, String> replacements = Map.of("http://hub:8081", hubUrl());
        Path others = files(manifests.workload());
        write(others.resolve("secrets").resolve("api-token"), "another-token\n");
        try (ContainerProcess proxy = start(manifests.workload(), files, Map.of(), replacements)) {
            HelmTestPod pod = new HelmTestPod(manifests, proxy, files);
            HelmTestPod stranger = new HelmTestPod(manifests, proxy, others);

            assertThat(stranger.run("token-opens-routes"))
                    .isEqualTo(new HelmTestPod.Outcome("token-opens-routes", 1, "403"));
            // Nobody has made the route that these ask for.
            assertThat(pod.run("read-route")).isEqualTo(new HelmTestPod.Outcome("read-route", 1, "404"));
            assertThat(pod.run("use-route")).isEqualTo(new HelmTestPod.Outcome("use-route", 1, "200 hub /helm-test"));
            assertThat(pod.run("delete-route").isGood()).isFalse();

            proxy.terminate();
            // One for each Service, and one that is content with 403.
            for (String step : List.of("alive", "no-token-no-routes", "delete-route", "metrics")) {
                HelmTestPod.Outcome outcome = pod.run(step);
                assertThat(outcome.exitCode()).as(step).isEqualTo(1);
                assertThat(outcome.output()).as(step).contains("no answer", "Connection refused");
            }
        }
    }

    /** As a kubelet does when the secret has changed. */
    @Test
    void aTokenThatChangesNeedsNoOtherPod() throws Exception {
        Manifests manifests = Chart.render(Chart.valuesFile("minimal"));
        Path files = files(manifests.workload());
        try (ContainerProcess proxy =
                start(manifests.workload(), files, Map.of(), Map.of("http://hub:8081", hubUrl()))) {
            HelmTestPod pod = new HelmTestPod(manifests, proxy, files);
            assertThat(pod.run("token-opens-routes").isGood()).isTrue();

            write(files.resolve("secrets").resolve("api-token"), "another-token\n" + TOKEN + "\n");
            await("the new token")
                    .atMost(LIMIT)
                    .until(() -> proxy.output().contains("The token of the REST API was read again and is in force"));

            assertThat(pod.run("token-opens-routes").isGood()).isTrue();
            String api = "http://127.0.0.1:" + proxy.port("api-port") + "/api/routes";
            assertThat(send(request(api).GET()).statusCode()).isEqualTo(200);
        }
    }

    /** A balancer says first for whom a connection is; what comes of it stands in the log that the chart has a volume for. */
    @Test
    void theClientThatABalancerTellsOfIsInTheAccessLog() throws Exception {
        Manifests manifests = Chart.render(Chart.valuesFile("clients"));
        Path files = files(manifests.workload());
        Path log = files.resolve("logs").resolve("access.log");
        try (ContainerProcess proxy =
                        start(manifests.workload(), files, Map.of(), Map.of("http://hub:8081", hubUrl()));
                Socket balancer = new Socket(InetAddress.getLoopbackAddress(), proxy.port("port"))) {
            balancer.getOutputStream()
                    .write(("PROXY TCP4 203.0.113.5 192.0.2.1 40000 80\r\nGET /hub/of-the-client HTTP/1.1\r\n"
                                    + "Host: lab.example.org\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            balancer.setSoTimeout(20_000);
            assertThat(new String(balancer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("hub /hub/of-the-client");

            await("its line").atMost(LIMIT).until(() -> read(log).contains("/hub/of-the-client"));
            List<JsonNode> lines = new ArrayList<>();
            for (String line : read(log).lines().toList()) {
                lines.add(Yaml.parse(line));
            }
            assertThat(lines)
                    .filteredOn(each -> each.path("path").asText().equals("/hub/of-the-client"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.path("client").asText()).isEqualTo("203.0.113.5");
                        assertThat(line.path("request_id").asText()).matches("[0-9a-f]{32}");
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("zeroToJupyterHubs")
    void whatZeroToJupyterHubStartsServes(Path golden) throws Exception {
        JsonNode deployment = Manifests.parse(Files.readString(golden)).the("Deployment");
        Map<String, String> outside = new HashMap<>();
        outside.put("CONFIGPROXY_AUTH_TOKEN", TOKEN);
        outside.put("JOVE_HUB_API_TOKEN", "a-token-of-the-hub");
        // Service links, with the strings that one must not take for settings.
        for (String prefix : List.of("HUB", "MY_HUB_HUB")) {
            outside.put(prefix + "_SERVICE_HOST", "127.0.0.1");
            outside.put(
                    prefix + "_SERVICE_PORT", Integer.toString(hub.getAddress().getPort()));
            outside.put(prefix + "_PORT", "tcp://127.0.0.1:8081");
        }
        outside.put("PROXY_API_PORT", "tcp://10.0.0.1:8001");
        outside.put("PROXY_PUBLIC_PORT", "tcp://10.0.0.1:80");
        // This folder is the pod's own in a cluster, and everybody's here.
        Path files = files(deployment);
        outside.put("JOVE_STATE_DIR", files.resolve("state").toString());
        outside.put("JOVE_HUB_API_URL", hubUrl() + "/hub/api");

        serves(
                deployment,
                files,
                outside,
                Map.of("http://hub:", "http://127.0.0.1:", "http://my-hub-hub:", "http://127.0.0.1:"),
                proxy -> {});
    }

    /** What else is to be seen of a proxy that serves. */
    private interface Further {
        void check(ContainerProcess proxy) throws Exception;
    }

    private static String site(JsonNode workload, ContainerProcess proxy) {
        boolean isTls = workload.toString().contains("--ssl-key");
        return (isTls ? "https" : "http") + "://127.0.0.1:" + proxy.port("port");
    }

    private ContainerProcess start(
            JsonNode workload, Path files, Map<String, String> outside, Map<String, String> replacements)
            throws IOException {
        JsonNode pod = workload.at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        Map<String, String> wanted = new HashMap<>(outside);
        List<String> names = Manifests.texts(Yaml.column(container.path("env"), "name"));
        wanted.keySet()
                .removeIf(each -> !names.contains(each) && (each.startsWith("CONFIG") || each.startsWith("JOVE_")));
        ContainerProcess proxy = new ContainerProcess(pod, container, files, wanted, word -> {
            String placed = word;
            for (Map.Entry<String, String> each : replacements.entrySet()) {
                placed = placed.replace(each.getKey(), each.getValue());
            }
            return placed;
        });
        try {
            await("health")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> !proxy.isAlive()
                            || get(site(workload, proxy) + "/_chp_healthz").statusCode() == 200);
            assertThat(proxy.isAlive()).as(proxy.output()).isTrue();
            return proxy;
        } catch (RuntimeException | Error e) {
            proxy.close();
            throw e;
        }
    }

    private void serves(
            JsonNode workload,
            Path files,
            Map<String, String> outside,
            Map<String, String> replacements,
            Further further)
            throws Exception {
        try (ContainerProcess proxy = start(workload, files, outside, replacements)) {
            String site = site(workload, proxy);
            String api = "http://127.0.0.1:" + proxy.port("api-port") + "/api/routes";
            for (String probe : PROBES) {
                if (workload.at("/spec/template/spec/containers/0/" + probe).has("httpGet")) {
                    // A kubelet asks again, too.
                    await(probe)
                            .atMost(LIMIT)
                            .pollInterval(Duration.ofMillis(50))
                            .until(() -> get(proxy.probeUrl(probe)).statusCode() == 200);
                }
            }
            assertThat(get(api).statusCode()).isEqualTo(403);
            assertThat(send(request(api).GET()).statusCode()).isEqualTo(200);
            assertThat(get(site + "/hub/login").body()).isEqualTo("hub /hub/login");

            // Where a host counts, it is the first segment.
            boolean byHost = workload.toString().contains("--host-routing");
            String path = (byHost ? "/127.0.0.1" : "") + "/user/ada";
            assertThat(send(request(api + path)
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"target\": \"" + hubUrl() + "/of-ada\"}")))
                            .statusCode())
                    .isEqualTo(201);
            assertThat(get(site + "/user/ada/lab").body()).isEqualTo("hub /of-ada/user/ada/lab");

            if (proxy.listensFor("redirect-port")) {
                HttpResponse<String> redirect = get("http://127.0.0.1:" + proxy.port("redirect-port") + "/hub/x?y");
                assertThat(redirect.statusCode()).isEqualTo(301);
                assertThat(redirect.headers().firstValue("location").orElse("").replace(":443", ""))
                        .isEqualTo("https://127.0.0.1/hub/x?y");
            }
            if (proxy.listensFor("metrics-port")) {
                assertThat(get("http://127.0.0.1:" + proxy.port("metrics-port") + "/metrics")
                                .body())
                        .contains("jove_routes 2\n");
            }
            further.check(proxy);
            // The original's number after SIGTERM, or that of a drain that cut off nothing; within the grace period,
            // or the kubelet would kill it.
            boolean isDrain = workload.toString().contains("--drain-timeout");
            assertThat(proxy.terminate()).as(proxy.output()).isEqualTo(isDrain ? 0 : 2);
        }
    }

    // ---- what a cluster would have ----

    private String hubUrl() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private static Map<String, String> secrets() {
        return Map.of(
                "CONFIGPROXY_SSL_KEY_PASSPHRASE", "the key has none",
                "JOVE_STORE_USERNAME", "default",
                "NODE", "a-node");
    }

    /** A folder with one for each volume; those that the container may write to may be written to by anybody. */
    private Path files(JsonNode workload) throws Exception {
        Path files = Files.createTempDirectory(open(folder), "pod");
        open(files);
        Files.createDirectory(files.resolve("state"));
        open(files.resolve("state"));
        for (JsonNode mount : workload.at("/spec/template/spec/containers/0/volumeMounts")) {
            Path volume = Files.createDirectory(files.resolve(mount.path("name").asText()));
            open(volume);
            if (mount.path("name").asText().startsWith("tls")) {
                writeKey(volume, workload.toString());
            } else if (mount.path("name").asText().equals("secrets")) {
                write(volume.resolve("api-token"), TOKEN + "\n");
                write(volume.resolve("hub-token"), "a-token-of-the-hub\n");
                write(volume.resolve("store-password"), REDIS_PASSWORD);
                write(volume.resolve("sentinel-password"), "of-the-sentinels");
            }
        }
        return files;
    }

    private static Path open(Path folder) throws IOException {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void writeKey(Path volume, String workload) throws Exception {
        KeyStore keys = KeyStore.getInstance(keyStore.toFile(), "changeit".toCharArray());
        boolean isPlainName = workload.contains("tls.key");
        write(
                volume.resolve(isPlainName ? "tls.key" : "key.pem"),
                pem("PRIVATE KEY", keys.getKey("a", "changeit".toCharArray()).getEncoded()));
        write(
                volume.resolve(isPlainName ? "tls.crt" : "chain.pem"),
                pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static boolean isThere(String command) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, command)));
    }

    /** A Redis that wants a password. */
    private static final class Redis implements AutoCloseable {
        final int port;
        private final Process process;

        Redis(Path files) throws IOException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            process = new ProcessBuilder(
                            "redis-server",
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--requirepass",
                            REDIS_PASSWORD,
                            "--dir",
                            files.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(files.resolve("redis.log").toFile())
                    .start();
            await("redis").atMost(LIMIT).ignoreExceptions().until(() -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    return socket.isConnected();
                }
            });
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    // ---- requests ----

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "token " + TOKEN);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                request.version(HttpClient.Version.HTTP_1_1).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** A kubelet does not look at certificates either. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
