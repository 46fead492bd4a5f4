package org.joveproxy.store.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * How strings are in the file. Unlike the library's own it believes no length that is longer than the page: a damaged file
 * must not ask for all the memory there is.
 *
 * <p>Immutable.
 */
final class Text extends BasicDataType<String> {
    static final Text TYPE = new Text();

    private static final int MAX_KEYS = 1 << 16;
    private static final int OBJECT_BYTES = 56;

    private Text() {}

    @Override
    public int getMemory(String text) {
        return OBJECT_BYTES + text.length();
    }

    @Override
    public void write(WriteBuffer buffer, String text) {
        int length = text.length();
        buffer.putVarInt(length).putStringData(text, length);
    }

    @Override
    public String read(ByteBuffer buffer) {
        int length = length(buffer);
        int start = buffer.position();
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        for (byte each : bytes) {
            if (each < 0) {
                buffer.position(start);
                return DataUtils.readString(buffer, length);
            }
        }
        // Nearly every text is ASCII, where a character is a byte; a start with very many of them wants no more work.
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads the length of something that takes a byte for each at least. */
    static int length(ByteBuffer buffer) {
        int length = DataUtils.readVarInt(buffer);
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalStateException("length: " + length + " (expected: <= " + buffer.remaining() + ")");
        }
        return length;
    }

    @Override
    public String[] createStorage(int size) {
        if (size > MAX_KEYS) {
            throw new IllegalStateException("keys of a page: " + size + " (expected: <= " + MAX_KEYS + ")");
        }
        return new String[size];
    }

    @Override
    public int compare(String a, String b) {
        return a.compareTo(b);
    }
}
