package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds.Bound;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More clients, or more sockets to upstreams, than there may be. */
class FullProxyIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String HEALTH = "GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final Duration ATTENTION = Duration.ofSeconds(20);
    private static final int PLACES = 4;
    private static final int SPARE = 16;

    private static StubUpstream.Script silent() {
        return (connection, self) -> {
            self.heard(connection.readHead());
            connection.readToEnd();
        };
    }

    @Nested
    class OfClients {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(
                config -> ProxyUnderTest.capacity(config, new CapacityConfig(PLACES, 1_000, 1 << 20)));

        @Test
        void theLongestIdleClientsMakeWay() throws Exception {
            proxy.route("/", proxy.upstream(StubUpstream.answering("ok")).url());
            List<RawClient> idle = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                idle.add(proxy.client().send(GET));
                assertThat(idle.get(i).readMessage()).endsWith("ok");
            }

            assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");

            // One of each loop, whose clients are every other one.
            assertThat(idle.get(0).readToEnd()).isEmpty();
            assertThat(idle.get(3).send(GET).readMessage()).endsWith("ok");
            assertThat(proxy.ledger().closedCount(CloseReason.EVICTED)).isBetween(1L, 2L);
        }

        @Test
        void aRequestForWhichOthersMakeWayArrivesWhole() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            for (int i = 0; i < PLACES; i++) {
                proxy.client().send(GET).readMessage();
            }

            String body = "y".repeat(50_000);
            String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n";
            RawClient client = proxy.client().send(head + body + GET);

            assertThat(client.readMessage()).endsWith("ok");
            assertThat(client.readMessage()).endsWith("ok");
            assertThat(upstream.requests()).anyMatch(request -> request.endsWith(body));
        }

        @ParameterizedTest
        @ValueSource(strings = {GET, UPGRADE, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"})
        void withoutAnIdleClientANewOneIsRefused(String request) throws Exception {
            proxy.route("/", proxy.upstream(silent()).url());
            List<RawClient> busy = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                busy.add(proxy.client().send(GET));
            }
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.CLIENTS) == PLACES);

            assertThat(proxy.client().send(request).readToEnd())
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                    .contains("retry-after: 1\r\n", "connection: close\r\n");
            assertThat(proxy.client().send(HEALTH).readToEnd())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("connection: close\r\n")
                    .endsWith("{\"status\":\"OK\"}");

            busy.get(0).close();
            proxy.route("/fast", proxy.upstream(StubUpstream.answering("ok")).url());
            await().atMost(ATTENTION)
                    .until(() -> proxy.client()
                            .send("GET /fast HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                            .readToEnd()
                            .endsWith("ok"));
        }

        @Test
        void clientsThatSayNothingDoNotKeepTheHealthCheckOut() throws Exception {
            proxy.route("/", proxy.upstream(silent()).url());
            for (int i = 0; i < PLACES; i++) {
                proxy.client().send(GET);
            }
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.CLIENTS) == PLACES);
            for (int i = 0; i < 3 * SPARE; i++) {
                proxy.client();
            }

            for (int i = 0; i < 5; i++) {
                assertThat(proxy.client().send(HEALTH).readToEnd()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(proxy.ledger().openCount(Role.CLIENT)).isLessThanOrEqualTo(PLACES + SPARE);
            assertThat(proxy.clientsIn(Phase.AWAITING_RESPONSE)).isEqualTo(PLACES);
        }

        @Test
        void aPlaceIsFreeAgainWhenItsClientHasGone() throws Exception {
            proxy.route("/", proxy.upstream(StubUpstream.answering("ok")).url());

            for (int i = 0; i < 5 * PLACES; i++) {
                try (RawClient client = new RawClient(proxy.proxy().port())) {
                    assertThat(client.send(GET).readMessage()).endsWith("ok");
                }
            }

            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.CLIENTS) == 0);
        }
    }

    @Nested
    class OfSocketsToUpstreams {
        @RegisterExtension
        final ProxyUnderTest proxy =
                ProxyUnderTest.with(config -> ProxyUnderTest.capacity(config, new CapacityConfig(1_000, 2, 1 << 20)));

        @Test
        void unusedSocketsMakeWay() throws Exception {
            proxy.route("/", proxy.upstream(StubUpstream.answering("one")).url());
            proxy.route("/other", proxy.upstream(StubUpstream.answering("two")).url());
            // The clients are on two event loops, each of which has a pool of its own.
            assertThat(proxy.client().send(GET).readMessage()).endsWith("one");
            assertThat(proxy.client().send(GET).readMessage()).endsWith("one");
            assertThat(proxy.proxy().used(Bound.UPSTREAM_SOCKETS)).isEqualTo(2);

            String answer = proxy.client()
                    .send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
                    .readMessage();

            assertThat(answer).endsWith("two");
        }

        @Test
        void withoutASocketARequestIsRefused() throws Exception {
            proxy.route("/", proxy.upstream(silent()).url());
            RawClient one = proxy.client().send(GET);
            proxy.client().send(GET);
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.UPSTREAM_SOCKETS) == 2);
            proxy.route("/other", proxy.upstream(StubUpstream.answering("ok")).url());
            String request = "GET /other HTTP/1.1\r\nHost: h\r\n\r\n";

            assertThat(proxy.client().send(request).readMessage()).startsWith("HTTP/1.1 503 ");

            one.close();
            RawClient client = proxy.client();
            await().atMost(ATTENTION)
                    .until(() -> client.send(request).readMessage().endsWith("ok"));
        }
    }
}
