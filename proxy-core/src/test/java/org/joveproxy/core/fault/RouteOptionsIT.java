package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.SwitchableServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds for the requests of one route and not for those of its neighbours. */
class RouteOptionsIT {
    private static final String GET = "GET /app/page?q=1 HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String GET_NEIGHBOUR = "GET /app2/page HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /app/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    /** Routes /app to {@code upstream} with an option, and /app2 without any. */
    private static void route(ProxyUnderTest proxy, StubUpstream upstream, String option, Object value) {
        Map<String, Object> data = Map.of("jove", Map.of(option, value));
        proxy.routes().put(Route.of("/app", Target.parse(upstream.url()), data, 0));
        proxy.route("/app2", upstream.url());
    }

    private static String firstLine(@Nullable String request) {
        return String.valueOf(request).lines().findFirst().orElse("");
    }

    @Nested
    class Forwarding {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        @Test
        void thePrefixIsTakenOff() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            route(proxy, upstream, "stripPrefix", true);
            RawClient client = proxy.client();

            for (String path : new String[] {"/app/page?q=1", "/app", "/app/", "/app2/page", "/%61pp/%2Fx"}) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
            }

            assertThat(upstream.requests().stream().map(RouteOptionsIT::firstLine))
                    .containsExactly(
                            "GET /page?q=1 HTTP/1.1",
                            "GET / HTTP/1.1",
                            "GET / HTTP/1.1",
                            "GET /app2/page HTTP/1.1",
                            "GET /%2Fx HTTP/1.1");
        }

        @Test
        void thePrefixOfAWebsocketIsTakenOff() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                self.heard(connection.readHead());
                connection.send(SWITCHING);
                connection.readToEnd();
            });
            route(proxy, upstream, "stripPrefix", true);

            assertThat(proxy.client().send(UPGRADE).readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(firstLine(upstream.requests().peek())).isEqualTo("GET /ws HTTP/1.1");
        }

        @Test
        void headersAreSetAndRemoved() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            Map<String, @Nullable String> headers = new LinkedHashMap<>();
            headers.put("X-Forwarded-Prefix", "/app");
            headers.put("x-role", "reader");
            headers.put("Cookie", null);
            route(proxy, upstream, "requestHeaders", headers);
            RawClient client = proxy.client();
            String fields = "Host: h\r\nX-Role: admin\r\nX-Role: root\r\nCookie: a=b\r\n\r\n";

            client.send("GET /app HTTP/1.1\r\n" + fields).readMessage();
            client.send("GET /app2 HTTP/1.1\r\n" + fields).readMessage();

            assertThat(upstream.requests().poll())
                    .contains("X-Forwarded-Prefix: /app\r\n", "x-role: reader\r\n", "Host: h\r\n")
                    .doesNotContain("admin", "root", "a=b");
            assertThat(upstream.requests().poll())
                    .contains("X-Role: admin\r\nX-Role: root\r\nCookie: a=b\r\n")
                    .doesNotContain("X-Forwarded-Prefix", "reader");
        }
    }

    @Nested
    class ErrorPages {
        private final SwitchableServer pages = new SwitchableServer();

        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config ->
                ProxyUnderTest.errorPages(config, new ErrorPageConfig(Target.parse(pages.url() + "/error"), null)));

        @AfterEach
        void pagesEnd() throws Exception {
            pages.close();
        }

        @Test
        void aPageIsAskedForByThePathThatTheServerWouldSee() throws Exception {
            pages.serve((connection, self) -> {
                self.heard(connection.readMessage());
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
            });
            Map<String, Object> data = Map.of("jove", Map.of("stripPrefix", true));
            proxy.routes().put(Route.of("/app", Target.parse(proxy.deadUrl()), data, 0));

            assertThat(proxy.client().send(GET).readMessage()).endsWith("page");
            assertThat(firstLine(pages.stub().requests().peek())).contains("/error/503?url=%2Fpage%3Fq%3D1 ");
        }
    }

    @Nested
    class AgainstCustomHeaders {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.edge(
                config,
                new ForwardingConfig(
                        ForwardedMode.SINGLE,
                        false,
                        true,
                        true,
                        false,
                        false,
                        null,
                        Map.of("X-Custom", "of all", "X-Other", "of all")),
                config.edge()));

        @Test
        void theRoutesWin() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            Map<String, @Nullable String> headers = new HashMap<>();
            headers.put("x-custom", "of this");
            headers.put("X-Other", null);
            headers.put("X-Forwarded-Proto", "https");
            route(proxy, upstream, "requestHeaders", headers);

            proxy.client().send(GET).readMessage();

            assertThat(upstream.requests().peek())
                    .contains("x-custom: of this\r\n", "X-Forwarded-Proto: https\r\n")
                    .doesNotContain("of all", "proto: http\r\n");
        }
    }

    /** Generous in one direction only: other work may keep the machine busy. */
    @Nested
    class TimeoutOfAll {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.upstreamSilence(400));

        private StubUpstream slow(long millis) throws Exception {
            return proxy.upstream((connection, self) -> {
                while (true) {
                    self.heard(connection.readMessage());
                    Pace.millis(millis);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsl");
                    Pace.millis(millis);
                    connection.send("ow");
                }
            });
        }

        @Test
        void aLongerOneOfTheRouteWinsBeforeAndInTheAnswer() throws Exception {
            StubUpstream upstream = slow(1_500);
            route(proxy, upstream, "timeout", "60s");

            RawClient patient = proxy.client().send(GET);
            RawClient neighbour = proxy.client().send(GET_NEIGHBOUR);

            assertThat(neighbour.readHead()).startsWith("HTTP/1.1 503 ");
            assertThat(patient.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("slow");
        }

        @Test
        void zeroIsNoLimit() throws Exception {
            route(proxy, slow(1_500), "timeout", 0);

            assertThat(proxy.client().send(GET).readMessage()).endsWith("slow");
        }
    }

    @Nested
    class TimeoutOfOne {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        @Test
        void aServerThatDoesNotAnswerIsGivenUp() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                self.heard(connection.readHead());
                connection.readToEnd();
            });
            route(proxy, upstream, "timeout", 300);

            RawClient neighbour = proxy.client().send(GET_NEIGHBOUR);
            assertThat(proxy.client().send(GET).readHead()).startsWith("HTTP/1.1 503 ");

            await().until(() -> upstream.requests().size() == 2);
            await("the neighbour still waits").until(() -> upstream.openCount() == 1);
            neighbour.close();
        }

        @Test
        void aServerThatFallsSilentIsCutOff() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                connection.readToEnd();
            });
            route(proxy, upstream, "timeout", 300);

            assertThat(proxy.client().send(GET).readToEnd())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("half");
        }

        @Test
        void aServerThatDoesNotAnswerAnUpgradeIsGivenUp() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> connection.readToEnd());
            route(proxy, upstream, "timeout", 300);

            assertThat(proxy.client().send(UPGRADE).readHead()).startsWith("HTTP/1.1 504 ");
        }
    }

    @Nested
    class Connections {
        private final Semaphore answers = new Semaphore(0);

        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        private StubUpstream holding() throws Exception {
            return proxy.upstream((connection, self) -> {
                while (true) {
                    String head = connection.readMessage();
                    self.heard(head);
                    if (head.contains("Upgrade: websocket")) {
                        connection.send(SWITCHING);
                        connection.readToEnd();
                        return;
                    }
                    answers.acquire();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            });
        }

        private void assertShed() throws Exception {
            assertThat(proxy.client().send(GET).readHead())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nretry-after: 1\r\n");
        }

        @Test
        void oneTooManyIsShedAndTheNextIsServed() throws Exception {
            StubUpstream upstream = holding();
            route(proxy, upstream, "maxConnections", 2);
            RawClient[] clients = {proxy.client().send(GET), proxy.client().send(GET)};
            await().until(() -> upstream.requests().size() == 2);

            assertShed();
            RawClient neighbour = proxy.client().send(GET_NEIGHBOUR);
            await().until(() -> upstream.requests().size() == 3);
            answers.release(3);

            assertThat(neighbour.readMessage()).endsWith("ok");
            for (RawClient client : clients) {
                assertThat(client.readMessage()).endsWith("ok");
            }
            answers.release(10);
            for (RawClient client : clients) {
                assertThat(client.send(GET).readMessage()).endsWith("ok");
            }
        }

        @Test
        void oneThatLeavesMakesRoom() throws Exception {
            StubUpstream upstream = holding();
            route(proxy, upstream, "maxConnections", 1);
            RawClient leaving = proxy.client().send(GET);
            await().until(() -> upstream.requests().size() == 1);
            assertShed();

            leaving.close();
            await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
            answers.release(2);

            assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
        }

        @Test
        void oneThatFailsMakesRoom() throws Exception {
            Map<String, Object> data = Map.of("jove", Map.of("maxConnections", 1));
            proxy.routes().put(Route.of("/app", Target.parse(proxy.deadUrl()), data, 0));
            for (int i = 0; i < 3; i++) {
                proxy.client().send(GET).readHead();
            }
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));

            proxy.routes().put(Route.of("/app", Target.parse(upstream.url()), data, 0));

            assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
        }

        @Test
        void aWebsocketCountsForAsLongAsItIsOpen() throws Exception {
            StubUpstream upstream = holding();
            route(proxy, upstream, "maxConnections", 1);
            RawClient websocket = proxy.client().send(UPGRADE);
            assertThat(websocket.readHead()).startsWith("HTTP/1.1 101 ");
            assertShed();

            websocket.close();
            answers.release(100);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> proxy.client().send(GET).readHead().startsWith("HTTP/1.1 200 "));
        }

        @Test
        void aChangeOfTheRouteDoesNotForgetWhatIsUnderWay() throws Exception {
            StubUpstream upstream = holding();
            route(proxy, upstream, "maxConnections", 1);
            RawClient client = proxy.client().send(GET);
            await().until(() -> upstream.requests().size() == 1);

            route(proxy, upstream, "maxConnections", 1);
            assertShed();
            answers.release(2);

            assertThat(client.readMessage()).endsWith("ok");
            assertThat(client.send(GET).readMessage()).endsWith("ok");
        }
    }
}
