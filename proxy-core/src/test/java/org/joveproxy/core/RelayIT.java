package org.joveproxy.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.Future;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and responses as they pass through the whole data plane. */
class RelayIT {
    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.on(transport());

    /** What the proxy runs on. */
    Transport transport() {
        return Transport.best();
    }

    @Test
    void aRequestReachesItsTargetAndTheAnswerComesBack() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("hello"));
        proxy.route("/user/x", upstream.url());

        String answer = proxy.client()
                .send("GET /user/x/lab?a=1 HTTP/1.1\r\nHost: hub.example:8000\r\nX-Odd-Case: yes\r\n\r\n")
                .readMessage();

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: keep-alive");
        assertThat(upstream.requests().element())
                .startsWith("GET /user/x/lab?a=1 HTTP/1.1\r\n")
                .contains("Host: hub.example:8000\r\n")
                .contains("X-Odd-Case: yes\r\n")
                .contains("x-forwarded-for: 127.0.0.1\r\n")
                .contains("x-forwarded-port: 8000\r\n")
                .contains("x-forwarded-proto: http\r\n")
                .contains("x-forwarded-host: hub.example:8000\r\n");
    }

    @Test
    void requestsOfOneConnectionShareOneUpstreamConnection() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("again"));
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        for (int i = 0; i < 10; i++) {
            assertThat(client.send("GET /" + i + " HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                    .endsWith("again");
        }

        assertThat(upstream.acceptedCount()).isEqualTo(1);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            while (true) {
                String path = connection.readMessage().split(" ")[1];
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readMessage()).endsWith("/1");
        assertThat(client.readMessage()).endsWith("{\"status\":\"OK\"}");
        assertThat(client.readMessage()).endsWith("/3");
    }

    @Test
    void clientsAreAcceptedWhileTheAdministrationIsBusy() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Future<?> busy = proxy.loops().admin().submit(() -> release.await(1, TimeUnit.MINUTES));

        try {
            RawClient client = proxy.client().send("GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readMessage()).endsWith("{\"status\":\"OK\"}");
        } finally {
            release.countDown();
            busy.sync();
        }
    }

    @Test
    void aBodyIsStreamedBothWaysInChunks() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead() + connection.read("5\r\nhello\r\n0\r\n\r\n".length()));
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
            connection.readToEnd();
        });
        Route route = proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        long sentAt = System.currentTimeMillis();
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        assertThat(client.readHead().toLowerCase(Locale.ROOT)).contains("transfer-encoding: chunked");
        assertThat(client.read("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n".length()))
                .isEqualTo("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
        assertThat(upstream.requests().element()).endsWith("5\r\nhello\r\n0\r\n\r\n");
        assertThat(route.activity().lastMillis()).isGreaterThanOrEqualTo(sentAt);
    }

    @Test
    void aHundredMegabytesPassWhileNobodyHoldsThem() throws Exception {
        byte[] megabyte = new byte[1024 * 1024];
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            for (int i = 0; i < 100; i++) {
                connection.read(megabyte.length);
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + 100 * megabyte.length + "\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                connection.send(megabyte);
            }
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + 100 * megabyte.length + "\r\n\r\n");
        for (int i = 0; i < 100; i++) {
            client.send(megabyte);
        }

        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
        for (int i = 0; i < 100; i++) {
            assertThat(client.read(megabyte.length)).hasSize(megabyte.length);
        }
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItsFieldsSay() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            while (true) {
                connection.readMessage();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
            }
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        assertThat(client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n").readHead())
                .contains("500");
        assertThat(client.send("HEAD /b HTTP/1.1\r\nHost: h\r\n\r\n").readHead())
                .contains("500");
    }

    @Test
    void aWebsocketIsRelayedUntouchedWithWhatCameEarly() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: x\r\n\r\nwelcome");
            self.heard(connection.read(5));
            connection.send(connection.read(4));
            connection.readToEnd();
        });
        Route route = proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        long sentAt = System.currentTimeMillis();
        client.send(
                "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\nearly");

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 101")
                .containsIgnoringCase("upgrade: websocket")
                .contains("Sec-WebSocket-Accept: x");
        assertThat(client.read(7)).isEqualTo("welcome");
        assertThat(client.send("ping").read(4)).isEqualTo("ping");
        assertThat(upstream.requests()).contains("early");
        assertThat(route.activity().lastMillis()).isGreaterThanOrEqualTo(sentAt);
    }

    @Test
    void theEndOfOneSideOfATunnelReachesTheOther() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            self.heard(connection.readToEnd());
            connection.send("last words");
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        client.readHead();

        client.send("bye").shutdownOutput();

        assertThat(client.readToEnd()).isEqualTo("last words");
        assertThat(upstream.requests()).containsExactly("bye");
    }

    @Test
    void aRefusedUpgradeIsRelayedWhole() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        String answer = proxy.client()
                .send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .readMessage();

        assertThat(answer).startsWith("HTTP/1.1 403 Forbidden").endsWith("no");
    }

    @Test
    void aClientThatLeavesTakesItsUpstreamConnectionWithIt() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await().until(() -> !upstream.requests().isEmpty());

        client.close();

        await().until(() -> upstream.openCount() == 0);
        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
    }

    @Test
    void aResponseThatIsCutOffCutsOffTheClient() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readToEnd()).endsWith("only this");
    }

    @Test
    void aRequestIsTriedAgainWhenThePooledConnectionWasClosed() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            // Takes the next request and leaves without a word.
            self.heard(connection.readMessage());
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        assertThat(client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                .endsWith("ok");
        assertThat(client.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                .endsWith("ok");

        assertThat(upstream.acceptedCount()).isEqualTo(2);
        assertThat(upstream.requests()).hasSize(3);
    }

    @Test
    void aPostIsNotTriedAgain() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            self.heard(connection.readMessage());
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").readMessage();
        String answer = client.send("POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
                .readMessage();

        assertThat(answer).startsWith("HTTP/1.1 503");
        assertThat(upstream.acceptedCount()).isEqualTo(1);
    }

    @Test
    void aDeadTargetIs503AndNoRouteIs404() throws Exception {
        proxy.route("/dead", proxy.deadUrl());
        RawClient client = proxy.client();

        assertThat(client.send("GET /dead HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                .startsWith("HTTP/1.1 503");
        assertThat(client.send("GET /none HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void theClientIsToldToContinueWhenTheConnectionIsThere() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");

        assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(client.send("body").readMessage()).endsWith("ok");
        assertThat(upstream.requests().element()).endsWith("body");
    }

    @Test
    void aCloseDelimitedBodyIsChunkedForHttp11AndClosedForHttp10() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        });
        proxy.route("/", upstream.url());

        RawClient modern = proxy.client().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(modern.readHead().toLowerCase(Locale.ROOT)).contains("transfer-encoding: chunked");
        assertThat(modern.read(6)).isEqualTo("d\r\nunt");

        assertThat(proxy.client().send("GET / HTTP/1.0\r\n\r\n").readToEnd())
                .contains("connection: close")
                .endsWith("until the end");
    }
}
