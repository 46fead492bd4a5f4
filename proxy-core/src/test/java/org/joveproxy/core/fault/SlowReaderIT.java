package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.observe.Bounds.Bound;
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

/** Clients and upstreams that do not take what is sent to them: what waits for them in memory is bounded. */
class SlowReaderIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String LONG_BODY = "HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n";
    private static final String LONG_CHUNKS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000000\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final Duration ATTENTION = Duration.ofSeconds(20);
    private static final int KIB = 1024;

    /** Sends {@code head} and then without end, as far as somebody takes it; {@code sent} counts. */
    private static StubUpstream.Script pouring(String head, AtomicLong sent) {
        return (connection, self) -> {
            connection.readHead();
            connection.send(head);
            byte[] piece = new byte[64 * KIB];
            while (true) {
                connection.send(piece);
                sent.addAndGet(piece.length);
            }
        };
    }

    /** Reads a head, sends {@code answer}, and then neither reads nor closes, whatever the other side does. */
    private static StubUpstream.Script deaf(String answer) {
        return (connection, self) -> {
            connection.socket().setReceiveBufferSize(64 * KIB);
            connection.readHead();
            connection.send(answer);
            Pace.untilClosed(connection);
        };
    }

    /** Has {@code client} send without end, as far as somebody takes it; {@code sent} counts. */
    private static void pourInto(RawClient client, AtomicLong sent) {
        Thread upload = new Thread(() -> {
            try {
                while (true) {
                    client.send(new byte[64 * KIB]);
                    sent.addAndGet(64 * KIB);
                }
            } catch (IOException endOfTest) {
                // Closed by the test.
            }
        });
        upload.setDaemon(true);
        upload.start();
    }

    /** Waits until nobody takes anything any more. */
    private static void awaitStandstill(AtomicLong counter) {
        await().atMost(ATTENTION).until(() -> {
            long before = counter.get();
            Pace.millis(300);
            return before > 0 && counter.get() == before;
        });
    }

    @Nested
    class OneOfThem {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        /** On a busy machine the kernel's buffers may fill so slowly that a pause looks like the end. */
        private void awaitWaiting() {
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) > 0);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    GET + "|" + LONG_BODY,
                    GET + "|" + LONG_CHUNKS,
                    UPGRADE + "|" + LONG_BODY,
                    UPGRADE + "|" + SWITCHING
                })
        void aClientThatNeverReadsHoldsLittle(String requestAndHead) throws Exception {
            int bar = requestAndHead.indexOf('|');
            AtomicLong sent = new AtomicLong();
            StubUpstream upstream = proxy.upstream(pouring(requestAndHead.substring(bar + 1), sent));
            proxy.route("/", upstream.url());

            proxy.slowClient().send(requestAndHead.substring(0, bar));

            awaitStandstill(sent);
            awaitWaiting();
            // What may wait, and one read more.
            assertThat(proxy.proxy().used(Bound.BUFFERED_BYTES)).isLessThanOrEqualTo(144L * KIB);
        }

        @ParameterizedTest
        @ValueSource(strings = {"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 300000000\r\n\r\n", UPGRADE})
        void anUpstreamThatNeverReadsHoldsLittle(String request) throws Exception {
            StubUpstream upstream = proxy.upstream(deaf(request.equals(UPGRADE) ? SWITCHING : ""));
            proxy.route("/", upstream.url());
            AtomicLong sent = new AtomicLong();
            pourInto(proxy.client().send(request), sent);

            awaitStandstill(sent);
            awaitWaiting();
            assertThat(proxy.proxy().used(Bound.BUFFERED_BYTES)).isLessThanOrEqualTo(144L * KIB);
        }

        @Test
        void whatWaitsArrivesWhenTheClientReads() throws Exception {
            byte[] body = new byte[20_000_000];
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                connection.send(body);
                connection.readToEnd();
            });
            proxy.route("/", upstream.url());
            RawClient client = proxy.slowClient().send(GET);
            client.readHead();
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) > 0);

            assertThat(client.read(body.length)).hasSize(body.length);
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) == 0);
        }
    }

    @Nested
    class ManyOfThem {
        private static final long BUDGET = 2L * KIB * KIB;
        private static final int CLIENTS = 150;

        private void awaitBuffered(long bytes) {
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) >= bytes);
        }

        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(
                config -> ProxyUnderTest.capacity(config, new CapacityConfig(10_000, 20_000, BUDGET)));

        @ParameterizedTest
        @ValueSource(strings = {GET + "|" + LONG_BODY, UPGRADE + "|" + SWITCHING})
        void togetherTheyHoldNoMoreThanTheBudget(String requestAndHead) throws Exception {
            int bar = requestAndHead.indexOf('|');
            AtomicLong sent = new AtomicLong();
            proxy.route(
                    "/slow",
                    proxy.upstream(pouring(requestAndHead.substring(bar + 1), sent))
                            .url());
            String request = requestAndHead.substring(0, bar).replaceFirst(" /[a-z]* ", " /slow ");
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                slow.add(proxy.slowClient().send(request));
            }
            awaitBuffered(CLIENTS * 2L * KIB);
            awaitStandstill(sent);
            long held = proxy.proxy().used(Bound.BUFFERED_BYTES);

            assertThat(held).isLessThanOrEqualTo(BUDGET);
            // Somebody who reads is served as ever.
            String large = "x".repeat(500 * KIB);
            proxy.route("/fast", proxy.upstream(StubUpstream.answering(large)).url());
            RawClient fast = proxy.client();
            for (int i = 0; i < 5; i++) {
                assertThat(fast.send("GET /fast HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                        .endsWith(large);
            }

            for (RawClient client : slow) {
                client.close();
            }
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) == 0);
        }
    }

    @Nested
    class MoreThanThereIsMemoryFor {
        private static final int CLIENTS = 24;

        private void awaitBuffered(long bytes) {
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) >= bytes);
        }

        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(
                config -> ProxyUnderTest.capacity(config, new CapacityConfig(10_000, 20_000, 64 * KIB)));

        @Test
        void newRequestsAreRefusedUntilThereIsRoomAgain() throws Exception {
            AtomicLong sent = new AtomicLong();
            proxy.route("/", proxy.upstream(pouring(LONG_BODY, sent)).url());
            proxy.route("/fast", proxy.upstream(StubUpstream.answering("ok")).url());
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                slow.add(proxy.slowClient().send(GET));
            }
            awaitBuffered(64 * KIB + 1);

            RawClient client = proxy.client();
            String request = "GET /fast HTTP/1.1\r\nHost: h\r\n\r\n";
            assertThat(client.send(request).readMessage())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("retry-after: 1\r\n", "connection: keep-alive\r\n");
            assertThat(client.send("GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readMessage())
                    .startsWith("HTTP/1.1 200 ");
            assertThat(client.send(UPGRADE).readToEnd())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("retry-after: 1\r\n", "connection: close\r\n");

            for (RawClient each : slow) {
                each.close();
            }
            RawClient later = proxy.client();
            await().atMost(ATTENTION)
                    .until(() -> later.send(request).readMessage().endsWith("ok"));
        }

        private static boolean isAnswered(RawClient client) {
            try {
                return client.socket().getInputStream().available() > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void headsThatDoNotEndMakeWay() throws Exception {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                slow.add(proxy.client().send("GET / HTTP/1.1\r\nX: " + "x".repeat(12 * KIB)));
            }

            List<RawClient> refused = new ArrayList<>();
            await().atMost(ATTENTION).until(() -> {
                slow.removeIf(client -> isAnswered(client) && refused.add(client));
                return refused.size() >= 3 && proxy.proxy().used(Bound.BUFFERED_BYTES) <= 64 * KIB;
            });

            for (RawClient client : refused) {
                assertThat(client.readToEnd()).startsWith("HTTP/1.1 503 ");
            }
            for (RawClient client : slow) {
                client.close();
            }
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) == 0);
        }
    }

    @Nested
    class TunnelsToServersThatDoNotRead {
        private static final long BUDGET = 64L * KIB;
        private static final int STAYING = 2;
        // Each has more than 4 KiB waiting, so that together they hold more than half of the budget.
        private static final int LEAVING = 8;

        /** A tunnel's other side would be closed in a while anyway. Here that is long after the end of the test. */
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.timeouts(
                ProxyUnderTest.capacity(config, new CapacityConfig(10_000, 20_000, BUDGET)),
                new Timeouts().halfClosed(600_000).config()));

        private List<RawClient> tunnels(int count) throws IOException {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                RawClient client = proxy.client().send(UPGRADE);
                client.readHead();
                clients.add(client);
            }
            return clients;
        }

        @Test
        void thoseThatTheirClientsLeftMakeWay() throws Exception {
            proxy.route("/", proxy.upstream(deaf(SWITCHING)).url());
            tunnels(STAYING).forEach(client -> pourInto(client, new AtomicLong()));
            List<RawClient> leaving = tunnels(LEAVING);
            AtomicLong sent = new AtomicLong();
            leaving.forEach(client -> pourInto(client, sent));
            awaitStandstill(sent);
            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) > BUDGET / 2);

            for (RawClient client : leaving) {
                client.reset();
            }

            await().atMost(ATTENTION).until(() -> proxy.proxy().used(Bound.BUFFERED_BYTES) <= BUDGET / 2);
            assertThat(proxy.clientsIn(Phase.TUNNEL)).isEqualTo(STAYING);
        }
    }
}
