package org.joveproxy.core.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private static final String POST =
            "POST /a HTTP/1.1\r\nHost: h\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n";
    private static final String GET = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";

    private final AtomicInteger reads = new AtomicInteger();
    private final RequestDecoder decoder = new RequestDecoder(16 * 1024, reads::incrementAndGet);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private void release() throws Exception {
        ChannelHandlerContext context = channel.pipeline().context(decoder);
        decoder.release(context);
    }

    /** What came out since the last time, in short. */
    private String decoded() {
        StringBuilder text = new StringBuilder();
        for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
            if (next.decoderResult().isFailure()) {
                text.append("broken ");
            } else if (next instanceof HttpRequest request) {
                text.append(request.method()).append(' ').append(request.uri()).append(' ');
            }
            if (next instanceof HttpContent content && next.decoderResult().isSuccess()) {
                text.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (next instanceof LastHttpContent last) {
                text.append(
                        last.trailingHeaders().isEmpty()
                                ? ""
                                : " " + last.trailingHeaders().entries());
                text.append(". ");
            }
            ReferenceCountUtil.release(next);
        }
        return text.toString().trim();
    }

    @Test
    void aRequestIsTheSameInWhateverPiecesItComes() throws Exception {
        for (int at = 0; at <= POST.length(); at++) {
            receive(POST.substring(0, at));
            receive(POST.substring(at));
            assertThat(decoded()).as("split at " + at).isEqualTo("POST /a abc [X=y].");
            release();
        }
    }

    @Test
    void aRequestOfSingleBytesIsTheSame() {
        for (int i = 0; i < POST.length(); i++) {
            receive(POST.substring(i, i + 1));
        }

        assertThat(decoded()).isEqualTo("POST /a abc [X=y].");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n\tA: b\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\0GET / HTTP/1.1\r\nHost: h\r\n\r\n"
            })
    void aLineThatBeginsWithABlankIsRefusedInWhateverPiecesItComes(String head) {
        for (int at = 0; at <= head.length(); at++) {
            EmbeddedChannel other = new EmbeddedChannel(new RequestDecoder(16 * 1024, () -> {}));
            other.writeInbound(Unpooled.copiedBuffer(head.substring(0, at), StandardCharsets.ISO_8859_1));
            other.writeInbound(Unpooled.copiedBuffer(head.substring(at) + GET, StandardCharsets.ISO_8859_1));

            HttpObject first = other.readInbound();

            assertThat(first.decoderResult().isFailure()).as("split at " + at).isTrue();
            HttpObject second = other.readInbound();
            assertThat(second).as("what follows").isNull();
            other.finishAndReleaseAll();
        }
    }

    @Test
    void aBodyMayBeginWithABlank() {
        receive("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n x\n");

        assertThat(decoded()).isEqualTo("POST /a  x\n.");
    }

    @Test
    void theNextRequestIsHeldUntilTheAnswerIsOut() throws Exception {
        receive(GET + POST + GET);

        assertThat(decoded()).isEqualTo("GET /b .");
        release();
        assertThat(decoded()).isEqualTo("POST /a abc [X=y].");
        release();
        assertThat(decoded()).isEqualTo("GET /b .");
        release();
        assertThat(decoded()).isEmpty();
    }

    @Test
    void whatIsHeldIsNotDecodedWhenMoreComes() {
        receive(GET + "GET /half");
        decoded();

        receive(" HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(decoded()).isEmpty();
    }

    @Test
    void itIsFullWhenItHoldsMoreThanItShould() throws Exception {
        receive(GET);
        assertThat(decoder.isFull()).isFalse();

        receive("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70_000));

        assertThat(decoder.isFull()).isTrue();
        decoded();
        release();
        assertThat(decoder.isFull()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\n", "\r\nG"})
    void aHeadThatHasBegunIsKnown(String part) {
        assertThat(decoder.hasPartOfHead()).isFalse();

        receive(part);

        assertThat(decoder.hasPartOfHead()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n\r\n", GET, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"})
    void emptyLinesAndWholeHeadsAreNoPartOfAHead(String bytes) {
        receive(bytes);

        assertThat(decoder.hasPartOfHead()).isFalse();
    }

    @Test
    void nothingIsDecodedAfterTheStop() {
        receive("GET /a HT");

        decoder.stop();
        receive("TP/1.1\r\nHost: h\r\n\r\n" + GET);

        assertThat(decoded()).isEmpty();
    }

    @Test
    void everyReadIsTold() {
        receive("G");
        receive("E");

        assertThat(reads).hasValue(2);
    }
}
