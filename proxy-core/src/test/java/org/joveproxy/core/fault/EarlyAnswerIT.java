package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Locale;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that come before the request has ended, and requests that wait to be told to go on. */
class EarlyAnswerIT {
    private static final int MEGABYTE = 1024 * 1024;

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config ->
            ProxyUnderTest.timeouts(config, new Timeouts().lingering(500).config()));

    /** The upstream closes with unread bytes in its buffer, which makes the kernel send a reset behind the answer. */
    @RepeatedTest(10)
    void a413InTheMiddleOfAnUploadReachesTheClientAlthoughTheUpstreamResets() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.read(10_000);
            connection.send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nmuch");
        });
        proxy.route("/", upstream.url());
        RawClient client =
                proxy.client().send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + 50 * MEGABYTE + "\r\n\r\n");

        uploadUntilItEnds(client);

        assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ").endsWith("much");
    }

    @Test
    void a413InTheMiddleOfAnUploadReachesTheClientOfAPoliteUpstream() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.read(10_000);
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nmuch");
            connection.shutdownOutput();
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client =
                proxy.client().send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + 50 * MEGABYTE + "\r\n\r\n");

        uploadUntilItEnds(client);

        assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ").endsWith("much");
        await().until(() -> upstream.openCount() == 0);
    }

    @Test
    void anUploadToADeadTargetIsAnswered() throws Exception {
        proxy.route("/", proxy.deadUrl());
        RawClient client =
                proxy.client().send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + 20 * MEGABYTE + "\r\n\r\n");

        uploadUntilItEnds(client);

        assertThat(client.readHead()).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void aShortRestIsReadAndTheConnectionStays() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("next"));
        proxy.route("/there", upstream.url());
        RawClient client = proxy.client().send("POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
        assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");

        client.send("0123456789GET /there HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readMessage()).endsWith("next");
    }

    @Test
    void aLongRestEndsTheConnection() throws Exception {
        RawClient client = proxy.client().send("POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");

        String answer = client.readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 404 ");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: close");
    }

    @Test
    void whatIsSentInsteadOfTheRestIsNoRequest() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("never"));
        proxy.route("/there", upstream.url());
        RawClient client = proxy.client()
                .send("POST /none HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "GET /there HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readToEnd()).containsOnlyOnce("HTTP/1.1 ").startsWith("HTTP/1.1 404 ");
        assertThat(upstream.acceptedCount()).isZero();
    }

    @Test
    void aFinalAnswerToAnExpectationReachesTheClientAndEndsTheConnection() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            connection.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client()
                .send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
        String answer = client.readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 417 ").endsWith("no");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: close");
        await().until(() -> upstream.openCount() == 0);
    }

    @Test
    void aClientThatIsNotToldToContinueMaySendItsNextRequestOnANewConnectionOnly() throws Exception {
        proxy.route("/", proxy.deadUrl());
        RawClient client =
                proxy.client().send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");

        String answer = client.readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: close");
    }

    @Test
    void aSecond100IsSwallowed() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.read(4);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client =
                proxy.client().send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
        assertThat(client.send("body").readMessage()).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT"})
    void theAnswerToAClientOfHttp10HasNo100(String method) throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
        proxy.route("/", upstream.url());

        String answer = proxy.client()
                .send(method + " / HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody")
                .readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }

    /** As a browser does it: what cannot be sent any more is no reason not to read the answer. */
    private static void uploadUntilItEnds(RawClient client) {
        byte[] piece = new byte[64 * 1024];
        try {
            for (int i = 0;
                    i < 50 * MEGABYTE / piece.length
                            && client.socket().getInputStream().available() == 0;
                    i++) {
                client.send(piece);
                Pace.millis(1);
            }
        } catch (IOException ended) {
            assertThat(ended).hasMessageMatching("(?s).*(reset|Broken pipe).*");
        }
    }
}
