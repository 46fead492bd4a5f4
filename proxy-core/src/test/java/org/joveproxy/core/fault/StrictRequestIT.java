package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.stream.Stream;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that could be understood in two ways, or in none: they are refused and never reach an upstream. */
class StrictRequestIT {
    private static final String HOST = "Host: h\r\n";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("a length beside chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400),
                arguments("chunks beside a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400),
                arguments("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400),
                arguments("two lengths in one field", post("Content-Length: 5, 6\r\n"), 400),
                arguments("a negative length", post("Content-Length: -5\r\n"), 400),
                arguments("a length with a sign", post("Content-Length: +5\r\n"), 400),
                arguments("a length that is no number", post("Content-Length: five\r\n"), 400),
                arguments("a hexadecimal length", post("Content-Length: 0x5\r\n"), 400),
                arguments("an empty length", post("Content-Length: \r\n"), 400),
                arguments("a length out of range", post("Content-Length: 99999999999999999999\r\n"), 400),
                arguments("gzip before chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 400),
                arguments("a coding after chunked", post("Transfer-Encoding: chunked, gzip\r\n"), 400),
                arguments("chunked twice", post("Transfer-Encoding: chunked, chunked\r\n"), 400),
                arguments(
                        "a second coding in a second field",
                        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
                        400),
                arguments(
                        "chunked in two fields",
                        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                        400),
                arguments("an unknown coding", post("Transfer-Encoding: xchunked\r\n"), 400),
                arguments("a coding with a control character", post("Transfer-Encoding: \u000bchunked\r\n"), 400),
                arguments("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
                arguments("a bare line feed after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400),
                arguments("a bare line feed after a field", "GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", 400),
                arguments("a bare line feed at the end", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400),
                arguments("a bare carriage return in a field", get("A: b\rContent-Length: 5\r\n"), 400),
                arguments("a continued field", get("A: b\r\n c\r\n"), 400),
                arguments("a continued first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400),
                arguments("a field continued by a tab", get("A: b\r\n\tc\r\n"), 400),
                arguments("a space before the colon", get("A : b\r\n"), 400),
                arguments("a length with a space before its colon", post("Content-Length : 5\r\n"), 400),
                arguments("a field without a colon", get("Abc\r\n"), 400),
                arguments("a field without a name", get(": b\r\n"), 400),
                arguments("a NUL in a value", get("A: b\0c\r\n"), 400),
                arguments("a NUL in a name", get("A\0: b\r\n"), 400),
                arguments("a NUL in the path", "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                arguments("a space in the path", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                arguments("a method that is no token", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                arguments("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                arguments("no host", "GET / HTTP/1.1\r\n\r\n", 400),
                arguments("HTTP/0.9", "GET /\r\n\r\n", 400),
                arguments("a version that is none", "GET / HTTP/x.y\r\nHost: h\r\n\r\n", 400),
                arguments("HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 400),
                arguments("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
                arguments("CONNECT", "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", 400),
                arguments("a TLS hello", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n", 400),
                arguments("a field of 16 KB", get("A: " + "b".repeat(16 * 1024) + "\r\n"), 431),
                arguments("many fields of 16 KB together", get(("A: " + "b".repeat(1_000) + "\r\n").repeat(17)), 431),
                arguments("a target of 16 KB", "GET /" + "a".repeat(16 * 1024) + " HTTP/1.1\r\nHost: h\r\n\r\n", 431));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, String request, int status) throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("never"));
        proxy.route("/", upstream.url());

        String answer = proxy.client().send(request).readToEnd();

        assertThat(answer).as(what).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: close");
        assertThat(answer.lastIndexOf("HTTP/1.1")).as("one answer").isZero();
        assertThat(upstream.acceptedCount()).isZero();
    }

    static Stream<Arguments> brokenBodies() {
        String chunked = post("Transfer-Encoding: chunked\r\n");
        return Stream.of(
                arguments("a chunk size that overflows", chunked + "FFFFFFFFFFFFFFFF1\r\nabc"),
                arguments("a chunk size of 32 bits", chunked + "80000000\r\nabc"),
                arguments("a negative chunk size", chunked + "-1\r\nabc"),
                arguments("a chunk size with a prefix", chunked + "0x3\r\nabc\r\n0\r\n\r\n"),
                arguments("an empty chunk size", chunked + "\r\nabc\r\n0\r\n\r\n"),
                arguments("a chunk size that is no number", chunked + "xyz\r\nabc\r\n0\r\n\r\n"),
                arguments("a chunk longer than its size", chunked + "3\r\nabcd\r\n0\r\n\r\n"),
                arguments("a chunk that ends with a bare line feed", chunked + "3\r\nabc\n0\r\n\r\n"),
                arguments("a chunk size that ends with a bare line feed", chunked + "3\nabc\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void brokenBodies(String what, String request) throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> self.heard(connection.readToEnd()));
        proxy.route("/", upstream.url());

        String answer = proxy.client().send(request).readToEnd();

        assertThat(answer).as(what).startsWith("HTTP/1.1 400 ");
        assertThat(upstream.requests()).allSatisfy(heard -> assertThat(heard).doesNotEndWith("0\r\n\r\n"));
    }

    @Test
    void aHeadOf15KilobytesPasses() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("big"));
        proxy.route("/", upstream.url());

        String answer = proxy.client()
                .send(get(("A: " + "b".repeat(1_000) + "\r\n").repeat(15)))
                .readMessage();

        assertThat(answer).endsWith("big");
    }

    @Test
    void aTargetOf7KilobytesPasses() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("long"));
        proxy.route("/", upstream.url());

        String answer = proxy.client()
                .send("GET /" + "a".repeat(7_000) + "?q=1 HTTP/1.1\r\nHost: h\r\n\r\n")
                .readMessage();

        assertThat(answer).endsWith("long");
        assertThat(upstream.requests().element()).contains("a?q=1 HTTP/1.1\r\n");
    }

    @Test
    void anAbsoluteTargetIsRoutedByItsPath() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("absolute"));
        proxy.route("/u", upstream.url());

        String answer = proxy.client()
                .send("GET http://elsewhere.example/u/x?y HTTP/1.1\r\nHost: h\r\n\r\n")
                .readMessage();

        assertThat(answer).endsWith("absolute");
        assertThat(upstream.requests().element()).startsWith("GET /u/x?y HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n"})
    void aLengthSaidTwiceArrivesOnceOrNotAtAll(String lengths) throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
        proxy.route("/", upstream.url());

        String answer = proxy.client().send(post(lengths) + "hello").readMessage();

        if (answer.startsWith("HTTP/1.1 200")) {
            String heard = upstream.requests().element().toLowerCase(Locale.ROOT);
            assertThat(heard).containsOnlyOnce("content-length").contains("content-length: 5\r\n");
        } else {
            assertThat(answer).startsWith("HTTP/1.1 400");
            assertThat(upstream.acceptedCount()).isZero();
        }
    }

    @Test
    void whatFollowsARefusedRequestIsNoRequest() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("never"));
        proxy.route("/", upstream.url());

        RawClient client = proxy.client()
                .send(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"
                        + get("X: smuggled\r\n"));

        assertThat(client.readToEnd()).containsOnlyOnce("HTTP/1.1 ").startsWith("HTTP/1.1 400");
        assertThat(upstream.acceptedCount()).isZero();
    }

    @Test
    void trailersThatChangeTheFramingAreDropped() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead() + connection.readHead());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        String answer = proxy.client()
                .send(post("Transfer-Encoding: chunked\r\n") + "1\r\nx\r\n0\r\nContent-Length: 9\r\nX-Sum: 1\r\n\r\n")
                .readMessage();

        assertThat(answer).endsWith("ok");
        assertThat(upstream.requests().element()).endsWith("0\r\nX-Sum: 1\r\n\r\n");
    }

    @Test
    void aHeadInManyPiecesIsCheckedLikeAWholeOne() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("never"));
        proxy.route("/", upstream.url());
        RawClient client = proxy.client();

        client.send("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n");
        Pace.millis(50);
        client.send(" c\r\n\r\n");

        assertThat(client.readToEnd()).startsWith("HTTP/1.1 400");
        assertThat(upstream.acceptedCount()).isZero();
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\n" + HOST + fields + "\r\n";
    }

    private static String post(String fields) {
        return "POST / HTTP/1.1\r\n" + HOST + fields + "\r\n";
    }
}
