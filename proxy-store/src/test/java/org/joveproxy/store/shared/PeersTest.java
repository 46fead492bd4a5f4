package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {
    @Test
    void whoAsksIsNotHeldUpByOneThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(10_000);
            other.setSoTimeout(10_000);
            CompletableFuture<Duration> heard = new CompletableFuture<>();
            Peers peers = new Peers(() -> 7);

            peers.ask(List.of(url(silent), url(other)), (nanos, silence) -> {
                assertThat(nanos).isEqualTo(7);
                heard.complete(silence);
            });

            // Neither has answered yet, and both are asked.
            try (Socket first = silent.accept();
                    Socket second = other.accept()) {
                assertThat(first.isConnected()).isTrue();
                String body = "{\"store\":{\"working\":true,\"silentMillis\":120}}";
                second.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofMillis(120));
            }
        }
    }

    private static String url(ServerSocket at) {
        return "http://127.0.0.1:" + at.getLocalPort();
    }

    @Test
    void aStoreThatWorksIsSeen() {
        assertThat(Peers.silence("{\"status\":\"ready\",\"store\":{\"kind\":\"redis\",\"working\":true,"
                        + "\"detail\":\"\",\"silentMillis\":120}}"))
                .isEqualTo(Duration.ofMillis(120));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"store\":null}",
                "{\"store\":{\"working\":true}}",
                "{\"store\":{\"working\":true,\"silentMillis\":\"120\"}}",
                "{\"store\":{\"working\":false,\"silentMillis\":120}}",
                "{\"store\":{\"working\":\"true\",\"silentMillis\":120}}"
            })
    void anythingElseSaysNothing(String body) {
        assertThat(Peers.silence(body)).isNull();
    }
}
