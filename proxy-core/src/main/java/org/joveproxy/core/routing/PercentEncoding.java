package org.joveproxy.core.routing;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent escapes, strictly: only well-formed escapes of well-formed UTF-8 can be decoded.
 *
 * <p>Any thread may call any method.
 */
final class PercentEncoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {}

    /** Decodes every escape of {@code text} as UTF-8; other characters stay as they are. */
    static String decode(String text) throws MalformedPathException {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) != '%') {
                decoded.append(text.charAt(at));
                at++;
            } else {
                at = decodeRun(text, at, decoded);
            }
        }
        return decoded.toString();
    }

    /** Decodes the escapes that follow each other from {@code at} on; returns where they end. */
    private static int decodeRun(String text, int at, StringBuilder decoded) throws MalformedPathException {
        ByteBuffer bytes = ByteBuffer.allocate((text.length() - at) / 3 + 1);
        int next = at;
        while (next < text.length() && text.charAt(next) == '%') {
            if (!isEscape(text, next)) {
                throw new MalformedPathException(text, "two hexadecimal digits after each %");
            }
            bytes.put((byte) ((digit(text, next + 1) << 4) | digit(text, next + 2)));
            next += 3;
        }
        try {
            CharBuffer characters = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            decoded.append(characters);
        } catch (CharacterCodingException e) {
            throw new MalformedPathException(text, "escapes of well-formed UTF-8");
        }
        return next;
    }

    /** Whether the % at {@code at} is followed by two hexadecimal digits. */
    static boolean isEscape(String text, int at) {
        return at + 2 < text.length() && digit(text, at + 1) >= 0 && digit(text, at + 2) >= 0;
    }

    private static int digit(String text, int at) {
        char c = text.charAt(at);
        // Character.digit alone would take the digits of every script.
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /**
     * Escapes, as UTF-8, the characters of {@code text} that are in {@code notAllowed}, control characters and those
     * outside ASCII. Escapes that are there already stay.
     */
    static String encode(String text, String notAllowed) {
        StringBuilder encoded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c > ' ' && c < 0x7f && notAllowed.indexOf(c) < 0) {
                encoded.append((char) c);
            } else {
                for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    appendEscape(encoded, octet);
                }
            }
        });
        return encoded.toString();
    }

    static void appendEscape(StringBuilder to, int octet) {
        to.append('%').append(HEX[(octet >> 4) & 0xf]).append(HEX[octet & 0xf]);
    }
}
