package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.app.LaunchedProxy.LAUNCHER;
import static org.joveproxy.app.LaunchedProxy.ask;
import static org.joveproxy.app.LaunchedProxy.freePort;
import static org.joveproxy.app.LaunchedProxy.get;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.testing.DeadPort;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends the command and starts it again: what becomes of the routes, with a hub that does not stir or one that is asked. */
@Timeout(180)
final class RestartIT {
    @TempDir
    Path folder;

    private StubUpstream server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = new StubUpstream(StubUpstream.answering("of zoe"));
        port = freePort();
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private LaunchedProxy proxy(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("--state-dir=" + folder.resolve("state")));
        all.addAll(List.of(words));
        return LaunchedProxy.serving(port, all.toArray(new String[0]));
    }

    private String add(String path, String target) throws IOException {
        return change("POST", path, "{\"target\": \"" + target + "\", \"jupyterhub\": true}");
    }

    private String change(String method, String path, String body) throws IOException {
        return ask(
                port + 1,
                method + " /api/routes" + path + " HTTP/1.1\r\nHost: api\r\nAuthorization: token secret\r\n"
                        + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void routesSurviveTheProcess(String signal) throws Exception {
        String before;
        try (LaunchedProxy proxy = proxy()) {
            assertThat(add("/user/zoe", server.url())).startsWith("HTTP/1.1 201 ");
            assertThat(add("/user/ada", server.url())).startsWith("HTTP/1.1 201 ");
            assertThat(change("DELETE", "/user/ada", "")).startsWith("HTTP/1.1 204 ");
            before = ask(port + 1, get("/api/routes/user/zoe"));
            proxy.signal(signal);
            proxy.exitCode();
        }
        try (LaunchedProxy again = proxy()) {
            assertThat(ask(port, get("/user/zoe/lab")))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("of zoe");
            assertThat(ask(port, get("/user/ada/lab"))).startsWith("HTTP/1.1 404 ");
            assertThat(json(ask(port + 1, get("/api/routes/user/zoe")))).contains("\"jupyterhub\":true");
            assertThat(json(before)).contains("\"jupyterhub\":true");
            assertThat(ask(port + 1, get("/api/routes?state")))
                    .contains("\"confirmed\":false")
                    .contains("\"refused\":null");
            assertThat(ask(port + 1, get("/api/routes"))).doesNotContain("jove_state");
            assertThat(again.out())
                    .anyMatch(line -> line.endsWith("info: Restored 1 routes from " + folder.resolve("state")
                            + "; they serve, and are unconfirmed until the hub has read and kept them"));
        }
    }

    @Test
    void optionsOfARouteHoldForTheNextProcess() throws Exception {
        String options = "\"jove\":{\"stripPrefix\":true,\"requestHeaders\":{\"X-Role\":\"reader\"}}";
        try (LaunchedProxy proxy = proxy()) {
            String body = "{\"target\":\"" + server.url() + "\"," + options + "}";
            assertThat(change("POST", "/user/zoe/app", body)).startsWith("HTTP/1.1 201 ");
            proxy.signal("KILL");
            proxy.exitCode();
        }
        try (LaunchedProxy again = proxy()) {
            assertThat(ask(port, get("/user/zoe/app/page"))).startsWith("HTTP/1.1 200 ");
            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .startsWith("GET /page HTTP/1.1\r\n")
                    .contains("\r\nX-Role: reader\r\n");
            assertThat(json(ask(port + 1, get("/api/routes/user/zoe/app")))).contains(options);
            assertThat(again.err()).isEmpty();
        }
    }

    private static String json(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void theLastActivitySurvivesAnOrderlyEnd() throws Exception {
        String before;
        try (LaunchedProxy proxy = proxy()) {
            add("/user/zoe", server.url());
            ask(port, get("/user/zoe"));
            before = json(ask(port + 1, get("/api/routes")));
            proxy.signal("TERM");
            assertThat(proxy.exitCode()).isEqualTo(2);
        }
        try (LaunchedProxy again = proxy()) {
            assertThat(json(ask(port + 1, get("/api/routes")))).isEqualTo(before);
            assertThat(again.err()).isEmpty();
        }
    }

    @Test
    void theCommandLinesDefaultTargetWinsOverTheOneBefore() throws Exception {
        try (LaunchedProxy proxy = proxy("--default-target=http://127.0.0.1:9")) {
            proxy.signal("KILL");
            proxy.exitCode();
        }
        try (LaunchedProxy again = proxy("--default-target=" + server.url())) {
            assertThat(ask(port, get("/hub"))).startsWith("HTTP/1.1 200 ").endsWith("of zoe");
            assertThat(again.out()).noneMatch(line -> line.contains("Restored"));
        }
    }

    @Test
    void aRestoredServerThatIsGoneIsReported() throws Exception {
        try (DeadPort gone = new DeadPort()) {
            try (LaunchedProxy proxy = proxy()) {
                add("/user/zoe", gone.url());
                proxy.signal("KILL");
                proxy.exitCode();
            }
            try (LaunchedProxy again = proxy()) {
                assertThat(ask(port, get("/user/zoe"))).startsWith("HTTP/1.1 503 ");

                again.awaitLine("warn: The route /user/zoe -> " + gone.url()
                        + " was restored and its server refuses connections");
                assertThat(ask(port + 1, get("/api/routes/user/zoe?state"))).doesNotContain("\"refused\":null");
            }
        }
    }

    @Test
    void routesThatNobodyConfirmsGo() throws Exception {
        try (LaunchedProxy proxy = proxy()) {
            add("/user/zoe", server.url());
            proxy.signal("KILL");
            proxy.exitCode();
        }
        try (LaunchedProxy again = proxy("--restored-route-ttl=1")) {
            again.awaitLine("warn: Removed route /user/zoe -> " + server.url()
                    + ": it was restored and nobody has confirmed it since");
            assertThat(ask(port + 1, get("/api/routes"))).endsWith("{}");
        }
    }

    @Test
    void withoutADirectoryTheTableIsEmptyAsWithTheOriginal() throws Exception {
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            add("/user/zoe", server.url());
            proxy.signal("KILL");
            proxy.exitCode();
        }
        try (LaunchedProxy again = LaunchedProxy.serving(port)) {
            assertThat(ask(port, get("/user/zoe"))).startsWith("HTTP/1.1 404 ");
            assertThat(again.err()).isEmpty();
        }
    }

    @Test
    void twoProxiesDoNotShareADirectory() throws Exception {
        try (LaunchedProxy proxy = proxy();
                LaunchedProxy other = LaunchedProxy.start(
                        "--ip=127.0.0.1", "--port=0", "--api-ip=127.0.0.1", "--state-dir=" + folder.resolve("state"))) {
            assertThat(other.exitCode()).isEqualTo(1);
            assertThat(other.out()).singleElement().asString().contains("another proxy uses it");
            assertThat(ask(port, get("/_chp_readyz"))).startsWith("HTTP/1.1 200 ");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeDoesNotKeepTheProxyFromServing() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, "--state-dir=" + file.resolve("state"))) {
            assertThat(add("/user/zoe", server.url())).startsWith("HTTP/1.1 201 ");
            assertThat(ask(port, get("/user/zoe"))).endsWith("of zoe");
            assertThat(ask(port, get("/_chp_readyz")))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"kind\":\"journal\",\"working\":false,\"detail\":\"")
                    .doesNotContain("\"detail\":\"\"");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void theMetricsTellOfTheStore() throws Exception {
        int metrics = freePort();
        try (LaunchedProxy proxy = proxy("--metrics-ip=127.0.0.1", "--metrics-port=" + metrics)) {
            add("/user/zoe", server.url());
            ask(port + 1, get("/api/routes"));

            assertThat(ask(metrics, get("/metrics")))
                    .contains("jove_store_working{kind=\"journal\"} 1\n")
                    .contains("jove_store_changes_total{result=\"kept\"} 1\n")
                    .contains("jove_store_duration_seconds_count 1\n")
                    .contains("jove_routes_unconfirmed 0\n")
                    .doesNotContain("jove_hub_last_contact_timestamp_seconds 0\n");
            assertThat(proxy.err()).isEmpty();
        }
    }

    // ---- a hub that is asked

    @Test
    void theHubIsAskedForItsRoutesAtTheStart() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        HttpServer hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/hub/api/proxy", exchange -> {
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            add("/user/zoe", server.url());
            answer(exchange, asked.size() == 1 ? 502 : 200);
        });
        hub.start();
        Map<String, String> environment = Map.of(
                "CONFIGPROXY_AUTH_TOKEN", "secret",
                "JOVE_HUB_API_URL", "http://127.0.0.1:" + hub.getAddress().getPort() + "/hub/api",
                "JOVE_HUB_API_TOKEN", "of-the-hub");
        List<String> words = List.of("--ip=127.0.0.1", "--port=" + port, "--api-ip=127.0.0.1");
        try (LaunchedProxy proxy = LaunchedProxy.start(LAUNCHER, environment, words)) {
            proxy.awaitLine("info: The hub has checked its routes");

            assertThat(asked).hasSize(2).containsOnly("POST token of-the-hub");
            assertThat(ask(port, get("/user/zoe"))).endsWith("of zoe");
            proxy.awaitLine("info: The hub has not checked its routes, it will be asked again: it answered 502");
        } finally {
            hub.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @Test
    void aHubThatIsNotThereHoldsUpNothing() throws Exception {
        try (DeadPort hub = new DeadPort()) {
            Map<String, String> environment = Map.of(
                    "CONFIGPROXY_AUTH_TOKEN", "secret",
                    "JOVE_HUB_API_URL", hub.url() + "/hub/api",
                    "JOVE_HUB_API_TOKEN", "of-the-hub");
            List<String> words = List.of("--ip=127.0.0.1", "--port=" + port, "--api-ip=127.0.0.1");
            try (LaunchedProxy proxy = LaunchedProxy.start(LAUNCHER, environment, words)) {
                proxy.awaitLine("it will be asked again: ");

                assertThat(ask(port, get("/_chp_readyz"))).startsWith("HTTP/1.1 200 ");
                proxy.signal("TERM");
                assertThat(proxy.exitCode()).isEqualTo(2);
                assertThat(proxy.out()).noneMatch(line -> line.contains("of-the-hub"));
            }
        }
    }
}
