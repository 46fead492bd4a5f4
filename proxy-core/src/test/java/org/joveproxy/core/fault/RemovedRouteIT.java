package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.SwitchableServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the sockets to a server that no route leads to any more. Clients are dealt to two loops in turn. */
class RemovedRouteIT {
    private static final String GET = "GET /user/ada HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /user/ada/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static ProxyUnderTest withTunnelLimit(long millis) {
        return ProxyUnderTest.with(config -> ProxyUnderTest.upstream(
                config, new UpstreamConfig(100, 100, 16, 5, List.of(), Duration.ofMillis(millis))));
    }

    /** Answers requests with ok, and sends back what comes through tunnels. */
    private static StubUpstream.Script echoing() {
        return (connection, self) -> {
            while (true) {
                String request = connection.readMessage();
                if (request.contains("websocket")) {
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\n\r\n");
                    while (true) {
                        connection.send(connection.read(4));
                    }
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        };
    }

    private static void fillBothPools(ProxyUnderTest proxy) throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
        }
        assertThat(proxy.ledger().openCount(Role.UPSTREAM)).isEqualTo(2);
    }

    @Nested
    class ByDefault {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        @Test
        void unusedSocketsOfAllLoopsCloseAtOnce() throws Exception {
            proxy.route(
                    "/user/ada", proxy.upstream(StubUpstream.answering("ok")).url());
            fillBothPools(proxy);

            proxy.routes().remove("/user/ada");

            await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
            assertThat(proxy.ledger().closedCount(CloseReason.EVICTED)).isEqualTo(2);
        }

        @Test
        void aRouteThatLeadsElsewhereNowKeepsNoneEither() throws Exception {
            proxy.route(
                    "/user/ada", proxy.upstream(StubUpstream.answering("ok")).url());
            fillBothPools(proxy);

            proxy.route(
                    "/user/ada", proxy.upstream(StubUpstream.answering("new")).url());

            await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
            assertThat(proxy.client().send(GET).readMessage()).endsWith("new");
        }

        @Test
        void whileAnotherRouteLeadsThereTheyStay() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/user/ada", upstream.url());
            proxy.route("/", upstream.url() + "/base");
            fillBothPools(proxy);

            proxy.routes().remove("/user/ada");
            proxy.route(
                    "/user/ada", proxy.upstream(StubUpstream.answering("new")).url());
            assertThat(proxy.client().send(GET).readMessage()).endsWith("new");

            assertThat(proxy.ledger().openCount(Role.UPSTREAM)).isEqualTo(3);
            proxy.routes().remove("/user/ada");
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
            }
            assertThat(upstream.acceptedCount()).isEqualTo(2);
        }

        @Test
        void aRequestInFlightFinishesAndItsSocketIsNotKept() throws Exception {
            Semaphore answers = new Semaphore(0);
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                while (true) {
                    self.heard(connection.readMessage());
                    answers.acquire();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            });
            proxy.route("/user/ada", upstream.url());
            RawClient client = proxy.client().send(GET);
            await().until(() -> upstream.requests().size() == 1);

            proxy.routes().remove("/user/ada");
            answers.release();

            assertThat(client.readMessage()).endsWith("ok");
            await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
        }

        @Test
        void aRouteThatComesBackKeepsItsSocketsAgain() throws Exception {
            Semaphore answers = new Semaphore(0);
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                while (true) {
                    if (connection.readMessage().contains("/held")) {
                        self.heard("held");
                        answers.acquire();
                    }
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            });
            proxy.route("/user/ada", upstream.url());
            List<RawClient> held = List.of(proxy.client(), proxy.client());
            for (RawClient client : held) {
                client.send("GET /user/ada/held HTTP/1.1\r\nHost: h\r\n\r\n");
            }
            await().until(() -> upstream.requests().size() == 2);
            for (int i = 0; i < 2; i++) {
                assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
            }
            proxy.routes().remove("/user/ada");
            await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 2);

            proxy.route("/user/ada", upstream.url());
            // Each loop has heard of the route when it has answered this: what comes from sockets would go first.
            assertThat(proxy.clientsIn(Phase.AWAITING_RESPONSE)).isEqualTo(2);
            answers.release(2);
            for (RawClient client : held) {
                assertThat(client.readMessage()).endsWith("ok");
            }

            for (int i = 0; i < 4; i++) {
                assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
            }
            assertThat(upstream.acceptedCount()).isEqualTo(4);
        }

        @Test
        void aTunnelStays() throws Exception {
            proxy.route("/user/ada", proxy.upstream(echoing()).url());
            RawClient websocket = proxy.client().send(UPGRADE);
            assertThat(websocket.readHead()).startsWith("HTTP/1.1 101 ");

            proxy.routes().remove("/user/ada");
            await().until(() -> proxy.client().send(GET).readMessage().startsWith("HTTP/1.1 404 "));

            for (int i = 0; i < 10; i++) {
                assertThat(websocket.send("ping").read(4)).isEqualTo("ping");
            }
        }
    }

    @Nested
    class WithALimitForTunnels {
        @RegisterExtension
        final ProxyUnderTest proxy = withTunnelLimit(300);

        @Test
        void aTunnelEndsWhenTheTimeIsOver() throws Exception {
            proxy.route("/user/ada", proxy.upstream(echoing()).url());
            RawClient websocket = proxy.client().send(UPGRADE);
            assertThat(websocket.readHead()).startsWith("HTTP/1.1 101 ");
            Pace.millis(800);
            assertThat(websocket.send("ping").read(4)).isEqualTo("ping");

            proxy.routes().remove("/user/ada");

            assertThat(websocket.readToEnd()).isEmpty();
            assertThat(proxy.ledger().closedCount(CloseReason.DEADLINE)).isOne();
        }
    }

    @Nested
    class WithALongLimitForTunnels {
        @RegisterExtension
        final ProxyUnderTest proxy = withTunnelLimit(1_500);

        @Test
        void aTunnelWhoseRouteComesBackStays() throws Exception {
            StubUpstream upstream = proxy.upstream(echoing());
            proxy.route("/user/ada", upstream.url());
            RawClient websocket = proxy.client().send(UPGRADE);
            assertThat(websocket.readHead()).startsWith("HTTP/1.1 101 ");

            proxy.routes().remove("/user/ada");
            Pace.millis(200);
            proxy.route("/user/ada", upstream.url());
            Pace.millis(2_500);

            assertThat(websocket.send("ping").read(4)).isEqualTo("ping");
        }
    }

    @Nested
    class OfTheServerForErrorPages {
        private final SwitchableServer pages = new SwitchableServer();

        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config ->
                ProxyUnderTest.errorPages(config, new ErrorPageConfig(Target.parse(pages.url() + "/error"), null)));

        @AfterEach
        void pagesEnd() throws Exception {
            pages.close();
        }

        @Test
        void theSocketsStay() throws Exception {
            pages.serve(StubUpstream.answering("ok"));
            proxy.route("/user/ada", pages.url());
            fillBothPools(proxy);

            proxy.routes().remove("/user/ada");

            // Each loop has done what was asked of it before it answers.
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.client().send(GET).readMessage()).startsWith("HTTP/1.1 404 ");
            }
            assertThat(proxy.ledger().openCount(Role.UPSTREAM)).isEqualTo(2);
            assertThat(pages.acceptedCount()).isEqualTo(2);
        }
    }
}
