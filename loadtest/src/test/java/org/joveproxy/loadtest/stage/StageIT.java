package org.joveproxy.loadtest.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.joveproxy.loadtest.kernel.TcpState;
import org.joveproxy.loadtest.kernel.TcpTable;
import org.joveproxy.loadtest.subject.Loopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bad habits really reach the other side of the socket. */
class StageIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private static Socket connect(Server server) throws IOException {
        Socket socket = new Socket();
        socket.connect(Loopback.port(server.port()));
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    @Test
    void aResetIsAResetAndNoFin() throws IOException {
        Server server = stage.raw("server", () -> new Script() {
            @Override
            public void opened(Wire wire) {
                wire.reset();
            }
        });
        try (Socket socket = connect(server)) {
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aFinLeavesTheOtherWayOpen() throws IOException {
        Server server = stage.raw("server", () -> new Script() {
            @Override
            public void opened(Wire wire) {
                wire.send("hello");
                wire.fin();
            }

            @Override
            public void received(Wire wire, byte[] bytes) {
                wire.close();
            }
        });
        try (Socket socket = connect(server)) {
            assertThat(socket.getInputStream().readAllBytes()).hasSize(5);
            assertThat(state(socket)).isEqualTo(TcpState.CLOSE_WAIT);
            socket.getOutputStream().write(1); // which the server still takes, and then it closes
            await(() -> server.connections() == 0);
        }
    }

    @Test
    void aFinOfTheOtherSideCanBeIgnored() throws IOException {
        Server server = stage.raw("server", () -> new Script() {
            @Override
            public void ended(Wire wire) {
                wire.send("still here");
            }
        });
        try (Socket socket = connect(server)) {
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readNBytes(10)).hasSize(10);
            assertThat(state(socket)).isEqualTo(TcpState.FIN_WAIT2);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void whoDoesNotReadClosesTheWindow() throws IOException, InterruptedException {
        AtomicLong received = new AtomicLong();
        Server server = stage.raw("server", () -> new Script() {
            @Override
            public void opened(Wire wire) {
                wire.stopReading();
            }

            @Override
            public void received(Wire wire, byte[] bytes) {
                received.addAndGet(bytes.length);
            }
        });
        Client client = stage.connect(server.port());
        long sent = client.sendUpTo(new byte[64 << 10], 1L << 30, Duration.ofSeconds(1));
        assertThat(sent).isLessThan(1L << 30);
        assertThat(received.get()).isZero();
        assertThat(client.isWritable()).isFalse();
    }

    @Test
    void nobodyListensAtNobodysPort() {
        int port = stage.nobody("nobody");
        assertThatThrownBy(() -> stage.connect(port)).hasRootCauseMessage("Connection refused");
        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.bind(Loopback.port(port));
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClientSeesTheStatusAndTheEnd() throws IOException, InterruptedException {
        Server server = stage.raw("server", () -> new Script() {
            @Override
            public void received(Wire wire, byte[] bytes) {
                wire.send("HTTP/1.1 404 Not Found\r\n\r\n");
                wire.fin();
            }
        });
        Client client = stage.connect(server.port());
        assertThat(client.status()).isZero();
        client.send("anything");
        assertThat(client.awaitStatus(LIMIT)).isEqualTo(404);
        assertThat(client.awaitOver(LIMIT)).isTrue();
    }

    @Test
    void theHubHangsOnlyAsLongAsItShall() throws IOException, InterruptedException {
        HubStandIn hub = new HubStandIn(stage, 1400);
        String request = "GET /hub/error/503 HTTP/1.1\r\nHost: hub\r\n\r\n";
        hub.hangs(true);
        Client waiting = stage.connect(hub.port());
        waiting.send(request);
        await(() -> hub.errorPages() == 1);
        assertThat(waiting.received()).isZero();

        hub.hangs(false);
        Client answered = stage.connect(hub.port());
        answered.send(request);
        assertThat(answered.awaitStatus(LIMIT)).isEqualTo(200);
        assertThat(answered.awaitTrue(() -> answered.received() > 1400, LIMIT)).isTrue();
        assertThat(waiting.received()).isZero();
    }

    @Test
    void theHubBreaksOffOnlyAsLongAsItShall() throws IOException, InterruptedException {
        HubStandIn hub = new HubStandIn(stage, 1400);
        hub.breaksOff(true);
        Client client = stage.connect(hub.port());
        client.send("GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
        assertThat(client.awaitOver(LIMIT)).isTrue();
        assertThat(client.text()).matches("(?s).*content-length: (\\d+)\r\n.*");
        long promised = Long.parseLong(client.text().replaceAll("(?s).*content-length: (\\d+)\r\n.*", "$1"));
        assertThat(client.received()).isGreaterThan(1400).isLessThan(promised);

        hub.breaksOff(false);
        Client next = stage.connect(hub.port());
        next.send("GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
        assertThat(next.awaitTrue(() -> next.received() > 1400, LIMIT)).isTrue();
        assertThat(next.isOver()).isFalse();
    }

    private static TcpState state(Socket socket) {
        return TcpTable.of(ProcessHandle.current().pid()).stream()
                .filter(s -> s.localPort() == socket.getLocalPort() && s.peerPort() == socket.getPort())
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(LIMIT).until(condition);
    }
}
