package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.stream.Stream;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are no HTTP, too large, too many or unasked for. */
class StrictResponseIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

    static Stream<Arguments> answered503() {
        return Stream.of(
                arguments("garbage", "complete and utter garbage\r\n\r\n"),
                arguments("binary garbage", "\u0000\u0001\u0002\u00ff\u00fe\r\n\r\n"),
                arguments("an answer of HTTP/0.9", "<html>hello</html>\r\n\r\n"),
                arguments("a status that is no number", "HTTP/1.1 abc OK\r\n\r\n"),
                arguments("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
                arguments("a field over the limit", "HTTP/1.1 200 OK\r\nA: " + "b".repeat(20_000) + "\r\n\r\n"),
                arguments("a field without a colon", "HTTP/1.1 200 OK\r\nabc\r\nContent-Length: 0\r\n\r\n"),
                arguments("a field with a NUL", "HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n"),
                arguments("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
                arguments("a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc"),
                arguments("a 101 that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nraw"),
                arguments("nothing at all", ""),
                arguments("half a status line", "HTTP/1.1 2"),
                arguments("half a head", "HTTP/1.1 200 OK\r\nContent-Le"),
                arguments("half a head after a line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
                arguments("news and then nothing", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void answered503(String what, String response) throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send(response);
        });
        proxy.route("/", upstream.url());

        RawClient client = proxy.client().send(GET);
        String answer = client.readMessage();
        if (answer.startsWith("HTTP/1.1 103")) {
            answer = client.readMessage();
        }

        assertThat(answer).as(what).startsWith("HTTP/1.1 503 ");
        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
    }

    static Stream<Arguments> brokenOff() {
        return Stream.of(
                arguments("a bad chunk size", "xyz\r\nabc\r\n0\r\n\r\n"),
                arguments("a chunk size that overflows", "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"),
                arguments("a bad end of a chunk", "3\r\nabcdef\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void brokenOff(String what, String body) throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        String answer = proxy.client().send(GET).readToEnd();

        assertThat(answer).as(what).startsWith("HTTP/1.1 200 ").doesNotContain("\r\n0\r\n\r\n");
        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
    }

    @Test
    void aHeadOf15KilobytesPasses() throws Exception {
        String fields = ("A: " + "b".repeat(1_000) + "\r\n").repeat(15);
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + "\r\nok");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        assertThat(proxy.client().send(GET).readMessage()).contains(fields).endsWith("ok");
    }

    @Test
    void aLengthBesideChunksIsNotPassedOn() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n0\r\n\r\n");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        RawClient client = proxy.client().send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        String answer = client.readToEnd();

        if (answer.startsWith("HTTP/1.1 200")) {
            assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("content-length");
            assertThat(answer).endsWith("5\r\nhello\r\n0\r\n\r\n");
        } else {
            assertThat(answer).startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void aSecondAnswerIsNeverTakenForTheNextRequests() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            String path = connection.readMessage().split(" ")[1];
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path
                    + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
            while (true) {
                path = connection.readMessage().split(" ")[1];
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path);
            }
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send(get("/1") + get("/2") + get("/3"));

        assertThat(client.readMessage()).endsWith("/1");
        assertThat(client.readMessage()).endsWith("/2");
        assertThat(client.readMessage()).endsWith("/3");
        assertThat(upstream.acceptedCount()).isEqualTo(3);
    }

    @Test
    void bytesBehindAnAnswerEndTheConnectionButNotTheClients() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokand more");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        assertThat(client.send(GET).readMessage()).endsWith("ok");
        assertThat(client.send(GET).readMessage()).endsWith("ok");

        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
        assertThat(upstream.acceptedCount()).isEqualTo(2);
    }

    @Test
    void aBodyBehindAnAnswerThatHasNoneIsDropped() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nwrong");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        assertThat(client.send(GET).readHead()).startsWith("HTTP/1.1 304");
        assertThat(client.send(GET).readHead()).startsWith("HTTP/1.1 304");
        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
    }

    @Test
    void anUpstreamThatTalksUnaskedIsNotUsedAgain() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            self.heard("answered");
            Pace.millis(30);
            connection.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();
        assertThat(client.send(GET).readMessage()).endsWith("ok");

        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);

        assertThat(client.send(GET).readMessage()).endsWith("ok");
    }

    @Test
    void newsIsPassedOnBeforeTheAnswer() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET);

        assertThat(client.readHead()).startsWith("HTTP/1.1 103 Early Hints\r\n").contains("Link: </a>");
        assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK").endsWith("ok");
    }

    @Test
    void theNextRequestIsNotDisturbedByOneWhoseAnswerWasCutShort() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            String path = connection.readMessage().split(" ")[1];
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + path);
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient first = proxy.client().send(get("/1"));
        first.readHead();

        first.close();
        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);

        RawClient second = proxy.client().send(get("/2"));
        second.readHead();
        assertThat(second.read(2)).isEqualTo("/2");
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }
}
