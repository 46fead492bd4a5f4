package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.testing.FullBacklog;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends a phase that lasts for too long, and what may last for ever. */
class TimeoutIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    /** Generous: other work may keep the machine busy. */
    private static final Duration ATTENTION = Duration.ofSeconds(20);

    /** Runs {@code waits}, which must take from {@code least} to ten seconds. */
    private static String timed(long leastMillis, Waiting waits) throws Exception {
        long begin = System.nanoTime();
        String seen = waits.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(leastMillis), Duration.ofSeconds(10));
        return seen;
    }

    private interface Waiting {
        String run() throws Exception;
    }

    private static StubUpstream.Script silent() {
        return (connection, self) -> {
            self.heard(connection.readHead());
            connection.readToEnd();
        };
    }

    @Nested
    class OfARequestHead {
        @RegisterExtension
        final ProxyUnderTest proxy =
                ProxyUnderTest.withTimeouts(t -> t.requestHead(300).lingering(300));

        @ParameterizedTest
        @ValueSource(strings = {"G", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\n", "\r\nG"})
        void partOfAHeadIsAnswered408(String part) throws Exception {
            RawClient client = proxy.client().send(part);

            assertThat(timed(300, client::readToEnd)).startsWith("HTTP/1.1 408 ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\r\n", "\r\n\r\n"})
        void silenceEndsWithoutAWord(String nothing) throws Exception {
            RawClient client = proxy.client().send(nothing);

            assertThat(timed(300, client::readToEnd)).isEmpty();
        }

        @Test
        void aTrickledHeadGetsNoMoreTime() throws Exception {
            RawClient client = proxy.client();
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("never"));
            proxy.route("/", upstream.url());

            String answer = timed(300, () -> {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n");
                while (proxy.ledger().closedCount(Role.CLIENT) == 0) {
                    try {
                        client.send("A: b\r\n");
                    } catch (IOException closed) {
                        break;
                    }
                    Pace.millis(20);
                }
                return "ended";
            });

            assertThat(answer).isEqualTo("ended");
            assertThat(upstream.acceptedCount()).isZero();
        }

        @Test
        void theRestOfALateHeadIsNotServed() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("never"));
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send("GET / HTTP/1.1\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 408 ");

            client.send("Host: h\r\n\r\n" + GET);

            assertThat(client.readToEnd()).doesNotContain("HTTP/1.1");
            assertThat(upstream.acceptedCount()).isZero();
        }

        @Test
        void theSecondHeadOfAConnectionIsTimedToo() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(GET);
            client.readMessage();

            client.send("GET /again HTTP/1.1\r\n");

            assertThat(timed(250, client::readToEnd)).startsWith("HTTP/1.1 408 ");
        }

        @Test
        void aSlowBodyIsNoSlowHead() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");

            Pace.millis(600);

            assertThat(client.send("b").readMessage()).endsWith("ok");
        }
    }

    @Nested
    class OfAnIdleClient {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.keepAlive(300));

        @Test
        void anIdleConnectionEndsWithoutAWord() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(GET);
            client.readMessage();

            assertThat(timed(250, client::readToEnd)).isEmpty();
            await().until(() -> proxy.ledger().closedCount(CloseReason.DEADLINE) == 1);
        }

        @Test
        void aRequestKeepsItOpen() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            RawClient client = proxy.client();

            for (int i = 0; i < 8; i++) {
                assertThat(client.send(GET).readMessage()).endsWith("ok");
                Pace.millis(100);
            }
        }

        @Test
        void aLongAnswerIsNotIdle() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readMessage();
                Pace.millis(700);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
                Pace.millis(700);
                connection.send("k");
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());

            assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
        }

        @ParameterizedTest
        @ValueSource(strings = {"keep-alive", "close"})
        void clientsThatPauseGetTheWholeAnswer(String connectionField) throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                int size =
                        Integer.parseInt(connection.readMessage().split(" ")[1].substring(1));
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                connection.send(new byte[size]);
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            // Nobody knows how much the kernel takes; of some answers the proxy holds the end when the upstream is
            // done.
            Map<Integer, RawClient> clients = new LinkedHashMap<>();
            for (int size = 1024 * 1024; size < 6 * 1024 * 1024; size += 200 * 1024) {
                String request = "GET /" + size + " HTTP/1.1\r\nHost: h\r\nConnection: " + connectionField + "\r\n\r\n";
                clients.put(size, proxy.slowClient().send(request));
            }

            Pace.millis(700);

            for (Map.Entry<Integer, RawClient> client : clients.entrySet()) {
                client.getValue().readHead();
                assertThat(client.getValue().read(client.getKey())).hasSize(client.getKey());
            }
        }
    }

    @Nested
    class OfASilentUpstream {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.upstreamSilence(300));

        @Test
        void noAnswerIs503() throws Exception {
            StubUpstream upstream = proxy.upstream(silent());
            proxy.route("/", upstream.url());

            assertThat(timed(250, proxy.client().send(GET)::readMessage)).startsWith("HTTP/1.1 503 ");
            await().until(() -> upstream.openCount() == 0);
        }

        @Test
        void halfAnAnswerIsCutOff() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());

            assertThat(timed(250, proxy.client().send(GET)::readToEnd)).endsWith("half");
            await().until(() -> upstream.openCount() == 0);
        }

        @Test
        void aTrickleIsNoSilence() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                for (int i = 0; i < 10; i++) {
                    Pace.millis(100);
                    connection.send("x");
                }
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());

            assertThat(proxy.client().send(GET).readMessage()).endsWith("xxxxxxxxxx");
        }

        @Test
        void anUploadInProgressIsNoSilence() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");

            for (int i = 0; i < 10; i++) {
                Pace.millis(100);
                client.send("x");
            }

            assertThat(client.readMessage()).endsWith("ok");
        }

        @Test
        void anUpstreamThatIsNotReadBecauseTheClientIsSlowIsNotSilent() throws Exception {
            byte[] body = new byte[16 * 1024 * 1024];
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                connection.send(body);
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.slowClient().send(GET);
            client.readHead();

            Pace.millis(700);

            assertThat(client.read(body.length)).hasSize(body.length);
        }

        @Test
        void anIdleWebsocketStaysOpen() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.send(connection.read(4));
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            Pace.millis(700);

            assertThat(client.send("ping").read(4)).isEqualTo("ping");
        }
    }

    @Nested
    class OfASilentClient {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.clientSilence(300));

        @Test
        void aClientThatStopsInItsBodyIsDroppedWithoutAWord() throws Exception {
            StubUpstream upstream = proxy.upstream(silent());
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");

            assertThat(timed(250, client::readToEnd)).isEmpty();
            await().until(() -> upstream.openCount() == 0);
        }

        @Test
        void aClientThatWaitsForASilentUpstreamIsDroppedWithoutAWord() throws Exception {
            StubUpstream upstream = proxy.upstream(silent());
            proxy.route("/", upstream.url());

            assertThat(timed(250, proxy.client().send(GET)::readToEnd)).isEmpty();
            await().until(() -> upstream.openCount() == 0);
        }

        @Test
        void aClientThatDoesNotReadIsDropped() throws Exception {
            byte[] body = new byte[16 * 1024 * 1024];
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                connection.send(body);
            });
            proxy.route("/", upstream.url());
            proxy.slowClient().send(GET).readHead();

            await().until(() -> proxy.ledger().openCount() == 0);
        }

        @Test
        void anIdleWebsocketStaysOpen() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.send(connection.read(4));
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            Pace.millis(700);

            assertThat(client.send("ping").read(4)).isEqualTo("ping");
        }
    }

    @Nested
    class OfAPeerThatTakesNothing {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.stalled(500));

        private final byte[] much = new byte[16 * 1024 * 1024];

        @ParameterizedTest
        @ValueSource(strings = {GET, UPGRADE})
        void aClientThatDoesNotReadIsDropped(String request) throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + much.length + "\r\n\r\n");
                connection.send(much);
            });
            proxy.route("/", upstream.url());
            proxy.slowClient().send(request).readHead();

            await().atMost(ATTENTION).until(() -> proxy.ledger().openCount() == 0);
            assertThat(proxy.ledger().closedCount(CloseReason.DEADLINE)).isEqualTo(1);
        }

        @Test
        void aWebsocketsClientThatDoesNotReadIsDropped() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.send(much);
            });
            proxy.route("/", upstream.url());
            proxy.slowClient().send(UPGRADE).readHead();

            await().atMost(ATTENTION).until(() -> proxy.ledger().openCount() == 0);
            assertThat(proxy.ledger().closedCount(CloseReason.DEADLINE)).isEqualTo(1);
        }

        @Test
        void anUpstreamThatDoesNotReadIs503() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                Pace.untilClosed(connection);
            });
            proxy.route("/", upstream.url());
            RawClient client =
                    proxy.client().send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + much.length + "\r\n\r\n");
            Thread upload = new Thread(() -> {
                try {
                    client.send(much);
                } catch (IOException refused) {
                    // The answer comes while it is still sending.
                }
            });
            upload.setDaemon(true);
            upload.start();

            assertThat(client.readHead()).startsWith("HTTP/1.1 503 ");
        }

        @Test
        void aClientThatReadsSlowlyGetsAll() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + much.length + "\r\n\r\n");
                connection.send(much);
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.slowClient().send(GET);
            client.readHead();

            // Longer in all than a peer may take nothing, and never as long at once.
            for (int part = 0; part < 16; part++) {
                assertThat(client.read(much.length / 16)).hasSize(much.length / 16);
                Pace.millis(100);
            }
        }
    }

    @Nested
    class OfAnIdleTunnel {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.tunnelIdle(400));

        @Test
        void aTunnelThatCarriesNothingIsClosed() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            assertThat(timed(350, client::readToEnd)).isEmpty();
            await().atMost(ATTENTION).until(() -> proxy.ledger().openCount() == 0);
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void oneSideThatTalksKeepsBothOpen(boolean isClient) throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                if (isClient) {
                    connection.send(connection.read(12));
                } else {
                    for (int i = 0; i < 12; i++) {
                        Pace.millis(100);
                        connection.send("x");
                    }
                }
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            for (int i = 0; isClient && i < 12; i++) {
                Pace.millis(100);
                client.send("x");
            }

            assertThat(client.read(12)).isEqualTo("xxxxxxxxxxxx");
        }

        @Test
        void whatOneSideStillSendsDoesNotDelayTheEnd() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            client.shutdownOutput();

            await().atMost(ATTENTION).until(() -> proxy.ledger().openCount() == 0);
        }
    }

    @Nested
    class OfWaiting {
        @RegisterExtension
        final ProxyUnderTest proxy =
                ProxyUnderTest.withTimeouts(t -> t.connect(60_000).waiting(300));

        @Test
        void aRequestDoesNotWaitAsLongAsConnectingMayTake() throws Exception {
            try (FullBacklog full = new FullBacklog()) {
                proxy.route("/", full.url());

                assertThat(timed(250, proxy.client().send(GET)::readMessage)).startsWith("HTTP/1.1 503 ");
            }
        }
    }

    @Nested
    class OfAnUpgradeToASilentTarget {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.upstreamSilence(300));

        @Test
        void isTheShorterOfBothLimits() throws Exception {
            StubUpstream upstream = proxy.upstream(silent());
            proxy.route("/", upstream.url());

            assertThat(timed(250, proxy.client().send(UPGRADE)::readToEnd)).startsWith("HTTP/1.1 504 ");
        }
    }

    @Nested
    class OfEverythingElse {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.connect(300)
                .upgradeHandshake(300)
                .halfClosed(300)
                .lingering(300)
                .upstreamIdle(300)
                .keepAlive(300));

        @Test
        void anUpstreamThatDoesNotAcceptIs503() throws Exception {
            try (FullBacklog full = new FullBacklog()) {
                proxy.route("/", full.url());

                assertThat(timed(250, proxy.client().send(GET)::readMessage)).startsWith("HTTP/1.1 503 ");
            }
        }

        @Test
        void anUpgradeThatIsNotAnsweredIs504() throws Exception {
            StubUpstream upstream = proxy.upstream(silent());
            proxy.route("/", upstream.url());

            String answer = timed(250, proxy.client().send(UPGRADE)::readToEnd);

            assertThat(answer).startsWith("HTTP/1.1 504 ").endsWith("\r\n\r\n");
            await().until(() -> upstream.openCount() == 0);
        }

        @Test
        void aTunnelWhoseOneSideEndedIsEnded() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.readToEnd();
                Pace.untilClosed(connection);
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            client.shutdownOutput();

            assertThat(timed(250, client::readToEnd)).isIn("", "<reset>");
            await().until(() -> proxy.ledger().openCount() == 0);
        }

        @Test
        void theBodyOfARefusedRequestIsReadForALimitedTime() throws Exception {
            RawClient client = proxy.client().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");

            await().until(() -> proxy.ledger().openCount() == 0);
        }

        @Test
        void anUnusedUpstreamConnectionIsClosed() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", upstream.url());
            proxy.client().send(GET).readMessage();

            await().until(() -> upstream.openCount() == 0);

            await().until(() -> proxy.ledger().closedCount(CloseReason.EVICTED) == 1);
        }

        @Test
        void aSlowAnswerToAPlainRequestHasNoLimit() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                Pace.millis(700);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());

            assertThat(proxy.client().send(GET).readMessage()).endsWith("ok");
        }

        @Test
        void anIdleWebsocketStaysOpen() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(SWITCHING);
                connection.send(connection.read(4));
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.client().send(UPGRADE);
            client.readHead();

            Pace.millis(700);

            assertThat(client.send("ping").read(4)).isEqualTo("ping");
        }
    }
}
