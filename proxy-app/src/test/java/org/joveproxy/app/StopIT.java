package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.app.LaunchedProxy.ask;
import static org.joveproxy.app.LaunchedProxy.freePort;
import static org.joveproxy.app.LaunchedProxy.get;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGTERM, as downloads, browsers and websockets live through it. */
@Timeout(180)
final class StopIT {
    private static final int WEBSOCKETS = 50;
    private static final int PIECES = 100;
    private static final String PIECE = "one hundredth of a download of ten seconds\n";
    private static final Pattern KEY = Pattern.compile("(?i)\r\nSec-WebSocket-Key: *(\\S+)\r\n");

    // ---- downloads ----

    private static StubUpstream slowDownload() throws IOException {
        return new StubUpstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + PIECES * PIECE.length() + "\r\n\r\n");
            for (int i = 0; i < PIECES; i++) {
                connection.send(PIECE);
                Pace.millis(100);
            }
        });
    }

    @Test
    void aDownloadOfTenSecondsComesWholeWhereItHasTheTime() throws Exception {
        int port = freePort();
        try (StubUpstream upstream = slowDownload();
                LaunchedProxy proxy =
                        LaunchedProxy.serving(port, "--default-target=" + upstream.url(), "--drain-timeout=30s");
                RawClient client = new RawClient(port)) {
            client.send(get("/"));
            client.readHead();
            client.read(PIECE.length());

            proxy.signal("TERM");

            assertThat(client.readToEnd()).isEqualTo(PIECE.repeat(PIECES - 1));
            assertThat(proxy.exitCode()).isZero();
            assertThat(proxy.out()).as("there is no delay").noneMatch(line -> line.contains("Serving on"));
        }
    }

    @Test
    void otherwiseItIsCutOffAndTheProxyEndsSoon() throws Exception {
        int port = freePort();
        try (StubUpstream upstream = slowDownload();
                LaunchedProxy proxy = LaunchedProxy.serving(port, "--default-target=" + upstream.url());
                RawClient client = new RawClient(port)) {
            client.send(get("/"));
            client.readHead();
            client.read(PIECE.length());

            proxy.signal("TERM");

            assertThat(client.readToEnd()).hasSizeLessThan(PIECE.length() * (PIECES - 1));
            assertThat(proxy.exitCode()).isEqualTo(2);
            assertThat(proxy.out())
                    .anyMatch(line -> line.endsWith("Cut off 1 requests and 0 websockets that did not end in time"));
        }
    }

    @Test
    void theExitCodeTellsThatTheTimeWasNotEnough() throws Exception {
        int port = freePort();
        try (StubUpstream upstream = slowDownload();
                LaunchedProxy proxy =
                        LaunchedProxy.serving(port, "--default-target=" + upstream.url(), "--drain-timeout=200ms");
                RawClient client = new RawClient(port)) {
            client.send(get("/"));
            client.readHead();

            proxy.signal("TERM");

            assertThat(proxy.exitCode()).isEqualTo(2);
        }
    }

    // ---- browsers ----

    @Test
    void whoComesDuringTheDelayIsServedAndSentElsewhere() throws Exception {
        int port = freePort();
        try (StubUpstream upstream = new StubUpstream(StubUpstream.answering("ok"));
                LaunchedProxy proxy =
                        LaunchedProxy.serving(port, "--default-target=" + upstream.url(), "--drain-delay=4s");
                RawClient client = new RawClient(port)) {
            String keepAlive = "GET / HTTP/1.1\r\nHost: proxy\r\n\r\n";
            assertThat(client.send(keepAlive).readMessage()).containsIgnoringCase("connection: keep-alive\r\n");

            proxy.signal("TERM");
            proxy.awaitLine("Serving on for 4000 ms");

            assertThat(client.send(keepAlive).readToEnd())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("connection: close\r\n");
            assertThat(ask(port, keepAlive)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close\r\n");
            assertThat(ask(port, get("/_chp_readyz"))).startsWith("HTTP/1.1 503");
            assertThat(ask(port, get("/_chp_healthz"))).startsWith("HTTP/1.1 200");
            assertThat(ask(port + 1, get("/api/routes"))).startsWith("HTTP/1.1 200");
            assertThat(proxy.exitCode()).isZero();
        }
    }

    @Test
    void aSecondSignalEndsTheDelay() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port, "--drain-delay=10m")) {
            proxy.signal("TERM");
            proxy.awaitLine("Serving on for 600000 ms");

            proxy.signal("TERM");

            assertThat(proxy.exitCode()).isEqualTo(2);
        }
    }

    // ---- websockets ----

    /** Accepts every websocket, and keeps it until its client leaves. */
    private static StubUpstream websocketServer() throws IOException {
        return new StubUpstream((connection, self) -> {
            Matcher key = KEY.matcher(connection.readHead());
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + (key.find() ? accept(key.group(1)) : "") + "\r\n\r\n");
            self.heard(connection.readToEnd());
        });
    }

    private static String accept(String key) throws GeneralSecurityException {
        byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
    }

    /** Notes how its websocket ended. */
    private record Endings(Queue<String> seen) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket websocket, int code, String reason) {
            seen.add("closed with " + code);
            return null;
        }

        @Override
        public void onError(WebSocket websocket, Throwable error) {
            seen.add(error.toString());
        }
    }

    private static List<WebSocket> open(int port, Endings endings) {
        HttpClient client = HttpClient.newHttpClient();
        List<WebSocket> websockets = new ArrayList<>();
        for (int i = 0; i < WEBSOCKETS; i++) {
            websockets.add(client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/kernel/" + i), endings)
                    .join());
        }
        return websockets;
    }

    private static int stopWithWebsocketsOpen(String... flags) throws Exception {
        int port = freePort();
        Endings endings = new Endings(new ConcurrentLinkedQueue<>());
        List<String> words = new ArrayList<>(List.of(flags));
        try (StubUpstream upstream = websocketServer()) {
            words.add("--default-target=" + upstream.url());
            try (LaunchedProxy proxy = LaunchedProxy.serving(port, words.toArray(new String[0]))) {
                List<WebSocket> websockets = open(port, endings);

                proxy.signal("TERM");

                await().atMost(LaunchedProxy.LIMIT).until(() -> endings.seen().size() == websockets.size());
                assertThat(endings.seen()).containsOnly("closed with 1001");
                int code = proxy.exitCode();
                await().atMost(Duration.ofSeconds(10)).until(() -> upstream.openCount() == 0);
                // Each client's own close frame: masked, with the code of two bytes.
                assertThat(upstream.requests())
                        .hasSize(websockets.size())
                        .allMatch(heard -> heard.startsWith("\u0088\u0082") && heard.length() == 8);
                return code;
            }
        }
    }

    @Test
    void allWebsocketsAreToldOneByOneWhereThereIsTime() throws Exception {
        assertThat(stopWithWebsocketsOpen("--drain-timeout=5s")).isZero();
    }

    @Test
    void allWebsocketsAreToldAlsoWhereThereIsNone() throws Exception {
        assertThat(stopWithWebsocketsOpen()).isEqualTo(2);
    }
}
