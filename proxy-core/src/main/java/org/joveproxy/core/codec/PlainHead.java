package org.joveproxy.core.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Reads heads in the form that nearly all of them have (RFC 9112): complete, one blank where one belongs, lines that end in
 * CRLF, a request without a body, a final response with the length of its body.
 *
 * <p>What is taken here Netty's decoders would take too, and understand in the same way; all else is left where it is for
 * them. Any thread may call any method with bytes of its own.
 */
public final class PlainHead {
    /** Heads of responses are seldom larger; more is only copied when they are, since a body follows. */
    private static final int USUAL_BYTES = 1024;

    private static final int MOST_BYTES = 16 * 1024;
    private static final int LONGEST_METHOD = 16;
    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final int STATUS_DIGITS = 3;
    private static final int MOST_LENGTH_DIGITS = 18;

    private static final AsciiString DRAFT_WEBSOCKET_KEY = AsciiString.cached("sec-websocket-key1");

    private static final boolean[] TOKEN = new boolean[256];
    private static final boolean[] VISIBLE = new boolean[256];
    private static final boolean[] VALUE = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean isLetterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            TOKEN[c] = isLetterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            VISIBLE[c] = c > ' ' && c < 0x7f;
            VALUE[c] = c == '\t' || (c >= ' ' && c != 0x7f);
        }
    }

    private final byte[] bytes;
    private final int end;
    private int at;

    private PlainHead(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    /**
     * Takes a whole request without a body off {@code in}, or nothing.
     *
     * @param maxBytes the largest head to take
     */
    public static @Nullable FullHttpRequest readRequest(ByteBuf in, int maxBytes) {
        if (!in.isReadable() || in.getByte(in.readerIndex()) == 'P') {
            return null; // POST, PUT and PATCH: a body follows, which is not to be copied
        }
        PlainHead head = copy(in, Math.min(in.readableBytes(), MOST_BYTES));
        FullHttpRequest request = head.request(maxBytes);
        if (request != null) {
            in.skipBytes(head.at);
        }
        return request;
    }

    /**
     * Takes the head of a final response with a {@code Content-Length} off {@code in}, or nothing. What follows is its
     * body, unless it answers HEAD.
     *
     * @param maxBytes the largest head to take
     */
    public static @Nullable HttpResponse readResponse(ByteBuf in, int maxBytes) {
        PlainHead head = copy(in, Math.min(in.readableBytes(), USUAL_BYTES));
        HttpResponse response = head.response(maxBytes);
        if (response == null && head.isCutShort(in)) {
            head = copy(in, Math.min(in.readableBytes(), MOST_BYTES));
            response = head.response(maxBytes);
        }
        if (response != null) {
            in.skipBytes(head.at);
        }
        return response;
    }

    private static PlainHead copy(ByteBuf in, int length) {
        byte[] bytes = new byte[length];
        in.getBytes(in.readerIndex(), bytes);
        return new PlainHead(bytes, length);
    }

    /** Whether the bytes looked at were plain as far as they went, and {@code in} has more. */
    private boolean isCutShort(ByteBuf in) {
        return end == USUAL_BYTES && at == end && in.readableBytes() > end;
    }

    // ---- request ----

    private @Nullable FullHttpRequest request(int maxBytes) {
        HttpMethod method = method();
        String target = method == null ? null : target();
        HttpVersion version = target == null ? null : version();
        if (version == null || !lineEnds()) {
            return null;
        }
        WireFields fields = fields();
        if (fields == null
                || at > maxBytes
                || fields.contains(HttpHeaderNames.CONTENT_LENGTH)
                || fields.contains(HttpHeaderNames.TRANSFER_ENCODING)
                // Eight bytes follow that no field announces.
                || fields.contains(DRAFT_WEBSOCKET_KEY)) {
            return null;
        }
        return new DefaultFullHttpRequest(
                version, method, target, Unpooled.EMPTY_BUFFER, fields, EmptyHttpHeaders.INSTANCE);
    }

    private @Nullable HttpMethod method() {
        int start = at;
        while (at < end && bytes[at] >= 'A' && bytes[at] <= 'Z') {
            at++;
        }
        int length = at - start;
        if (length == 0 || length > LONGEST_METHOD || !blank()) {
            return null;
        }
        if (length == 3 && bytes[start] == 'G' && bytes[start + 1] == 'E' && bytes[start + 2] == 'T') {
            return HttpMethod.GET;
        }
        return HttpMethod.valueOf(Ascii.text(bytes, start, start + length));
    }

    private @Nullable String target() {
        int start = at;
        while (at < end && VISIBLE[bytes[at] & 0xff]) {
            at++;
        }
        int last = at;
        return last == start || !blank() ? null : Ascii.text(bytes, start, last);
    }

    // ---- response ----

    private @Nullable HttpResponse response(int maxBytes) {
        HttpVersion version = version();
        HttpResponseStatus status = version == null || !blank() ? null : status();
        if (status == null) {
            return null;
        }
        WireFields fields = fields();
        if (fields == null
                || at > maxBytes
                || fields.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !hasOneLength(fields)) {
            return null;
        }
        return new DefaultHttpResponse(version, status, fields);
    }

    /** A final status that allows a body, and the rest of its line. */
    private @Nullable HttpResponseStatus status() {
        int code = 0;
        for (int i = 0; i < STATUS_DIGITS; i++, at++) {
            if (at >= end || bytes[at] < '0' || bytes[at] > '9') {
                return null;
            }
            code = code * 10 + bytes[at] - '0';
        }
        if (code < 200 || code == 204 || code == 304 || !blank()) {
            return null;
        }
        int start = at;
        while (at < end && (VISIBLE[bytes[at] & 0xff] || bytes[at] == ' ')) {
            at++;
        }
        int last = at;
        if (last == start || bytes[start] == ' ' || bytes[last - 1] == ' ' || !lineEnds()) {
            return null;
        }
        if (code == 200 && last - start == 2 && bytes[start] == 'O' && bytes[start + 1] == 'K') {
            return HttpResponseStatus.OK;
        }
        return HttpResponseStatus.valueOf(code, Ascii.text(bytes, start, last));
    }

    private static boolean hasOneLength(WireFields fields) {
        String length = fields.onlyValue(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null || length.length() > MOST_LENGTH_DIGITS) {
            return false;
        }
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                return false;
            }
        }
        return length.length() == 1 || length.charAt(0) != '0';
    }

    // ---- both ----

    private @Nullable HttpVersion version() {
        int start = at;
        if (end - start < VERSION_LENGTH) {
            at = end;
            return null;
        }
        boolean is1 = bytes[start] == 'H'
                && bytes[start + 1] == 'T'
                && bytes[start + 2] == 'T'
                && bytes[start + 3] == 'P'
                && bytes[start + 4] == '/'
                && bytes[start + 5] == '1'
                && bytes[start + 6] == '.';
        if (!is1) {
            return null;
        }
        byte minor = bytes[start + 7];
        at = start + VERSION_LENGTH;
        if (minor == '1') {
            return HttpVersion.HTTP_1_1;
        }
        return minor == '0' ? HttpVersion.HTTP_1_0 : null;
    }

    private boolean blank() {
        if (at < end && bytes[at] == ' ') {
            at++;
            return true;
        }
        return false;
    }

    private boolean lineEnds() {
        if (at + 1 >= end) {
            at = end;
            return false;
        }
        if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
            at += 2;
            return true;
        }
        return false;
    }

    /** The lines up to the empty one, which is passed. */
    private @Nullable WireFields fields() {
        WireFields fields = new WireFields(bytes, at);
        int lines = 0;
        while (!lineEnds()) {
            int nameStart = at;
            while (at < end && TOKEN[bytes[at] & 0xff]) {
                at++;
            }
            int nameEnd = at;
            if (end - at < 3) {
                at = end;
                return null;
            }
            if (nameEnd == nameStart || bytes[at] != ':' || bytes[at + 1] != ' ') {
                return null;
            }
            at += 2;
            int valueStart = at;
            while (at < end && VALUE[bytes[at] & 0xff]) {
                at++;
            }
            int valueEnd = at;
            if (!lineEnds()
                    || valueEnd == valueStart
                    || isBlank(bytes[valueStart])
                    || isBlank(bytes[valueEnd - 1])
                    || lines == WireFields.MOST_LINES) {
                return null;
            }
            fields.addLine(nameEnd, valueEnd);
            lines++;
        }
        return fields;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
