package org.joveproxy.core.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;

/**
 * Writes whole messages whose fields are {@link WireFields} into one buffer.
 *
 * <p>Any thread may call any method.
 */
public final class HeadWriter {
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int USUAL_BYTES = 2048;

    // One copy to memory beside the heap costs less than one for each field.
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[USUAL_BYTES];
        }
    };

    private HeadWriter() {}

    /** A request of HTTP/1.1 without a body. The caller frees the buffer. */
    public static ByteBuf request(ByteBufAllocator allocator, HttpRequest request, WireFields fields) {
        byte[] target = request.uri().getBytes(StandardCharsets.UTF_8);
        String method = request.method().name();
        int length = method.length() + 1 + target.length + VERSION.length + fields.encodedLength() + 2;
        byte[] out = scratch(length);
        int at = Ascii.write(method, out, 0);
        out[at++] = ' ';
        System.arraycopy(target, 0, out, at, target.length);
        at += target.length;
        System.arraycopy(VERSION, 0, out, at, VERSION.length);
        at = Ascii.endLine(out, fields.writeTo(out, at + VERSION.length));
        return allocator.directBuffer(at, at).writeBytes(out, 0, at);
    }

    /**
     * The head of a response of HTTP/1.1 in a buffer that has room for {@code more} bytes behind it. The caller frees the
     * buffer.
     */
    public static ByteBuf response(ByteBufAllocator allocator, HttpResponse response, WireFields fields, int more) {
        byte[] line = statusLine(response.status());
        byte[] out = scratch(line.length + fields.encodedLength() + 2);
        System.arraycopy(line, 0, out, 0, line.length);
        int end = Ascii.endLine(out, fields.writeTo(out, line.length));
        return allocator.directBuffer(end + more, end + more).writeBytes(out, 0, end);
    }

    /** Adds the lines of {@code fields} to {@code out}. */
    public static void fields(WireFields fields, ByteBuf out) {
        byte[] lines = scratch(fields.encodedLength());
        out.writeBytes(lines, 0, fields.writeTo(lines, 0));
    }

    private static byte[] statusLine(HttpResponseStatus status) {
        if (status.code() == 200 && status.reasonPhrase().equals("OK")) {
            return OK;
        }
        String line = "HTTP/1.1 " + status.code() + ' ' + status.reasonPhrase() + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] scratch(int length) {
        byte[] bytes = SCRATCH.get();
        return length <= bytes.length ? bytes : new byte[length];
    }
}
