package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.awaitility.Awaitility;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Server;
import org.joveproxy.loadtest.stage.Stage;
import org.joveproxy.loadtest.stage.Wire;
import org.joveproxy.loadtest.subject.Loopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cable between a replica and its store really does what is said of it. */
class RelayIT {
    private final Stage stage = new Stage();
    private final Server echo = stage.raw("echo", () -> new Script() {
        @Override
        public void received(Wire wire, byte[] bytes) {
            wire.send(bytes);
        }
    });
    private final Relay relay = new Relay(stage.loops(), echo.port());
    private Socket socket = new Socket();

    @BeforeEach
    void connect() throws IOException {
        socket = new Socket();
        socket.connect(Loopback.port(relay.port()));
        socket.setSoTimeout(30_000);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        relay.close();
        stage.close();
    }

    private void connectAnew() throws IOException {
        socket.close();
        connect();
    }

    private int exchange(int letter) throws IOException {
        socket.getOutputStream().write(letter);
        return socket.getInputStream().read();
    }

    @Test
    void bytesPass() throws IOException {
        assertThat(exchange('a')).isEqualTo('a');
    }

    @Test
    void nothingPassesAndNobodyIsToldUntilItIsMended() throws IOException {
        assertThat(exchange('a')).isEqualTo('a');
        relay.freeze();

        socket.setSoTimeout(200);
        assertThatThrownBy(() -> exchange('b')).isInstanceOf(SocketTimeoutException.class);

        relay.mend();
        socket.setSoTimeout(30_000);
        assertThat(socket.getInputStream().read()).isEqualTo('b');
    }

    @Test
    void itIsPulled() throws IOException {
        assertThat(exchange('a')).isEqualTo('a');
        relay.pull();

        assertThat(socket.getInputStream().read()).isNegative();
        // The kernel may take a connection or two before the loop has let go of the closed socket.
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(this::connectAnew).isInstanceOf(ConnectException.class));

        relay.mend();
        connectAnew();
        assertThat(exchange('c')).isEqualTo('c');
    }
}
