package org.joveproxy.core.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fields behave as Netty's do, which stand beside them here. */
final class WireFieldsTest {
    private static final List<String> NAMES =
            List.of("Host", "host", "X-A", "x-a", "Cookie", "COOKIE", "Accept", "Connection", "date");

    @Test
    void anyChangesGiveWhatNettysFieldsGive() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            HttpHeaders expected = new DefaultHttpHeaders();
            StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\n");
            for (int line = random.nextInt(14); line > 0; line--) {
                String name = any(random);
                String value = "v" + random.nextInt(100);
                expected.add(name, value);
                head.append(name).append(": ").append(value).append("\r\n");
            }
            WireFields fields = read(head.append("\r\n").toString());
            for (int change = random.nextInt(12); change > 0; change--) {
                change(expected, fields, any(random), random);
                assertAlike(expected, fields);
            }
        }
    }

    private static void change(HttpHeaders expected, HttpHeaders fields, String name, Random random) {
        String value = "n" + random.nextInt(100);
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                expected.remove(name);
                fields.remove(name);
            }
            case 2, 3 -> {
                expected.set(name, value);
                fields.set(name, value);
            }
            case 4 -> {
                expected.setInt(name, 5);
                fields.setInt(name, 5);
            }
            case 5 -> {
                expected.add(name, List.of("one", "two"));
                fields.add(name, List.of("one", "two"));
            }
            case 6 -> {
                if (random.nextInt(10) == 0) {
                    expected.clear();
                    fields.clear();
                }
            }
            default -> {
                expected.add(name, value);
                fields.add(name, value);
            }
        }
    }

    private static void assertAlike(HttpHeaders expected, WireFields fields) {
        assertThat(fields.entries()).isEqualTo(expected.entries());
        assertThat(fields.size()).isEqualTo(expected.size());
        assertThat(fields.isEmpty()).isEqualTo(expected.isEmpty());
        for (String name : NAMES) {
            assertThat(fields.get(name)).isEqualTo(expected.get(name));
            assertThat(fields.getAll(name)).isEqualTo(expected.getAll(name));
            assertThat(fields.contains(name)).isEqualTo(expected.contains(name));
            assertThat(fields.containsValue(name, "N1", true)).isEqualTo(expected.containsValue(name, "N1", true));
            assertThat(fields.getInt(name)).isEqualTo(expected.getInt(name));
        }
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> entry : expected.entries()) {
            lines.append(entry.getKey()).append(": ").append(entry.getValue()).append("\r\n");
        }
        assertThat(written(fields)).isEqualTo(lines.toString());
    }

    @Test
    void whatCouldSplitAMessageIsRefused() {
        WireFields fields = read("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThatThrownBy(() -> fields.add("X-A", "b\r\nX-Evil: c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.set("X-A\r\nX-Evil", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fields.add("", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(written(fields)).isEqualTo("Host: a\r\n");
    }

    @Test
    void bytesThatAreNotAsciiPassAsTheyCame() {
        WireFields fields = read("GET / HTTP/1.1\r\nX-A: caf\u00e9\r\nX-B: b\r\n\r\n");
        fields.remove("x-b").set("X-C", "na\u00efve");

        assertThat(fields.get("x-a")).isEqualTo("caf\u00e9");
        assertThat(written(fields)).isEqualTo("X-A: caf\u00e9\r\nX-C: na\u00efve\r\n");
    }

    @Test
    void aRequestIsWrittenInOnePiece() {
        FullHttpRequest request = request("GET /a?b HTTP/1.0\r\nHost: a\r\nConnection: close\r\nAccept: */*\r\n\r\n");
        request.headers().remove(HttpHeaderNames.CONNECTION);
        request.setUri("/\u00fcber");

        ByteBuf bytes = HeadWriter.request(UnpooledByteBufAllocator.DEFAULT, request, (WireFields) request.headers());

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("GET /\u00fcber HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n");
        bytes.release();
    }

    private static WireFields read(String head) {
        return (WireFields) request(head).headers();
    }

    private static FullHttpRequest request(String head) {
        ByteBuf bytes = Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1);
        return requireNonNull(PlainHead.readRequest(bytes, 16_384));
    }

    private static String written(WireFields fields) {
        ByteBuf out = Unpooled.buffer();
        HeadWriter.fields(fields, out);
        assertThat(out.readableBytes()).isEqualTo(fields.encodedLength());
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String any(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
