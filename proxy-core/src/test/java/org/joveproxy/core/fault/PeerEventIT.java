package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.FullBacklog;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.SwitchableServer;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that a peer can do in each phase: afterwards no socket and no permit is left, and no bug was logged. */
class PeerEventIT {
    private static final String HEAD = "GET /u HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final int TIMES = 4;

    private final SwitchableServer pages = new SwitchableServer();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.errorPages(
            ProxyUnderTest.timeouts(config, timeouts().config()),
            new ErrorPageConfig(Target.parse(pages.url()), null)));

    private static Timeouts timeouts() {
        return new Timeouts()
                .requestHead(200)
                .keepAlive(200)
                .upstreamSilence(200)
                .connect(200)
                .upgradeHandshake(200)
                .upstreamIdle(200)
                .halfClosed(200)
                .lingering(200);
    }

    @AfterEach
    void pagesEnd() throws IOException {
        pages.close();
    }

    /** What a peer does. */
    enum Event {
        FIN {
            @Override
            void happen(RawClient peer) throws IOException {
                peer.close();
            }
        },
        HALF_CLOSE {
            @Override
            void happen(RawClient peer) throws IOException {
                peer.shutdownOutput();
            }
        },
        RST {
            @Override
            void happen(RawClient peer) throws IOException {
                peer.reset();
            }
        },
        SILENCE {
            @Override
            void happen(RawClient peer) {}
        },
        GARBAGE {
            @Override
            void happen(RawClient peer) throws IOException {
                peer.send("\0\u00ff garbage \r\n\r\n\r\n: x\r\n\r\n");
            }
        };

        abstract void happen(RawClient peer) throws IOException;
    }

    /** Where a client's connection is. */
    enum ClientPhase {
        BEFORE_THE_HEAD(""),
        IN_THE_REQUEST_LINE("GET /u HT"),
        IN_THE_HEAD("GET /u HTTP/1.1\r\nHost: h\r\nA:"),
        IN_A_BODY_WITH_LENGTH("POST /u HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc"),
        IN_A_CHUNK("POST /u HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nabc"),
        BETWEEN_CHUNKS("POST /u HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        AWAITING_AN_ANSWER(HEAD),
        AWAITING_AN_ANSWER_WITH_ANOTHER_REQUEST_SENT(HEAD + HEAD),
        IN_THE_ANSWER("GET /u/slow HTTP/1.1\r\nHost: h\r\n\r\n"),
        AWAITING_101("GET /u HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
        AFTER_101("GET /u/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
        ACQUIRING("GET /full HTTP/1.1\r\nHost: h\r\n\r\n"),
        ACQUIRING_WITH_A_BODY("POST /full HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc"),
        AWAITING_AN_ERROR_PAGE("GET /none HTTP/1.1\r\nHost: h\r\n\r\n"),
        AWAITING_AN_ERROR_PAGE_WITH_A_BODY("POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc"),
        LINGERING("POST /_chp_healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc"),
        IDLE("GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n");

        private final String sent;

        ClientPhase(String sent) {
            this.sent = sent;
        }

        boolean awaitsPage() {
            return this == AWAITING_AN_ERROR_PAGE || this == AWAITING_AN_ERROR_PAGE_WITH_A_BODY;
        }

        boolean isAnswered() {
            return this == IN_THE_ANSWER || this == AFTER_101 || this == LINGERING || this == IDLE;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAClient(ClientPhase phase) throws Exception {
        pages.serve((connection, self) -> {
            connection.readHead();
            if (!phase.awaitsPage()) {
                connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            }
            connection.readToEnd();
        });
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            String head = connection.readHead();
            if (head.startsWith("GET /u/slow")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            } else if (head.startsWith("GET /u/ws")) {
                connection.send(SWITCHING);
            }
            connection.readToEnd();
        });
        proxy.route("/u", upstream.url());
        try (FullBacklog full = new FullBacklog()) {
            proxy.route("/full", full.url());
            for (Event event : Event.values()) {
                for (int i = 0; i < TIMES; i++) {
                    RawClient client = proxy.client().send(phase.sent);
                    if (phase.isAnswered()) {
                        client.readHead();
                    }
                    event.happen(client);
                }
            }

            assertAllEnd(phase == ClientPhase.AFTER_101);
        }
    }

    /** A websocket may be silent for ever, and what it says is nobody's business. */
    private void assertAllEnd(boolean areTunnels) {
        int left = areTunnels ? 2 * TIMES : 0;
        await().until(() -> proxy.ledger().openCount() == 2L * left);
        await().until(() -> proxy.clientsIn(Phase.TUNNEL) == left);
        await().until(() -> proxy.proxy().upstreamPermitsInUse() == left);
    }

    /** Where an upstream's connection is. */
    enum UpstreamPhase {
        BEFORE_THE_HEAD(""),
        IN_THE_STATUS_LINE("HTTP/1.1 2"),
        IN_THE_HEAD("HTTP/1.1 200 OK\r\nContent-"),
        AFTER_THE_NEWS("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"),
        AFTER_THE_HEAD("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
        IN_A_BODY_WITH_LENGTH("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"),
        IN_A_CHUNK("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nabc"),
        BETWEEN_CHUNKS("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        IN_A_BODY_UNTIL_THE_END("HTTP/1.1 200 OK\r\n\r\nabc"),
        AFTER_THE_ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
        AFTER_101(SWITCHING);

        private final String sent;

        UpstreamPhase(String sent) {
            this.sent = sent;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAnUpstream(UpstreamPhase phase) throws Exception {
        for (Event event : Event.values()) {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readHead();
                connection.send(phase.sent);
                event.happen(connection);
                connection.readToEnd();
            });
            proxy.route("/" + event, upstream.url());
        }
        boolean isTunnel = phase == UpstreamPhase.AFTER_101;
        String upgrade = isTunnel ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : "";
        List<RawClient> clients = new ArrayList<>();
        for (Event event : Event.values()) {
            for (int i = 0; i < TIMES; i++) {
                clients.add(proxy.client().send("GET /" + event + " HTTP/1.1\r\nHost: h\r\n" + upgrade + "\r\n"));
            }
        }

        for (RawClient client : clients) {
            assertThat(client.readHead()).matches("(?s)HTTP/1\\.1 (101|103|200|503) .*");
        }
        assertAllEnd(isTunnel);
    }

    /** The same events on the way to the page of an error. */
    @Test
    void ofAPageServer() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        pages.serve((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            Event.values()[asked.getAndIncrement() % Event.values().length].happen(connection);
            connection.readToEnd();
        });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4 * TIMES; i++) {
            clients.add(proxy.client().send("GET /none/" + i + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
        }

        for (RawClient client : clients) {
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 404 ");
        }
        assertAllEnd(false);
    }

    /** A client that waits for a page has sent its head: the time for that is no matter any more. */
    @ParameterizedTest
    @ValueSource(strings = {"/none", "/%"})
    void ofAPageServerThatTakesLongerThanAHeadMay(String path) throws Exception {
        pages.serve((connection, self) -> {
            connection.readHead();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(900));
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
            connection.readToEnd();
        });

        RawClient client = proxy.client().send("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(client.readToEnd()).matches("(?s)HTTP/1\\.1 40[04] .*page");
    }
}
