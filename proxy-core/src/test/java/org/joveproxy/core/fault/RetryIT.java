package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are sent a second time, and which never. */
class RetryIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String WARM_UP = "GET /warm HTTP/1.1\r\nHost: h\r\n\r\n";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

    /** Answers the first request of a connection and leaves when it has heard the second. */
    private static StubUpstream.Script leavingAtTheSecond(String lastWords) {
        return (connection, self) -> {
            self.heard(connection.readMessage());
            connection.send(OK);
            self.heard(connection.readMessage());
            connection.send(lastWords);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "PUT", "TRACE"})
    void aRequestThatDoesNoHarmTwiceIsTriedAgain(String method) throws Exception {
        StubUpstream upstream = proxy.upstream(leavingAtTheSecond(""));
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send(WARM_UP).readMessage();

        String answer = client.send(method + " / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.requests()).hasSize(3);
        assertThat(upstream.acceptedCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: h\r\n\r\n",
                "PATCH / HTTP/1.1\r\nHost: h\r\n\r\n",
                "MKCOL / HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
                "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
                "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
            })
    void aRequestThatMayDoHarmOrHadABodyIsNot(String request) throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send(OK);
            self.heard(connection.readHead());
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send(WARM_UP).readMessage();

        String answer = client.send(request).readMessage();

        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(upstream.requests()).hasSize(2);
        assertThat(upstream.acceptedCount()).isEqualTo(1);
    }

    @Test
    void aNewConnectionThatBreaksIsNotTriedAgain() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> self.heard(connection.readMessage()));
        proxy.route("/", upstream.url());

        assertThat(proxy.client().send(WARM_UP).readMessage()).startsWith("HTTP/1.1 503 ");
        assertThat(upstream.acceptedCount()).isEqualTo(1);
    }

    @Test
    void nothingIsTriedMoreThanTwice() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            if (self.requests().size() == 1) {
                connection.send(OK);
                self.heard(connection.readMessage());
            }
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send(WARM_UP).readMessage();

        assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                .startsWith("HTTP/1.1 503 ");
        assertThat(upstream.requests()).hasSize(3);
    }

    @Test
    void aBrokenOffAnswerIsNotTriedAgain() throws Exception {
        StubUpstream upstream = proxy.upstream(leavingAtTheSecond("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send(WARM_UP).readMessage();

        assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readToEnd()).endsWith("half");
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void garbageIsNotTriedAgain() throws Exception {
        StubUpstream upstream = proxy.upstream(leavingAtTheSecond("garbage\r\n\r\n"));
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send(WARM_UP).readMessage();

        assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                .startsWith("HTTP/1.1 503 ");
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void anUpgradeIsTriedAgain() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            if (self.requests().size() == 1) {
                connection.send(OK);
                self.heard(connection.readMessage());
            } else {
                connection.send(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
                connection.readToEnd();
            }
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        client.send(WARM_UP).readMessage();

        client.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(upstream.requests()).hasSize(3);
    }
}
