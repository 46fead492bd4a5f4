package org.joveproxy.core.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Reads one level of DER, element after element, and writes elements: the little of ASN.1 that keys and certificates
 * need here.
 *
 * <p>Confined to the thread that made it.
 */
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    private final byte[] bytes;
    private int position;

    Der(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The tag of an explicit, constructed, context-specific element. */
    static int explicit(int number) {
        return 0xA0 | number;
    }

    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        writeLength(
                out, Arrays.stream(contents).mapToInt(content -> content.length).sum());
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        int size = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        out.write(0x80 | size);
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            out.write(length >> shift);
        }
    }

    boolean hasMore() {
        return position < bytes.length;
    }

    boolean nextIs(int tag) {
        return hasMore() && (bytes[position] & 0xFF) == tag;
    }

    /** Enters the next element, which must have this tag. */
    Der enter(int tag) throws GeneralSecurityException {
        return new Der(content(tag));
    }

    /** Takes the content of the next element, which must have this tag. */
    byte[] content(int tag) throws GeneralSecurityException {
        if (!nextIs(tag)) {
            throw new GeneralSecurityException("malformed DER");
        }
        return takeContent();
    }

    /** Takes the next element whole, with its tag and length. */
    byte[] whole() throws GeneralSecurityException {
        int start = position;
        takeContent();
        return Arrays.copyOfRange(bytes, start, position);
    }

    /** Takes what is left at this level, as it stands. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, position, bytes.length);
        position = bytes.length;
        return rest;
    }

    /** Takes a number that is known to be small and not negative. */
    int number() throws GeneralSecurityException {
        BigInteger number = new BigInteger(content(INTEGER));
        if (number.signum() < 0 || number.bitLength() >= Integer.SIZE) {
            throw new GeneralSecurityException("malformed DER");
        }
        return number.intValue();
    }

    /** Takes an object identifier, in dotted form. */
    String objectIdentifier() throws GeneralSecurityException {
        StringBuilder dotted = new StringBuilder();
        long arc = 0;
        for (byte digit : content(OBJECT_IDENTIFIER)) {
            arc = (arc << 7) | (digit & 0x7F);
            if (digit < 0) {
                continue;
            }
            if (dotted.isEmpty()) {
                long first = Math.min(arc / 40, 2);
                dotted.append(first).append('.').append(arc - 40 * first);
            } else {
                dotted.append('.').append(arc);
            }
            arc = 0;
        }
        return dotted.toString();
    }

    private byte[] takeContent() throws GeneralSecurityException {
        position++;
        int length = takeByte();
        if (length >= 0x80) {
            length = takeLength(length & 0x7F);
        }
        if (length < 0 || length > bytes.length - position) {
            throw new GeneralSecurityException("malformed DER");
        }
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    private int takeLength(int size) throws GeneralSecurityException {
        if (size == 0 || size > 4) {
            throw new GeneralSecurityException("malformed DER");
        }
        int length = 0;
        for (int i = 0; i < size; i++) {
            length = (length << 8) | takeByte();
        }
        return length;
    }

    private int takeByte() throws GeneralSecurityException {
        if (!hasMore()) {
            throw new GeneralSecurityException("malformed DER");
        }
        return bytes[position++] & 0xFF;
    }
}
