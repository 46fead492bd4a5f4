package org.joveproxy.core.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken is what Netty's decoders make of the same bytes; they are asked here, too. */
final class PlainHeadTest {
    private static final int MAX_BYTES = 16_384;

    private static final String REQUEST = "GET /user/ann/api?x=%20&y HTTP/1.1\r\n"
            + "Host: hub.example:8000\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux)\r\n"
            + "Accept: */*\r\n"
            + "Cookie: a=b; c=\"d\te\"\r\n"
            + "X-Latin: caf\u00e9\r\n"
            + "Cookie: second=1\r\n"
            + "\r\n";

    private static final String RESPONSE = "HTTP/1.1 404 Not Found\r\n"
            + "Server: TornadoServer/6.4\r\n"
            + "Content-Type: text/html; charset=UTF-8\r\n"
            + "Set-Cookie: a=1\r\n"
            + "Set-Cookie: b=2\r\n"
            + "Content-Length: 12\r\n"
            + "\r\n";

    // What makes a difference to somebody who reads a head, and a letter.
    private static final byte[] TELLING = {
        0, '\t', '\n', '\r', ' ', '"', '(', ',', '/', '0', '1', '9', ':', ';', 'A', 'P', 'a', 0x7f, (byte) 0x80, -1
    };

