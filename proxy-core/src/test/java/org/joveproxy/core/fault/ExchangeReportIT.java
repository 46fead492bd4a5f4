package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteClass;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each request is reported once, whatever becomes of it. */
class ExchangeReportIT {
    private static final String UPGRADE =
            "GET /user/ada/ws?token=x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private record Seen(
            ProxyObserver.RequestKind kind,
            String method,
            String path,
            @Nullable String client,
            @Nullable RouteClass routeClass,
            int status,
            Ending ending,
            @Nullable FailureKind failure,
            boolean hasReusedConnection,
            boolean isInOrder,
            boolean hasFirstByte,
            long bytesIn,
            long bytesOut) {
        static Seen of(ExchangeReport report) {
            Route route = report.route();
            boolean hasFirstByte = report.firstByteNanos() >= 0;
            return new Seen(
                    report.kind(),
                    report.method(),
                    report.path(),
                    report.client(),
                    route == null ? null : route.routeClass(),
                    report.status(),
                    report.ending(),
                    report.failure(),
                    report.hasReusedConnection(),
                    report.connectionNanos() <= report.totalNanos()
                            && report.firstByteNanos() <= report.totalNanos()
                            && (!hasFirstByte || report.connectionNanos() <= report.firstByteNanos()),
                    hasFirstByte,
                    report.bytesIn(),
                    report.bytesOut());
        }
    }

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(timeouts -> timeouts.clientSilence(400))
            .observedBy(new ProxyObserver() {
                @Override
                public void exchangeEnded(ExchangeReport report) {
                    seen.add(Seen.of(report));
                }
            });

    @AfterEach
    void timesAreInOrder() {
        assertThat(seen).allMatch(Seen::isInOrder);
    }

    private void route(String target) {
        proxy.routes().put(Route.of("/user/ada", Target.parse(target), Map.of("user", "ada"), 0));
    }

    private Seen only() {
        await().until(() -> !seen.isEmpty());
        assertThat(seen).hasSize(1);
        return seen.peek();
    }

    @Test
    void anAnswerThatWasPassedOn() throws Exception {
        route(proxy.upstream(StubUpstream.answering("hello")).url());
        RawClient client = proxy.client();

        client.send("POST /user/ada/api?secret=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
                .readMessage();
        client.send("GET /user/ada/api HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        await().until(() -> seen.size() == 2);
        assertThat(seen)
                .containsExactly(
                        new Seen(
                                ProxyObserver.RequestKind.WEB,
                                "POST",
                                "/user/ada/api",
                                "127.0.0.1",
                                RouteClass.USER,
                                200,
                                Ending.COMPLETE,
                                null,
                                false,
                                true,
                                true,
                                3,
                                5),
                        new Seen(
                                ProxyObserver.RequestKind.WEB,
                                "GET",
                                "/user/ada/api",
                                "127.0.0.1",
                                RouteClass.USER,
                                200,
                                Ending.COMPLETE,
                                null,
                                true,
                                true,
                                true,
                                0,
                                5));
    }

    @Test
    void oneWithoutARoute() throws Exception {
        String answer =
                proxy.client().send("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        Seen report = only();
        assertThat(report.status()).isEqualTo(404);
        assertThat(report.ending()).isEqualTo(Ending.FAILED);
        assertThat(report.failure()).isEqualTo(FailureKind.NO_ROUTE);
        assertThat(report.routeClass()).isNull();
        assertThat(report.hasFirstByte()).isFalse();
        assertThat(answer).contains("\r\ncontent-length: " + report.bytesOut() + "\r\n");
    }

    @Test
    void oneWhoseServerIsDown() throws Exception {
        route(proxy.deadUrl());

        proxy.client().send("GET /user/ada HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        Seen report = only();
        assertThat(report.failure()).isEqualTo(FailureKind.CONNECT_REFUSED);
        assertThat(report.status()).isEqualTo(503);
        assertThat(report.routeClass()).isEqualTo(RouteClass.USER);
    }

    @Test
    void oneWhoseClientLeavesBeforeTheAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    asked.countDown();
                    left.await();
                })
                .url());
        RawClient client = proxy.client().send("GET /user/ada HTTP/1.1\r\nHost: h\r\n\r\n");
        asked.await();
        client.close();

        Seen report = only();
        left.countDown();
        assertThat(report.ending()).isEqualTo(Ending.CLIENT_LEFT);
        assertThat(report.status()).isZero();
    }

    @Test
    void oneWhoseServerBreaksOff() throws Exception {
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
                })
                .url());

        proxy.client().send("GET /user/ada HTTP/1.1\r\nHost: h\r\n\r\n").readToEnd();

        Seen report = only();
        assertThat(report.ending()).isEqualTo(Ending.CUT_OFF);
        assertThat(report.status()).isEqualTo(200);
        assertThat(report.bytesOut()).isEqualTo(3);
    }

    @Test
    void oneWhoseClientIsSilentForTooLong() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    done.await();
                })
                .url());

        proxy.client().send("GET /user/ada HTTP/1.1\r\nHost: h\r\n\r\n").readToEnd();

        assertThat(only().ending()).isEqualTo(Ending.DEADLINE);
        done.countDown();
    }

    @Test
    void aWebsocketWhenItIsClosed() throws Exception {
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\n\r\n");
                    connection.send(connection.read(4) + "12");
                })
                .url());
        RawClient client = proxy.client();
        client.send(UPGRADE).readHead();
        assertThat(seen).isEmpty();

        client.send("abcd");
        assertThat(client.readToEnd()).isEqualTo("abcd12");
        client.close();

        Seen report = only();
        assertThat(report.kind()).isEqualTo(ProxyObserver.RequestKind.WEBSOCKET);
        assertThat(report.path()).isEqualTo("/user/ada/ws");
        assertThat(report.status()).isEqualTo(101);
        assertThat(report.ending()).isEqualTo(Ending.COMPLETE);
        assertThat(List.of(report.bytesIn(), report.bytesOut())).containsExactly(4L, 6L);
    }

    @Test
    void aWebsocketThatTheProxyEnds() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\n\r\n");
                    done.await();
                })
                .url());
        proxy.client().send(UPGRADE).readHead();

        proxy.proxy().close();

        assertThat(only().ending()).isEqualTo(Ending.SHUTDOWN);
        done.countDown();
    }

    @Test
    void whatCannotBeUnderstood() throws Exception {
        proxy.client().send("GET / HTTP/1.1\r\nNo colon\r\n\r\n").readToEnd();

        Seen report = only();
        assertThat(report.status()).isEqualTo(400);
        assertThat(report.failure()).isEqualTo(FailureKind.MALFORMED_REQUEST);
        assertThat(report.method()).isEmpty();
    }

    @Test
    void aPathThatCannotBeDecoded() throws Exception {
        proxy.client().send("GET /%zz?q HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        Seen report = only();
        assertThat(report.status()).isEqualTo(400);
        assertThat(report.path()).isEqualTo("/%zz");
        assertThat(report.bytesOut()).isPositive();
    }

    @Test
    void aBodyThatIsNone() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    done.await();
                })
                .url());

        proxy.client()
                .send("POST /user/ada HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
                .readToEnd();

        Seen report = only();
        assertThat(report.status()).isEqualTo(400);
        assertThat(report.failure()).isEqualTo(FailureKind.MALFORMED_REQUEST);
        done.countDown();
    }

    @Test
    void probesAreNobodysRequests() throws Exception {
        proxy.client().send("GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
        proxy.client().send("GET /_chp_readyz HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
        proxy.client().send("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        assertThat(only().path()).isEqualTo("/nowhere");
    }
}
