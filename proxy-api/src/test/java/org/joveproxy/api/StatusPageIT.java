package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.api.ApiUnderTest.request;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.store.RouteJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a browser is a matter of the end-to-end tests. */
class StatusPageIT {
    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    private String get(String path, String... headers) throws IOException {
        return api.client()
                .send("GET " + path + " HTTP/1.1\r\nHost: api\r\n" + String.join("", headers) + "\r\n")
                .readMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/           | text/html       | <title>Jove: status</title>",
                "/status.css | text/css        | prefers-color-scheme: dark",
                "/status.js  | text/javascript | sessionStorage",
            })
    void aBrowserGetsThePageWithoutAToken(String path, String type, String words) throws IOException {
        // The first is read from the jar, the second is known.
        for (int i = 0; i < 2; i++) {
            assertThat(get(path, "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("content-type: " + type + "; charset=utf-8\r\n")
                    .containsIgnoringCase("x-content-type-options: nosniff\r\n")
                    .containsIgnoringCase(
                            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';")
                    .doesNotContain("unsafe-inline")
                    .contains(words);
        }
    }

    @Test
    void thePageHasNothingThatThePolicyForbids() throws IOException {
        String page = get("/", "Accept: text/html\r\n");
        String body = page.substring(page.indexOf("\r\n\r\n"));

        assertThat(body)
                .doesNotContainPattern("<script(?! src=\"status\\.js\" defer></script>)")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContain("style=", "http://", "https://", "//cdn");
        assertThat(get("/status.js"))
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Accept: */*\r\n", "Accept: application/json\r\n"})
    void otherClientsFindNothingAtTheRoot(String accept) throws IOException {
        assertThat(get("/", accept)).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\nNot Found");
    }

    @Test
    void nothingCanBeDoneToThePage() throws IOException {
        RawClient client =
                api.client().send("POST / HTTP/1.1\r\nHost: api\r\nAccept: text/html\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void theStatusIsForWhoKnowsTheToken() throws IOException {
        assertThat(get("/api/status")).startsWith("HTTP/1.1 403 ").endsWith("\r\n\r\n");
        RawClient client = api.client().send(request("POST", "/api/status", "{}"));
        assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: GET\r\n");
    }

    @Test
    void theStatusTellsOfAllThatIsCounted() throws Exception {
        api.store
                .put(Route.of("/user/ada", Target.parse("http://127.0.0.1:1"), 0))
                .get();
        String answer = api.client().send(request("GET", "/api/status")).readMessage();
        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-type: application/json\r\n");
        Map<String, ?> status = RouteJson.object(RouteJson.parse(answer.substring(answer.indexOf("\r\n\r\n"))));

        assertThat(status.keySet())
                .containsExactly(
                        "time",
                        "version",
                        "started",
                        "uptime_ms",
                        "event_loops",
                        "routes",
                        "store",
                        "replicas",
                        "totals",
                        "open",
                        "bounds",
                        "targets_left_alone",
                        "memory");
        assertThat(String.valueOf(status.get("version"))).isEqualTo("Jove of a test");
        assertThat(String.valueOf(status.get("uptime_ms"))).isEqualTo("1000");
        assertThat(String.valueOf(status.get("routes"))).isEqualTo("{count=1, unconfirmed=0, table_read=null}");
        assertThat(String.valueOf(status.get("store"))).contains("has_routes=true, working=true, detail=");
        // Another thread tells than the one on which the answer begins.
        assertThat(String.valueOf(status.get("open"))).containsPattern("api=\\{(request_head|relaying)=1}");
        assertThat(String.valueOf(status.get("bounds"))).startsWith("{clients={used=35, limit=70}, ");
        assertThat(String.valueOf(status.get("targets_left_alone"))).isEqualTo("1");
        assertThat(RouteJson.object(Objects.requireNonNull(status.get("memory"))))
                .containsKeys("heap_used", "heap_committed", "heap_limit", "resident")
                .allSatisfy((name, bytes) -> assertThat(((Number) Objects.requireNonNull(bytes)).longValue())
                        .isPositive());
    }

    @Test
    void aPageThatIsOpenDoesNotFillTheLog() throws IOException {
        String answer = api.client().send(request("GET", "/api/status")).readMessage();
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(get("/api/status")).startsWith("HTTP/1.1 403 ");

        assertThat(api.logged()).noneMatch(line -> line.startsWith("INFO 200 GET /api/status"));
        assertThat(api.logged()).anyMatch(line -> line.startsWith("WARN 403 GET /api/status"));
    }

    @Test
    void socketsAreSummedUpForPrograms() throws Exception {
        String answer = api.client()
                .send(request("GET", "/api/connections?summary=json"))
                .readMessage();
        Map<String, ?> summary = RouteJson.object(RouteJson.parse(answer.substring(answer.indexOf("\r\n\r\n"))));

        assertThat(summary.keySet())
                .containsExactly("time", "totals", "missing_loops", "matched", "groups", "routes", "targets");
        assertThat(String.valueOf(summary.get("groups"))).contains("{role=api, phase=relaying, sockets=1, oldest_ms=");
    }
}
