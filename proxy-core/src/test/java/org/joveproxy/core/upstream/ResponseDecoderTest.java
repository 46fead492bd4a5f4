package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are taken for valid, whatever pieces they come in. */
final class ResponseDecoderTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"X A: 1", "X : 1", "X\t: 1", "Content-Length : 1", "X: 1\r\nA B: 2", "X Y"})
    void aBlankInANameIsRefused(String fields) {
        String response = OK + fields + "\r\n\r\n";
        for (int split = 0; split <= response.length(); split++) {
            assertThat(decode(response, split)).as("in two at %d", split).containsExactly("invalid");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: 1", "X:1", "X:\t 1 2 : 3 ", "X:", "A: 1\r\nB: c d"})
    void blanksElsewhereAreNot(String fields) {
        String response = OK + fields + "\r\nContent-Length: 5\r\n\r\na b\r\n";
        for (int split = 0; split <= response.length(); split++) {
            assertThat(decode(response, split)).as("in two at %d", split).containsExactly("200", "end");
        }
    }

    @Test
    void bodiesAndTrailersAreNotLookedAt() {
        String chunks = OK + "Transfer-Encoding: chunked\r\n\r\n6\r\na b: c\r\n0\r\nX: y\r\n\r\n";
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </a b>\r\n\r\n";
        String response = chunks + early + OK + "Content-Length: 8\r\n\r\nx y\r\nz: " + OK + "A B: 1\r\n\r\n";
        for (int split = 0; split <= response.length(); split++) {
            assertThat(decode(response, split))
                    .as("in two at %d", split)
                    .containsExactly("200", "end", "103", "end", "200", "end", "invalid");
        }
    }

    /** Statuses of heads and ends of messages; what follows an invalid one is thrown away. */
    private static List<String> decode(String response, int split) {
        EmbeddedChannel channel = new EmbeddedChannel(new ResponseDecoder(16 * 1024));
        byte[] bytes = response.getBytes(StandardCharsets.ISO_8859_1);
        channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, split));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, split, bytes.length - split));
        List<String> seen = new ArrayList<>();
        for (HttpObject each = channel.readInbound(); each != null; each = channel.readInbound()) {
            if (each.decoderResult().isFailure()) {
                seen.add("invalid");
            } else if (each instanceof HttpResponse head) {
                seen.add(Integer.toString(head.status().code()));
            }
            if (each instanceof LastHttpContent && each.decoderResult().isSuccess()) {
                seen.add("end");
            }
            ReferenceCountUtil.release(each);
        }
        channel.finishAndReleaseAll();
        return seen;
    }
}
