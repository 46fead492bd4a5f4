package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Server;
import org.joveproxy.loadtest.stage.Stage;
import org.joveproxy.loadtest.stage.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client tells what came, and sends nothing twice. */
class CallerIT {
    private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Stage stage = new Stage();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    @AfterEach
    void close() {
        stage.close();
    }

    /** A client of a server that answers each request with {@code answer} and does {@code then}. */
    private Caller caller(String answer, boolean endsThen) {
        Server server = stage.raw("server", () -> new Script() {
            @Override
            public void opened(Wire wire) {
                opened.incrementAndGet();
            }

            @Override
            public void received(Wire wire, byte[] bytes) {
                requests.incrementAndGet();
                wire.send(answer);
                if (endsThen) {
                    wire.close();
                }
            }
        });
        return new Caller(server.port(), () -> 0);
    }

    private static Caller.Answer call(Caller caller, int keepFor) {
        return caller.call("GET", "/x", "", "", keepFor);
    }

    @Test
    void aConnectionIsGoodForAsManyRequestsAsItIsKeptFor() {
        try (Caller caller = caller(WHOLE, false)) {
            for (int i = 0; i < 5; i++) {
                assertThat(call(caller, 2).body()).isEqualTo("ok");
            }
        }
        assertThat(opened).hasValue(3);
    }

    @Test
    void chunksAreOneBody() {
        try (Caller caller = caller(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n",
                false)) {
            assertThat(call(caller, 2).body()).isEqualTo("abc0123456789");
            assertThat(call(caller, 2).isWhole()).isTrue();
        }
        assertThat(opened).hasValue(1);
    }

    @Test
    void halfAnAnswerIsNone() {
        try (Caller caller = caller("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok", true)) {
            Caller.Answer answer = call(caller, 2);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isWhole()).isFalse();
            assertThat(answer.trouble()).isEqualTo("closed after 2 of 20 bytes");
        }
    }

    @Test
    void aLostRequestIsNotSentAgain() {
        try (Caller caller = caller("", true)) {
            Caller.Answer answer = call(caller, 2);

            assertThat(answer.status()).isZero();
            assertThat(answer.trouble()).isIn("closed", "reset");
            assertThat(answer.localPort()).isPositive();
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void nobodyListens() {
        try (Caller caller = new Caller(stage.nobody("nobody"), () -> 0)) {
            assertThat(call(caller, 2).trouble()).isEqualTo("refused");
            assertThat(caller.isFresh()).isTrue();
        }
    }
}
