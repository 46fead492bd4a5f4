package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hard bound of sockets to one upstream, over both event loops. Clients are dealt to the loops in turn. */
class BudgetIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static ProxyConfig limited(ProxyConfig config, int sockets, int waiters) {
        return ProxyUnderTest.upstream(config, new UpstreamConfig(sockets, waiters, 16, 5, List.of(), null));
    }

    abstract static class ManyClients {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> limited(config, limit(), 1_000));

        abstract int limit();

        @ParameterizedTest
        @ValueSource(strings = {"", "Connection: close\r\n"})
        void allAreServedAndNeverOverMoreSockets(String field) throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                while (true) {
                    self.heard(connection.readMessage());
                    Pace.millis(2);
                    connection.send("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 2\r\n\r\nok");
                    if (!field.isEmpty()) {
                        return;
                    }
                }
            });
            proxy.route("/", upstream.url());
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(proxy.client());
            }

            for (int round = 0; round < 5; round++) {
                for (RawClient client : clients) {
                    client.send(GET);
                }
                for (RawClient client : clients) {
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                    assertThat(proxy.proxy().upstreamPermitsInUse()).isBetween(0, limit());
                }
            }

            assertThat(upstream.requests()).hasSize(200);
            await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) <= limit());
        }

        @Test
        void waitersThatLeaveMakeRoomForOthers() throws Exception {
            Semaphore answers = new Semaphore(0);
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                while (true) {
                    self.heard(connection.readMessage());
                    answers.acquire();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            });
            proxy.route("/", upstream.url());
            List<RawClient> first =
                    IntStream.range(0, limit()).mapToObj(i -> sent()).toList();
            await().until(() -> upstream.requests().size() == limit());
            List<RawClient> leaving =
                    IntStream.range(0, 40).mapToObj(i -> sent()).toList();
            List<RawClient> staying =
                    IntStream.range(0, 4).mapToObj(i -> sent()).toList();
            await().until(() -> waiting(44));

            for (RawClient client : leaving) {
                client.close();
            }
            await().until(() -> waiting(4));
            answers.release(100);

            for (RawClient client : first) {
                assertThat(client.readMessage()).endsWith("ok");
            }
            for (RawClient client : staying) {
                assertThat(client.readMessage()).endsWith("ok");
            }
            assertThat(upstream.requests()).hasSize(limit() + 4);
            assertThat(proxy.proxy().upstreamPermitsInUse()).isLessThanOrEqualTo(limit());
        }

        private RawClient sent() {
            try {
                return proxy.client().send(GET);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean waiting(int count) {
            return proxy.clientsIn(Phase.ACQUIRING) == count;
        }
    }

    @Nested
    class OfOneSocket extends ManyClients {
        @Override
        int limit() {
            return 1;
        }
    }

    @Nested
    class OfTwoSockets extends ManyClients {
        @Override
        int limit() {
            return 2;
        }
    }

    @Nested
    class OfThreeSockets extends ManyClients {
        @Override
        int limit() {
            return 3;
        }
    }

    @Nested
    class WhenItIsSpent {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.timeouts(
                limited(config, 1, 2), new Timeouts().connect(1_000).config()));

        @Test
        void anUnusedSocketOfTheOtherLoopMakesWay() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());

            // Of two clients in a row, each is on another loop.
            for (int i = 0; i < 6; i++) {
                assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
                assertThat(proxy.proxy().upstreamPermitsInUse()).isEqualTo(1);
            }

            assertThat(upstream.acceptedCount()).isEqualTo(6);
        }

        @Test
        void aSocketThatComesFreeOnTheOtherLoopMakesWay() throws Exception {
            Semaphore answers = new Semaphore(0);
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                while (true) {
                    self.heard(connection.readMessage());
                    answers.acquire();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            });
            proxy.route("/", upstream.url());
            RawClient here = proxy.client().send(GET);
            await().until(() -> upstream.requests().size() == 1);
            RawClient there = proxy.client().send(GET);
            await().until(() -> proxy.clientsIn(Phase.ACQUIRING) == 1);

            answers.release(2);

            assertThat(here.readMessage()).endsWith("ok");
            assertThat(there.readMessage()).startsWith("HTTP/1.1 200 ");
        }

        @Test
        void whoWaitsForTooLongGets503() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                self.heard(connection.readMessage());
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient busy = proxy.client().send(GET);
            await().until(() -> upstream.requests().size() == 1);

            assertThat(proxy.client().send(GET).readMessage())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nretry-after: 1\r\n");
            busy.close();
            assertThat(upstream.acceptedCount()).isEqualTo(1);
        }

        @Test
        void whoFindsEnoughWaitersGets503AtOnce() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                self.heard(connection.readMessage());
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient busy = proxy.client().send(GET);
            await().until(() -> upstream.requests().size() == 1);

            // Each of the two loops lets two wait.
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(proxy.client().send(GET));
            }
            await().atMost(Duration.ofMillis(900)).until(() -> proxy.clientsIn(Phase.ACQUIRING) == 4);

            for (RawClient client : clients) {
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 503 ")
                        .containsIgnoringCase("\r\nretry-after: 1\r\n");
            }
            busy.close();
        }

        @Test
        void aTunnelHoldsItsPermit() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient websocket = proxy.client().send(UPGRADE);
            websocket.readHead();
            assertThat(proxy.client().send(GET).readMessage()).startsWith("HTTP/1.1 503 ");

            websocket.close();
            await().until(() -> proxy.proxy().upstreamPermitsInUse() == 0);

            assertThat(proxy.client().send(UPGRADE).readHead()).startsWith("HTTP/1.1 101 ");
        }

        @Test
        void theOneSocketIsReplacedWhenItWasStale() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                self.heard(connection.readMessage());
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                // Takes the next request and leaves without a word.
                self.heard(connection.readMessage());
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client();

            assertThat(client.send(GET).readMessage()).endsWith("ok");
            assertThat(client.send(GET).readMessage()).endsWith("ok");

            assertThat(proxy.proxy().upstreamPermitsInUse()).isLessThanOrEqualTo(1);
            assertThat(upstream.acceptedCount()).isEqualTo(2);
        }

        @Test
        void aDeadUpstreamKeepsNoPermit() throws Exception {
            proxy.route("/", proxy.deadUrl());

            for (int i = 0; i < 10; i++) {
                assertThat(proxy.client().send(GET).readMessage()).startsWith("HTTP/1.1 503 ");
            }

            await().until(() -> proxy.proxy().upstreamPermitsInUse() == 0);
            assertThat(proxy.ledger().openCount(Role.UPSTREAM)).isZero();
        }
    }
}
