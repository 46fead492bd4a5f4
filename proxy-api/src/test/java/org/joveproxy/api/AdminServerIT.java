package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.api.ApiUnderTest.TOKEN;
import static org.joveproxy.api.ApiUnderTest.request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteOptions;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerIT {
    private static final String X = "{\"target\":\"http://127.0.0.1:8888\",\"user\":\"zoe\"}";

    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    private void route(String path) {
        api.routes.put(Route.of(path, Target.parse("http://127.0.0.1:9000"), ApiUnderTest.START));
    }

    private String ask(String request) throws IOException {
        return api.client().send(request).readMessage();
    }

    private static String status(String answer) {
        return answer.substring(9, 12);
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    // ---- reading

    @Test
    void theTableIsAnObjectOfObjects() throws IOException {
        route("/x");

        String answer = ask(request("GET", "/api/routes"));

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("\r\ncontent-type: application/json\r\n")
                .containsIgnoringCase("\r\nconnection: keep-alive\r\n")
                .containsIgnoringCase("\r\ndate: Sun, 22 Nov 2026 01:51:16 GMT\r\n");
        assertThat(body(answer))
                .isEqualTo("{\"/x\":{\"target\":\"http://127.0.0.1:9000\","
                        + "\"last_activity\":\"2026-11-22T01:51:16.219Z\"}}");
        assertThat(api.events.heard).containsExactly("listed", "responded 200");
    }

    @Test
    void aSlashNamesTheWholeTable() throws IOException {
        assertThat(body(ask(request("GET", "/api/routes/")))).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/routes/x",
                "/api/routes/x/",
                "/api/routes/%78",
                "/api/routes/y/../x",
                "http://api/api/routes/x"
            })
    void oneRouteIsItsObject(String path) throws IOException {
        route("/x");

        String answer = ask(request("GET", path));

        assertThat(body(answer))
                .isEqualTo("{\"target\":\"http://127.0.0.1:9000\",\"last_activity\":\"2026-11-22T01:51:16.219Z\"}");
        assertThat(answer).containsIgnoringCase("\r\ncontent-type: application/json\r\n");
        assertThat(api.events.heard).containsExactly("responded 200");
    }

    @Test
    void aRouteThatIsNotThereIs404() throws IOException {
        route("/x");

        String answer = ask(request("GET", "/api/routes/x/y"));

        assertThat(status(answer)).isEqualTo("404");
        assertThat(body(answer)).isEmpty();
    }

    @Test
    void onlyWhatWasNotUsedSinceIsListed() throws IOException {
        route("/old");
        api.routes.put(Route.of("/new", Target.parse("http://127.0.0.1:9000"), ApiUnderTest.START + 10_000));

        String answer = ask(request("GET", "/api/routes?inactiveSince=2026-11-22T01:51:20Z"));

        assertThat(body(answer)).contains("\"/old\"").doesNotContain("\"/new\"");
        assertThat(api.events.heard).containsExactly("listed", "responded 200");
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws IOException {
        String answer = ask(request("GET", "/api/routes?inactive_since=yesterday"));

        assertThat(status(answer)).isEqualTo("400");
        assertThat(body(answer)).isEqualTo("Invalid datestamp 'yesterday' must be ISO8601.");
    }

    // ---- writing

    @Test
    void aRouteIsAdded() throws IOException {
        api.clock.set(ApiUnderTest.START + 1);

        String answer = ask(request("POST", "/api/routes/user/zoe", X));

        assertThat(status(answer)).isEqualTo("201");
        assertThat(body(answer)).isEmpty();
        Route added = Objects.requireNonNull(api.routes.get("/user/zoe"));
        assertThat(added.target().raw()).isEqualTo("http://127.0.0.1:8888");
        assertThat(added.data()).containsEntry("user", "zoe").doesNotContainKey("host");
        assertThat(added.activity().lastMillis()).isEqualTo(ApiUnderTest.START + 1);
        assertThat(api.events.heard).containsExactly("active", "added", "responded 201");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/routes, /",
        "/api/routes/, /",
        "/api/routes/x/, /x",
        "/api/routes/x//, /x",
        "/api/routes/x//y, /x//y",
        "/api/routes/user/%E7%A7%80%E6%A8%B9, /user/秀樹",
        "/api/routes/user/a%2Fb, /user/a/b",
        "/api/routes/user/has%40, /user/has@",
        "/api/routes/x+y:z!;=&$, /x+y:z!;=&$",
        "/api/routes/x?y=1, /x",
    })
    void thePathNamesTheRoute(String path, String route) throws IOException {
        assertThat(status(ask(request("POST", path, X)))).isEqualTo("201");

        assertThat(api.routes.all()).extracting(Route::path).containsExactly(route);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "1",
                "\"\"",
                "{}",
                "{\"target\":1}",
                "{\"target\":null}",
                "{\"Target\":\"http://a\"}"
            })
    void aTargetMustBeGiven(String body) throws IOException {
        String answer = ask(request("POST", "/api/routes/x", body));

        assertThat(status(answer)).isEqualTo("400");
        assertThat(body(answer)).isEqualTo("Must specify 'target' as string");
        assertThat(api.routes.size()).isZero();
        assertThat(api.events.heard).containsExactly("responded 400");
    }

    @Test
    void aBodyThatIsNoJsonIsRefused() throws IOException {
        String answer = ask(request("POST", "/api/routes/x", "{\"target\":"));

        assertThat(status(answer)).isEqualTo("400");
        assertThat(body(answer)).startsWith("Body not valid JSON: ");
    }

    @Test
    void anEmptyBodyIsNoJson() throws IOException {
        assertThat(body(ask(request("POST", "/api/routes/x")))).startsWith("Body not valid JSON: ");
    }

    @Test
    void aTargetThatNothingCanBeReachedByIsRefused() throws IOException {
        String answer = ask(request("POST", "/api/routes/x", "{\"target\":\"gopher://a\"}"));

        assertThat(status(answer)).isEqualTo("400");
        assertThat(body(answer)).startsWith("target: gopher://a (expected: ");
    }

    @Test
    void optionsOfARouteAreDataAndHold() throws IOException {
        String options = "{\"timeout\":\"30s\",\"stripPrefix\":true,\"requestHeaders\":{\"X-B\":\"1\",\"X-A\":null},"
                + "\"maxConnections\":7}";

        String answer =
                ask(request("POST", "/api/routes/x", "{\"jove\":" + options + ",\"target\":\"http://a\",\"more\":{}}"));

        assertThat(status(answer)).isEqualTo("201");
        assertThat(body(ask(request("GET", "/api/routes/x"))))
                .startsWith("{\"jove\":" + options + ",\"target\":\"http://a\",\"more\":{},");
        assertThat(Objects.requireNonNull(api.routes.get("/x")).options())
                .isNotNull()
                .returns(true, RouteOptions::stripsPrefix)
                .returns(Duration.ofSeconds(30), read -> read.upstreamSilence(null))
                .returns(true, RouteOptions::limitsConnections);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true                                      | jove: true (expected: an object)",
                "{\"strip\":true}                          | jove: strip (expected: no other names than ",
                "{\"stripPrefix\":\"yes\"}                 | jove.stripPrefix: yes (expected: true or false)",
                "{\"requestHeaders\":{\"Host\":\"b\"}}     | jove.requestHeaders: Host (expected: ",
                "{\"requestHeaders\":{\"X\":\"a\\r\\nb\"}} | jove.requestHeaders.X: *** (expected: ",
                "{\"timeout\":1.5}                         | jove.timeout: 1.5 (expected: ",
                "{\"timeout\":\"1d\"}                      | jove.timeout: 1d (expected: ",
                "{\"maxConnections\":0}                    | jove.maxConnections: 0 (expected: ",
            })
    void optionsThatMakeNoSenseAreRefused(String options, String why) throws IOException {
        String answer = ask(request("POST", "/api/routes/x", "{\"target\":\"http://a\",\"jove\":" + options + "}"));

        assertThat(status(answer)).isEqualTo("400");
        assertThat(body(answer)).startsWith(why);
        assertThat(api.routes.size()).isZero();
    }

    @Test
    void aCharacterMayBeCutInTwoByPackets() throws Exception {
        byte[] body = "{\"target\":\"http://a\",\"user\":\"秀\"}".getBytes(StandardCharsets.UTF_8);
        int cut = body.length - 4;
        RawClient client = api.client();

        client.send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + TOKEN
                + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send(Integer.toHexString(cut) + "\r\n");
        client.send(Arrays.copyOf(body, cut));
        client.send("\r\n4\r\n");
        client.send(Arrays.copyOfRange(body, cut, cut + 1));
        client.send(Arrays.copyOfRange(body, cut + 1, body.length));
        client.send("\r\n0\r\n\r\n");

        assertThat(status(client.readMessage())).isEqualTo("201");
        assertThat(Objects.requireNonNull(api.routes.get("/x")).data()).containsEntry("user", "秀");
    }

    @Test
    void aClientMayWaitToBeToldToContinue() throws IOException {
        RawClient client = api.client();
        client.send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + TOKEN
                + "\r\nExpect: 100-continue\r\nContent-Length: " + X.length() + "\r\n\r\n");
        assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

        client.send(X);

        assertThat(status(client.readMessage())).isEqualTo("201");
        assertThat(status(client.send(request("HEAD", "/api/routes")).readHead()))
                .isEqualTo("405");
        assertThat(status(client.send(request("GET", "/api/routes/x")).readMessage()))
                .isEqualTo("200");
    }

    @Test
    void aClientThatWouldWaitIsNotToldToContinueInVain() throws IOException {
        String answer = api.client()
                .send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                .readToEnd();

        assertThat(status(answer)).isEqualTo("403");
        assertThat(answer).containsIgnoringCase("connection: close");
    }

    @Test
    void otherExpectationsCannotBeMet() throws IOException {
        assertThat(status(ask(request("GET", "/api/routes", "", "Expect: miracles"))))
                .isEqualTo("417");
    }

    // ---- deleting

    @ParameterizedTest
    @ValueSource(strings = {"/api/routes/x", "/api/routes/x/", "/api/routes/x//"})
    void aRouteIsDeleted(String path) throws IOException {
        route("/x");
        route("/x/y");

        String answer = ask(request("DELETE", path));

        assertThat(answer).startsWith("HTTP/1.1 204 No Content\r\n").doesNotContainIgnoringCase("content-length");
        assertThat(api.routes.all()).extracting(Route::path).containsExactly("/x/y");
        assertThat(api.events.heard).containsExactly("deleted", "responded 204");
    }

    @Test
    void deletingWithoutAPathDeletesTheDefault() throws IOException {
        route("/");

        assertThat(status(ask(request("DELETE", "/api/routes")))).isEqualTo("204");
        assertThat(api.routes.size()).isZero();
    }

    @Test
    void whatIsNotThereCannotBeDeleted() throws IOException {
        assertThat(status(ask(request("DELETE", "/api/routes/x")))).isEqualTo("404");
        assertThat(api.events.heard).containsExactly("deleted", "responded 404");
    }

    @Test
    void theBodyOfADeletionIsThrownAway() throws IOException {
        route("/x");
        RawClient client = api.client().send(request("DELETE", "/api/routes/x", "whatever"));

        assertThat(status(client.readMessage())).isEqualTo("204");
        assertThat(status(client.send(request("GET", "/api/routes/x")).readMessage()))
                .isEqualTo("404");
    }

    // ---- who may call what

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/routesx", "/API/routes", "//api/routes", "/x", "*"})
    void unknownPathsNeedNoToken(String path) throws IOException {
        String answer = ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(status(answer)).isEqualTo("404");
        assertThat(body(answer)).isEqualTo("Not Found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "OPTIONS", "TRACE", "BREW", "get"})
    void otherMethodsNeedNoToken(String method) throws IOException {
        String answer = ask(method + " /api/routes/x HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(status(answer)).isEqualTo("405");
        assertThat(answer).containsIgnoringCase("\r\nallow: GET, POST, DELETE\r\n");
        assertThat(body(answer)).isEqualTo("Method not supported");
    }

    @Test
    void headIsRefusedWithoutABody() throws IOException {
        RawClient client = api.client().send(request("HEAD", "/api/routes") + request("GET", "/api/routes"));

        assertThat(status(client.readHead())).isEqualTo("405");
        assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/routes", "GET /api/routes/x", "DELETE /api/routes/x", "POST /api/routes/x"})
    void routesNeedTheToken(String request) throws IOException {
        route("/x");

        String answer = ask(request + " HTTP/1.1\r\nHost: a\r\nAuthorization: token wrong\r\n\r\n");

        assertThat(status(answer)).isEqualTo("403");
        assertThat(body(answer)).isEmpty();
        assertThat(api.routes.size()).isOne();
    }

    @Test
    void theTokenComesBeforeTheBody() throws IOException {
        RawClient client = api.client()
                .send(
                        "POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token wrong\r\nContent-Length: 8\r\n\r\n");
        String answer = client.readMessage();

        assertThat(status(answer)).isEqualTo("403");
        assertThat(answer).containsIgnoringCase("connection: keep-alive");
        client.send("not JSON").send(request("GET", "/api/routes"));
        assertThat(status(client.readMessage())).isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/routes/%zz", "/api/routes/a%", "/api/routes/%C3%28"})
    void aPathThatCannotBeDecodedIsRefused(String path) throws IOException {
        for (String method : List.of("GET", "POST", "DELETE")) {
            assertThat(status(ask(request(method, path, method.equals("POST") ? X : ""))))
                    .isEqualTo("400");
        }
        assertThat(api.events.heard).containsOnly("responded 400");
    }

    @Test
    void aRequestWithoutHostIsRefused() throws IOException {
        assertThat(status(ask("GET /api/routes HTTP/1.1\r\nAuthorization: token " + TOKEN + "\r\n\r\n")))
                .isEqualTo("400");
    }

    // ---- bounds

    @Test
    void aBodyBelowTheLimitPasses() throws IOException {
        String body = "{\"target\":\"http://a\",\"pad\":\"" + "x".repeat(1_000_000) + "\"}";

        assertThat(status(ask(request("POST", "/api/routes/x", body)))).isEqualTo("201");
    }

    @Test
    void aBodyAnnouncedTooLongIsNotRead() throws IOException {
        String answer = api.client()
                .send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + TOKEN
                        + "\r\nContent-Length: 1048577\r\n\r\n{")
                .readToEnd();

        assertThat(status(answer)).isEqualTo("413");
        assertThat(answer).containsIgnoringCase("connection: close");
    }

    @Test
    void aBodyThatBecomesTooLongIsNotReadOn() throws Exception {
        RawClient client = api.client();
        client.send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + TOKEN
                + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        for (int sent = 0; sent < 17; sent++) {
            client.send(chunk);
        }

        String answer = client.readToEnd();

        assertThat(status(answer)).isEqualTo("413");
        assertThat(answer).doesNotContain("<reset>");
    }

    @Test
    void aRefusedBodyIsNotReadForEver() throws IOException {
        RawClient client = api.client();
        client.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(status(client.readMessage())).isEqualTo("404");
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        for (int sent = 0; sent < 17; sent++) {
            client.send(chunk);
        }

        assertThat(client.readToEnd()).isEmpty();
    }

    @Test
    void aHeadOf15KilobytesPasses() throws IOException {
        assertThat(status(ask(request("GET", "/api/routes", "", "X-Long: " + "x".repeat(15_000)))))
                .isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/routes HTTP/1.1\r\nHost: a\r\nX-Long: %s\r\n\r\n",
                "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void aHeadThatIsTooLongIsRefused(String request) throws IOException {
        String answer =
                api.client().send(String.format(request, "x".repeat(17_000))).readToEnd();

        assertThat(status(answer)).isEqualTo("431");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u0016\u0003\u0001 hello\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "\r\n\r\nGET\r\n\r\n"})
    void whatIsNoHttpIsRefused(String garbage) throws IOException {
        assertThat(status(api.client().send(garbage).readToEnd())).isEqualTo("400");
    }

    // ---- connections

    @Test
    void requestsSentAtOnceAreDoneInOrder() throws IOException {
        RawClient client = api.client()
                .send(request("POST", "/api/routes/x", X)
                        + request("GET", "/api/routes/x")
                        + request("DELETE", "/api/routes/x")
                        + request("GET", "/api/routes/x")
                        + request("GET", "/nowhere")
                        + request("DELETE", "/api/routes/x"));

        List<String> statuses = new ArrayList<>();
        for (int answer = 0; answer < 6; answer++) {
            statuses.add(status(client.readMessage()));
        }

        assertThat(statuses).containsExactly("201", "200", "204", "404", "404", "404");
    }

    @Test
    void aClientThatDoesNotReadHoldsItsOwnRequestsBack() throws Exception {
        for (int n = 0; n < 2_000; n++) {
            route("/user/a-rather-long-name-of-a-user-" + n);
        }
        RawClient client = api.client();
        int asked = 400;
        client.send(request("GET", "/api/routes").repeat(asked));
        AtomicInteger before = new AtomicInteger();
        await("the server to stop")
                .pollInterval(Duration.ofMillis(300))
                .until(() -> api.events.heard.size() > 0 && before.getAndSet(api.events.heard.size()) == before.get());
        assertThat(api.events.heard).hasSizeLessThan(asked);

        for (int answer = 0; answer < asked; answer++) {
            assertThat(status(client.readMessage())).isEqualTo("200");
        }
        assertThat(api.events.heard).hasSize(2 * asked);
    }

    @Test
    void theConnectionIsClosedWhenAskedFor() throws IOException {
        String answer = api.client()
                .send(request("GET", "/api/routes", "", "Connection: close"))
                .readToEnd();

        assertThat(answer).containsIgnoringCase("\r\nconnection: close\r\n").endsWith("\r\n\r\n{}");
        await().until(() -> api.ledger.closedCount(CloseReason.COMPLETE) == 1);
    }

    @Test
    void http10IsClosedAfterTheAnswer() throws IOException {
        String answer = api.client()
                .send("GET /api/routes HTTP/1.0\r\nAuthorization: token " + TOKEN + "\r\n\r\n")
                .readToEnd();

        assertThat(answer).endsWith("\r\n\r\n{}");
    }

    @Test
    void aClientThatStopsSendingStillHasItsAnswer() throws IOException {
        RawClient client = api.client().send(request("GET", "/api/routes"));
        client.shutdownOutput();

        assertThat(client.readToEnd()).endsWith("\r\n\r\n{}");
    }

    @Test
    void aResetInMidBodyIsNoBug() throws Exception {
        RawClient client = api.client();
        client.send(request("POST", "/api/routes/x", X).substring(0, 120));
        await().until(() -> api.ledger.openCount() == 1);

        client.reset();

        await().until(() -> api.ledger.closedCount(CloseReason.PEER) == 1);
        assertThat(api.routes.size()).isZero();
        assertThat(api.events.heard).isEmpty();
    }

    @Test
    void tenWritersAtOnceLoseNothing() throws Exception {
        int writers = 10;
        int each = 200;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Callable<Void>> work = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            String prefix = "/api/routes/user/" + writer + "-";
            RawClient client = api.client();
            work.add(() -> {
                for (int n = 0; n < each; n++) {
                    assertThat(status(
                                    client.send(request("POST", prefix + n, X)).readMessage()))
                            .isEqualTo("201");
                    if (n % 2 == 0) {
                        assertThat(status(client.send(request("DELETE", prefix + n))
                                        .readMessage()))
                                .isEqualTo("204");
                    }
                }
                return null;
            });
        }

        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }
        threads.shutdown();

        assertThat(api.routes.size()).isEqualTo(writers * each / 2);
    }

    @Test
    void closingTheServerClosesItsConnections() throws IOException {
        RawClient client = api.client().send(request("GET", "/api/routes"));
        client.readMessage();

        api.server().close();

        assertThat(client.readToEnd()).isEmpty();
        assertThat(api.ledger.closedCount(CloseReason.SHUTDOWN)).isOne();
    }

    // ---- the log

    @Test
    void theLogSaysWhatTheOriginalSays() throws IOException {
        RawClient client = api.client();
        client.send(request("POST", "/api/routes/x?secret=1", X)).readMessage();
        client.send(request("DELETE", "/api/routes/x")).readMessage();
        client.send(request("POST", "/api/routes/x", "{\"password\":\"hidden\"}"))
                .readMessage();
        client.send(request("PUT", "/api/routes/x")).readMessage();

        assertThat(api.logged())
                .containsExactly(
                        "INFO Adding route /x -> http://127.0.0.1:8888",
                        "INFO Route added /x -> http://127.0.0.1:8888",
                        "INFO 201 POST /api/routes/x ",
                        "INFO Removing route /x",
                        "INFO 204 DELETE /api/routes/x ",
                        "WARN Bad POST data: no target that is a string, but the fields [password]",
                        "WARN 400 POST /api/routes/x Must specify 'target' as string",
                        "WARN 405 PUT /api/routes/x Method not supported");
    }

    @Test
    void theLogHoldsNoCredentials() throws IOException {
        ask("GET /api/routes HTTP/1.1\r\nHost: a\r\nAuthorization: token guessed\r\n\r\n");
        ask(request("POST", "/api/routes/x", "{\"target\":\"http://me:hidden@a\"}"));
        ask(request("POST", "/api/routes/x", "{\"target\":\"http://me:hidden@\"}"));

        assertThat(api.logged())
                .isNotEmpty()
                .noneMatch(line -> line.contains("guessed") || line.contains("hidden") || line.contains(TOKEN));
    }

    @Test
    void aRouteCannotForgeALine() throws IOException {
        ask(request("POST", "/api/routes/x%0AINFO%20forged", X));

        assertThat(api.logged()).contains("INFO Route added /x?INFO forged -> http://127.0.0.1:8888");
    }
}
