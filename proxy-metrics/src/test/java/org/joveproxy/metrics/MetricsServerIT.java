package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Speaks to the listener over real sockets. */
final class MetricsServerIT {
    private static final String GET = "GET /metrics HTTP/1.1\r\nHost: metrics\r\n\r\n";

    private final ConnectionLedger ledger = new ConnectionLedger();
    private final MetricsObserver observer = new MetricsObserver();
    private final MetricsPage page = new MetricsPage(observer, new RouteKeeping().sources(ledger, () -> 7));
    private final EventLoops loops = EventLoops.start(Transport.best(), 1);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        server = serve(page::render, Duration.ofSeconds(10));
    }

    @AfterEach
    void everySocketIsSettled() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        await().untilAsserted(() -> assertThat(ledger.openCount()).isZero());
        page.close();
        loops.close();
    }

    @Test
    void thePageIsServedAsTheOriginalsText() throws IOException {
        observer.routesListed();

        Answer answer = ask("GET /metrics HTTP/1.1\r\nHost: m\r\nAccept: */*\r\n\r\n");

        assertThat(answer.status()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.headers()).containsEntry("content-type", "text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers()).containsEntry("connection", "keep-alive");
        Exposition served = Exposition.parse(answer.body());
        assertThat(served.value("api_route_get")).isEqualTo(1);
        assertThat(served.value("jove_routes")).isEqualTo(7);
        assertThat(served.value("jove_connections_open{role=\"metrics\"}")).isEqualTo(1);
    }

    @Test
    void whoAsksForOpenMetricsGetsIt() throws IOException {
        observer.routesListed();

        Answer answer = ask("GET /metrics HTTP/1.1\r\nHost: m\r\n"
                + "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5\r\n\r\n");

        assertThat(answer.headers())
                .containsEntry("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body())
                .contains("# TYPE api_route_get unknown\napi_route_get 1\n")
                .contains("# TYPE jove_connections_opened counter\njove_connections_opened_total{role=\"client\"} 0\n")
                .endsWith("\n# EOF\n")
                .doesNotContain("\n\n");
    }

    @Test
    void socketsAndBytesAreThoseOfTheLedger() throws IOException {
        String first = ask(GET).body();
        await().untilAsserted(() -> assertThat(ledger.openCount()).isZero());

        Exposition served = Exposition.parse(ask(GET).body());

        assertThat(served.value("jove_connections{phase=\"awaiting_response\",role=\"metrics\"}"))
                .isEqualTo(1);
        assertThat(served.value("jove_connections{phase=\"idle\",role=\"metrics\"}"))
                .isZero();
        assertThat(served.value("jove_connections_opened_total{role=\"metrics\"}"))
                .isEqualTo(2);
        assertThat(served.value("jove_connections_closed_total{reason=\"peer\",role=\"metrics\"}")
                        + served.value("jove_connections_closed_total{reason=\"complete\",role=\"metrics\"}"))
                .isEqualTo(1);
        assertThat(served.value("jove_bytes_total{direction=\"in\",role=\"metrics\"}"))
                .isEqualTo(2.0 * GET.length());
        assertThat(served.value("jove_bytes_total{direction=\"out\",role=\"metrics\"}"))
                .isGreaterThan(first.length());
    }

    @Test
    void everyOtherTargetIsNotFound() throws IOException {
        for (String target : List.of("/", "/metrics/", "/metrics?x", "/Metrics", "//metrics", "/%6detrics", "*")) {
            Answer answer = ask("GET " + target + " HTTP/1.1\r\nHost: m\r\n\r\n");

            assertThat(answer.status()).as(target).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(answer.body()).as(target).isEqualTo("Not Found");
            assertThat(answer.headers()).as(target).doesNotContainKey("content-type");
        }
    }

    @Test
    void aConnectionServesOnAfterATargetThatIsNotFound() throws IOException {
        try (Client client = new Client()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: m\r\n\r\n");
                assertThat(client.read().status()).isEqualTo("HTTP/1.1 404 Not Found");
            }
            client.send(GET);
            assertThat(client.read().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void anyMethodGetsThePageAsInTheOriginal() throws IOException {
        Answer answer = ask("POST /metrics HTTP/1.1\r\nHost: m\r\nContent-Length: 3\r\n\r\nabc");

        assertThat(answer.status()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.body()).contains("requests_web 0\n");
    }

    @Test
    void headHasNoBodyButItsLength() throws IOException {
        try (Client client = new Client()) {
            client.send("HEAD /metrics HTTP/1.1\r\nHost: m\r\n\r\n");
            client.send("GET / HTTP/1.1\r\nHost: m\r\n\r\n");

            Answer head = client.readHead();
            assertThat(head.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(Integer.parseInt(head.headers().get("content-length"))).isPositive();
            assertThat(client.read().status()).isEqualTo("HTTP/1.1 404 Not Found");
        }
    }

    @Test
    void oneConnectionServesScrapeAfterScrape() throws IOException {
        try (Client client = new Client()) {
            for (int i = 0; i < 20; i++) {
                client.send(GET);
                assertThat(client.read().status()).isEqualTo("HTTP/1.1 200 OK");
            }
        }
        assertThat(ledger.openedCount(Role.METRICS)).isEqualTo(1);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (Client client = new Client()) {
            client.send(GET + "GET /other HTTP/1.1\r\nHost: m\r\n\r\n"
                    + "POST /metrics HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                    + GET);

            List<String> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(client.read().status());
            }

            assertThat(statuses)
                    .containsExactly("HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK");
        }
    }

    @Test
    void aClientThatSaysCloseGetsItsAnswerThenTheEnd() throws IOException {
        try (Client client = new Client()) {
            client.send("GET /metrics HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");

            assertThat(client.read().headers()).containsEntry("connection", "close");
            assertThat(client.atEnd()).isTrue();
        }
        await().untilAsserted(() ->
                assertThat(ledger.closedCount(CloseReason.COMPLETE)).isEqualTo(1));
    }

    @Test
    void http10IsAnsweredThenClosed() throws IOException {
        try (Client client = new Client()) {
            client.send("GET /metrics HTTP/1.0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void whatIsNoRequestIsRefused() throws IOException {
        for (String garbage : List.of("\u0016\u0003\u0001 garbage\r\n\r\n", "GET /metrics HTTP/1.1\r\n\r\n")) {
            try (Client client = new Client()) {
                client.send(garbage);

                assertThat(client.read().status()).isEqualTo("HTTP/1.1 400 Bad Request");
                assertThat(client.atEnd()).isTrue();
            }
        }
        await().untilAsserted(() ->
                assertThat(ledger.closedCount(CloseReason.PROTOCOL_ERROR)).isEqualTo(2));
    }

    @Test
    void aClientThatSaysNothingIsClosedAtItsDeadline() throws IOException {
        MetricsServer impatient = serve(page::render, Duration.ofMillis(300));
        try (Client client = new Client(impatient)) {
            assertThat(client.atEnd()).isTrue();
        }
        await().untilAsserted(() ->
                assertThat(ledger.closedCount(CloseReason.DEADLINE)).isEqualTo(1));
    }

    @Test
    void aClientThatLeavesWhileItsPageIsRenderedLeavesNothingBehind() throws Exception {
        CountDownLatch rendering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Function<PageFormat, String> slow = format -> {
            rendering.countDown();
            waitFor(goOn);
            return "done\n";
        };
        MetricsServer slowServer = serve(slow, Duration.ofSeconds(10));

        try (Client client = new Client(slowServer)) {
            client.send(GET);
            rendering.await();
        }
        goOn.countDown();

        await().untilAsserted(() -> assertThat(ledger.openCount()).isZero());
    }

    @Test
    void aPageThatCannotBeRenderedIsAnError() throws IOException {
        MetricsServer broken = serve(
                format -> {
                    throw new IllegalStateException("broken on purpose");
                },
                Duration.ofSeconds(10));

        try (Client client = new Client(broken)) {
            client.send(GET);
            assertThat(client.read().status()).isEqualTo("HTTP/1.1 500 Internal Server Error");
        }
    }

    @Test
    void closingEndsIdleConnections() throws IOException {
        try (Client client = new Client()) {
            client.send(GET);
            client.read();

            server.close();

            assertThat(client.atEnd()).isTrue();
        }
        await().untilAsserted(() ->
                assertThat(ledger.closedCount(CloseReason.SHUTDOWN)).isEqualTo(1));
    }

    private MetricsServer serve(Function<PageFormat, String> source, Duration firstRequest) throws IOException {
        Listener.Setup setup = new Listener.Setup(
                loops.transport(), loops.admin(), loops.admin(), ledger, Role.METRICS, null, 16, firstRequest);
        MetricsRenderer renderer = new MetricsRenderer(source);
        MetricsServer started = MetricsServer.bind(ListenAddress.tcp("127.0.0.1", 0), setup, renderer);
        opened.add(started);
        opened.add(renderer);
        started.startAccepting();
        return started;
    }

    private Answer ask(String request) throws IOException {
        try (Client client = new Client()) {
            client.send(request);
            return client.read();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Answer(String status, Map<String, String> headers, String body) {}

    /** A client that reads exactly one answer at a time. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Client() throws IOException {
            this(server);
        }

        Client(MetricsServer to) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
            socket.setSoTimeout(10_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Answer readHead() throws IOException {
            String status = line();
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return new Answer(status, headers, "");
        }

        Answer read() throws IOException {
            Answer head = readHead();
            byte[] body = in.readNBytes(Integer.parseInt(head.headers().get("content-length")));
            return new Answer(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
        }

        boolean atEnd() throws IOException {
            return in.read() < 0;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection ended after: " + line);
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
