package org.joveproxy.core.codec;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Bytes of heads. Any thread may call any method. */
final class Ascii {
    private Ascii() {}

    /** The letter in lower case; other bytes as they are. */
    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** Writes {@code text}, in ISO 8859-1 where it is not ASCII, and returns where it ends. */
    @SuppressWarnings("deprecation") // takes the lower bytes of characters, without an object for them
    static int write(CharSequence text, byte[] out, int at) {
        int length = text.length();
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), out, at, length);
        } else {
            text.toString().getBytes(0, length, out, at);
        }
        return at + length;
    }

    /** Writes CRLF and returns where it ends. */
    static int endLine(byte[] out, int at) {
        out[at] = '\r';
        out[at + 1] = '\n';
        return at + 2;
    }

    /** The ASCII text of bytes. */
    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