    // ---- taken ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                REQUEST,
                "GET / HTTP/1.1\r\n\r\n",
                "HEAD /a HTTP/1.0\r\nHost: a\r\n\r\n",
                "DELETE /user/ann HTTP/1.1\r\nHost: a\r\nconnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n",
                "BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            })
    void aPlainRequestIsTaken(String head) {
        ByteBuf bytes = latin(head + "GET /next");

        FullHttpRequest request = requireNonNull(PlainHead.readRequest(bytes, MAX_BYTES));

        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET /next");
        assertLike(byNetty(new HttpRequestDecoder(), head), request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                RESPONSE,
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 Fine\r\ncontent-length: 7\r\nConnection: keep-alive\r\n\r\n",
                "HTTP/1.1 599 Odd but allowed\r\nContent-Length: 123456789012345678\r\n\r\n"
            })
    void aPlainResponseIsTaken(String head) {
        ByteBuf bytes = latin(head + "body");

        HttpResponse response = requireNonNull(PlainHead.readResponse(bytes, MAX_BYTES));

        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).isEqualTo("body");
        assertLike(byNetty(new HttpResponseDecoder(), head), response);
    }

    @Test
    void aResponsesHeadMayBeLargerThanUsual() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-Long: " + "x".repeat(9_000) + "\r\n\r\n";

        HttpResponse response = requireNonNull(PlainHead.readResponse(latin(head + "b"), MAX_BYTES));

        assertThat(response.headers().get("x-long")).hasSize(9_000);
    }

    // ---- left to others ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
                "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "get / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET / http/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost:a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:  a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a \r\n\r\n",
                "GET / HTTP/1.1\r\nHost: \r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHo(st: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\u0000\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\n: a\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                ""
            })
    void anyOtherRequestIsLeftWhereItIs(String head) {
        ByteBuf bytes = latin(head);

        assertThat(PlainHead.readRequest(bytes, MAX_BYTES)).isNull();
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).isEqualTo(head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 01\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1234567890123456789\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 20 OK\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1  200 OK\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 1\n\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX y: 1\r\n\r\n",
                "ICY 200 OK\r\nContent-Length: 1\r\n\r\n",
                ""
            })
    void anyOtherResponseIsLeftWhereItIs(String head) {
        ByteBuf bytes = latin(head);

        assertThat(PlainHead.readResponse(bytes, MAX_BYTES)).isNull();
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).isEqualTo(head);
    }

    @Test
    void aPartOfAHeadIsLeftWhereItIs() {
        for (int length = 0; length < REQUEST.length(); length++) {
            ByteBuf part = latin(REQUEST.substring(0, length));
            assertThat(PlainHead.readRequest(part, MAX_BYTES)).isNull();
            assertThat(part.readableBytes()).isEqualTo(length);
        }
        for (int length = 0; length < RESPONSE.length(); length++) {
            ByteBuf part = latin(RESPONSE.substring(0, length));
            assertThat(PlainHead.readResponse(part, MAX_BYTES)).isNull();
            assertThat(part.readableBytes()).isEqualTo(length);
        }
    }

    @Test
    void aHeadThatIsTooLargeIsLeftWhereItIs() {
        assertThat(PlainHead.readRequest(latin(REQUEST), REQUEST.length())).isNotNull();
        assertThat(PlainHead.readRequest(latin(REQUEST), REQUEST.length() - 1)).isNull();
        assertThat(PlainHead.readResponse(latin(RESPONSE), RESPONSE.length())).isNotNull();
        assertThat(PlainHead.readResponse(latin(RESPONSE), RESPONSE.length() - 1))
                .isNull();
    }

    @Test
    void aHeadOfVeryManyFieldsIsLeftWhereItIs() {
        String most = "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(WireFields.MOST_LINES);

        assertThat(PlainHead.readRequest(latin(most + "\r\n"), MAX_BYTES)).isNotNull();
        assertThat(PlainHead.readRequest(latin(most + "A: b\r\n\r\n"), MAX_BYTES))
                .isNull();
    }

    // ---- the same understanding, whatever comes ----

    @Test
    void whatIsTakenOfChangedHeadsNettyUnderstandsAlike() {
        Random random = new Random(7);
        int taken = 0;
        for (int round = 0; round < 20_000; round++) {
            String request = changed(REQUEST, random);
            FullHttpRequest read = PlainHead.readRequest(latin(request), MAX_BYTES);
            if (read != null) {
                taken++;
                assertLike(byNetty(new HttpRequestDecoder(), request), read);
            }
            String response = changed(RESPONSE, random);
            HttpResponse answer = PlainHead.readResponse(latin(response), MAX_BYTES);
            if (answer != null) {
                taken++;
                assertLike(byNetty(new HttpResponseDecoder(), response), answer);
            }
        }
        assertThat(taken).isBetween(5_000, 35_000);
    }

    private static String changed(String head, Random random) {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        int at = random.nextInt(bytes.length);
        byte[] changed = switch (random.nextInt(3)) {
            case 0 -> without(bytes, at);
            case 1 -> with(bytes, at, TELLING[random.nextInt(TELLING.length)]);
            default -> {
                bytes[at] = TELLING[random.nextInt(TELLING.length)];
                yield bytes;
            }
        };
        return new String(changed, StandardCharsets.ISO_8859_1);
    }

    private static byte[] without(byte[] bytes, int at) {
        byte[] less = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, less, at, less.length - at);
        return less;
    }

    private static byte[] with(byte[] bytes, int at, byte more) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        longer[at] = more;
        return longer;
    }

    private static HttpMessage byNetty(HttpObjectDecoder decoder, String head) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(latin(head));
        HttpMessage message = channel.readInbound();
        for (Object rest = channel.readInbound(); rest != null; rest = channel.readInbound()) {
            ReferenceCountUtil.release(rest);
        }
        channel.finishAndReleaseAll();
        return message;
    }

    private static void assertLike(HttpMessage byNetty, HttpMessage taken) {
        assertThat(byNetty.decoderResult().isSuccess()).isTrue();
        assertThat(taken.protocolVersion()).isEqualTo(byNetty.protocolVersion());
        assertThat(taken.headers().entries()).isEqualTo(byNetty.headers().entries());
        if (byNetty instanceof HttpRequest request) {
            assertThat(((HttpRequest) taken).method()).isEqualTo(request.method());
            assertThat(((HttpRequest) taken).uri()).isEqualTo(request.uri());
        } else {
            assertThat(((HttpResponse) taken).status().toString())
                    .isEqualTo(((HttpResponse) byNetty).status().toString());
        }
    }

    private static ByteBuf latin(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
