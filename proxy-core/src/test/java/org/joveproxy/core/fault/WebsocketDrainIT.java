package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order to stop, as websockets hear of it. */
class WebsocketDrainIT {
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final String GOING_AWAY = "\u0088\u0002\u0003\u00e9";
    private static final String CLIENTS_CLOSE = "\u0088\u0082\0\0\0\0\u0003\u00e9";
    private static final String HI = "\u0081\u0002hi";

    private final Semaphore order = new Semaphore(0);

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.drain(8_000).halfClosed(1_000));

    /** An upstream that sends {@code first}, and {@code then} when it is told to, and hears all that the client says. */
    private static StubUpstream.Script sending(String first, Semaphore order, String then) {
        return (connection, self) -> {
            connection.readHead();
            connection.send(SWITCHING + first);
            order.acquire();
            connection.send(then);
            self.heard(connection.readToEnd());
        };
    }

    private static RawClient websocket(ProxyUnderTest to) throws IOException {
        RawClient client = to.client().send(UPGRADE);
        client.readHead();
        await().until(() -> to.clientsIn(Phase.TUNNEL) > 0);
        return client;
    }

    @Test
    void theClientIsToldAndItsGoodbyeReachesTheUpstream() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send(SWITCHING);
            self.heard(connection.read(CLIENTS_CLOSE.length()));
        });
        proxy.route("/", upstream.url());
        RawClient client = websocket(proxy);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();

        assertThat(client.read(4)).isEqualTo(GOING_AWAY);
        assertThat(client.send(CLIENTS_CLOSE).readToEnd()).isEmpty();
        assertThat(upstream.requests()).containsExactly(CLIENTS_CLOSE);
        client.close();
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
        await().until(() -> proxy.ledger().closedCount(CloseReason.SHUTDOWN) == 2);
    }

    @Test
    void nothingFollowsTheCloseFrame() throws Exception {
        proxy.route("/", proxy.upstream(sending(HI, order, HI)).url());
        RawClient client = websocket(proxy);
        assertThat(client.read(4)).isEqualTo(HI);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        assertThat(client.read(4)).isEqualTo(GOING_AWAY);
        order.release();

        assertThat(client.readToEnd())
                .as("until the limit of a half-closed tunnel")
                .isEmpty();
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
    }

    @Test
    void aFrameUnderWayComesToItsEndFirst() throws Exception {
        proxy.route(
                "/",
                proxy.upstream(sending(HI + "\u0082\nfirst", order, "later" + HI + HI))
                        .url());
        RawClient client = websocket(proxy);
        assertThat(client.read(11)).isEqualTo(HI + "\u0082\nfirst");

        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        assertThat(proxy.clientsIn(Phase.TLS_HANDSHAKE))
                .as("both loops have heard it")
                .isZero();
        assertThat(proxy.clientsIn(Phase.TUNNEL)).isEqualTo(1);
        order.release();

        assertThat(client.readToEnd()).isEqualTo("later" + GOING_AWAY);
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
    }

    @Test
    void aCloseOfTheUpstreamsIsNotFollowedByAnother() throws Exception {
        String close = "\u0088\u0002\u0003\u00e8";
        proxy.route("/", proxy.upstream(sending(close, order, "")).url());
        RawClient client = websocket(proxy);
        assertThat(client.read(4)).isEqualTo(close);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();

        assertThat(client.readToEnd()).isEmpty();
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
        order.release();
    }

    @Test
    void otherProtocolsHaveAllTheTime() throws Exception {
        proxy.route(
                "/",
                proxy.upstream((connection, self) -> {
                            connection.readHead();
                            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n"
                                    + "Connection: Upgrade\r\n\r\n");
                            connection.send(connection.read(4));
                        })
                        .url());
        RawClient client = websocket(proxy);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        assertThat(proxy.clientsIn(Phase.TLS_HANDSHAKE))
                .as("both loops have heard it")
                .isZero();

        assertThat(client.send("ping").readToEnd()).isEqualTo("ping");
        client.close();
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
    }

    @Test
    void manyAreToldOneAfterTheOther() throws Exception {
        proxy.route("/", proxy.upstream(sending("", order, "")).url());
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(websocket(proxy));
        }

        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        await().until(() -> proxy.clientsIn(Phase.HALF_CLOSED) > 0);
        assertThat(proxy.clientsIn(Phase.TUNNEL)).isPositive();

        for (RawClient client : clients) {
            assertThat(client.readToEnd()).isEqualTo(GOING_AWAY);
        }
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
    }

    @Nested
    class InAShortTime {
        @RegisterExtension
        final ProxyUnderTest hurried = ProxyUnderTest.withTimeouts(t -> t.drain(1_000));

        @Test
        void allAreToldAndNoneIsWaitedForForLong() throws Exception {
            hurried.route("/", hurried.upstream(sending("", order, "")).url());
            RawClient one = websocket(hurried);
            RawClient other = websocket(hurried);

            CutOff cutOff = hurried.proxy().drain().join();

            assertThat(cutOff).isEqualTo(CutOff.NOTHING);
            assertThat(hurried.clientsIn(Phase.HALF_CLOSED)).isEqualTo(2);
            assertThat(one.read(4)).isEqualTo(GOING_AWAY);
            assertThat(other.read(4)).isEqualTo(GOING_AWAY);
        }

        @Test
        void whoIsInTheMiddleOfAFrameIsCutOff() throws Exception {
            hurried.route(
                    "/", hurried.upstream(sending("\u0082\nfirst", order, "")).url());
            RawClient client = websocket(hurried);
            client.read(7);

            assertThat(hurried.proxy().drain().join()).isEqualTo(new CutOff(0, 1));
            assertThat(hurried.clientsIn(Phase.TUNNEL)).isEqualTo(1);
        }
    }
}
