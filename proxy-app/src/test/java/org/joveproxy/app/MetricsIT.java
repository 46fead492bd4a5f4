package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.app.LaunchedProxy.ask;
import static org.joveproxy.app.LaunchedProxy.freePort;
import static org.joveproxy.app.LaunchedProxy.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of the real command, and who may read them on the REST API's port. */
@Timeout(180)
final class MetricsIT {
    /** Where {@code helm/check} has promtool read a page. */
    private static final Path PAGE = Path.of("target", "metrics", "page.txt");

    @TempDir
    Path folder;

    private static LaunchedProxy launch(int port, Map<String, String> environment, String... flags) throws IOException {
        List<String> words = new ArrayList<>(List.of("--ip=127.0.0.1", "--api-ip=127.0.0.1", "--port=" + port));
        words.addAll(List.of(flags));
        LaunchedProxy proxy = LaunchedProxy.start(LaunchedProxy.LAUNCHER, environment, words);
        proxy.awaitLine("Proxy API at ");
        return proxy;
    }

    private static String metrics(int port, String token) throws IOException {
        return ask(port + 1, get("/metrics").replace("token secret", "Bearer " + token));
    }

    @Test
    void aPageTellsOfRequestsApiRoutesAndBuild() throws Exception {
        int port = freePort();
        try (StubUpstream server = new StubUpstream(StubUpstream.answering("hello"));
                LaunchedProxy proxy =
                        LaunchedProxy.serving(port, "--metrics-on-api", "--default-target=" + server.url())) {
            proxy.awaitLine("Serve metrics at http://127.0.0.1:" + (port + 1) + "/metrics");
            ask(port, get("/x"));
            ask(port + 1, get("/api/routes"));

            String page = await().until(
                            () -> metrics(port, "secret"),
                            text -> text.contains("jove_http_requests_total{code=\"200\""));

            assertThat(page)
                    .contains("\njove_http_requests_total{code=\"200\",ending=\"complete\",kind=\"web\","
                            + "origin=\"upstream\",reason=\"\"} 1\n")
                    .contains("\njove_api_requests_total{code=\"200\",method=\"GET\"} ")
                    .contains("\njove_api_request_duration_seconds_count{method=\"GET\"} ")
                    .contains("\njove_routes_by_class{route_class=\"default\"} 1\n")
                    .contains("\njove_routes_changed_total{op=\"added\"} 1\n")
                    .containsPattern("\njove_build_info\\{jdk=\"[0-9][^\"]*\",tls=\"none\",transport=\"(epoll|nio)\","
                            + "version=\"[0-9][^\"]*\"} 1\n")
                    .containsPattern("\njove_direct_memory_limit_bytes\\{book=\"jvm\"} [1-9]");
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page.substring(page.indexOf("\r\n\r\n") + 4));
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void withoutAFlagThereAreNoMetrics() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy =
                launch(port, Map.of("JOVE_METRICS_TOKEN", "m", "CONFIGPROXY_AUTH_TOKEN", "secret"))) {
            assertThat(metrics(port, "m")).startsWith("HTTP/1.1 404 ");
            assertThat(proxy.out())
                    .anyMatch(
                            line -> line.endsWith("warn: JOVE_METRICS_TOKEN has no effect without --metrics-on-api."));
        }
    }

    @Test
    void theTokenForMetricsIsReadAgain() throws Exception {
        int port = freePort();
        Path token = Files.writeString(folder.resolve("token"), "old\n");
        Map<String, String> environment =
                Map.of("JOVE_METRICS_TOKEN_FILE", token.toString(), "CONFIGPROXY_AUTH_TOKEN", "secret");
        try (LaunchedProxy proxy = launch(port, environment, "--metrics-on-api")) {
            assertThat(metrics(port, "old")).startsWith("HTTP/1.1 200 ");
            assertThat(metrics(port, "secret")).startsWith("HTTP/1.1 200 ");
            assertThat(metrics(port, "new")).startsWith("HTTP/1.1 403 ");

            Files.writeString(token, "new\n");
            proxy.awaitLine("info: The token for the metrics was read again and is in force");

            assertThat(metrics(port, "new"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\njove_secret_reloads_total{result=\"taken\",secret=\"metrics_token\"} 1\n");
            assertThat(metrics(port, "old")).startsWith("HTTP/1.1 403 ");
            assertThat(ask(port + 1, get("/api/routes").replace("secret", "new")))
                    .startsWith("HTTP/1.1 403 ");
        }
    }
}
