package org.joveproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Where the frames of a websocket end in one direction of its bytes (RFC 6455 5.2), so that a frame of our own can be put
 * between two of them. It looks at the headers of frames only, wherever they are cut, and changes no byte.
 *
 * <p>Bytes that are no frames have no end: a length that the protocol does not allow counts as one that never comes to
 * its end. Confined to the event loop of the tunnel.
 */
@EventLoopConfined
final class FrameBoundary implements ByteProcessor {
    private static final int CLOSE = 0x8;
    private static final int MASK_BYTES = 4;

    // The header's bytes seen so far, 0 between its end and the next one's beginning; its opcode; how many bytes it has
    // up to the end of the length, and in all.
    private int seen;
    private int opcode;
    private int lengthEnd;
    private int headerEnd;
    private long length;
    private long payloadLeft;
    private boolean stopsBehindEmptyFrames;

    /** Notes that all readable bytes of {@code bytes} pass, and leaves its indexes alone. */
    void passed(ByteBuf bytes) {
        int end = bytes.writerIndex();
        for (int at = bytes.readerIndex(); at < end; ) {
            at = passed(bytes, at, end);
        }
    }

    /**
     * Notes that the readable bytes of {@code bytes} pass up to the end of the frame that is under way or begins there, or
     * all of them when it does not end there. Returns the index behind the last of them.
     */
    int passedToEnd(ByteBuf bytes) {
        stopsBehindEmptyFrames = true;
        int at = passed(bytes, bytes.readerIndex(), bytes.writerIndex());
        stopsBehindEmptyFrames = false;
        return at;
    }

    /** Whether a frame of our own may follow what has passed. */
    boolean isBetweenFrames() {
        return seen == 0 && payloadLeft == 0;
    }

    /** Whether the last frame, which is over, was one that closes, behind which no other may follow. */
    boolean isClosed() {
        return opcode == CLOSE && isBetweenFrames();
    }

    private int passed(ByteBuf bytes, int from, int end) {
        int at = from;
        if (payloadLeft == 0) {
            // Looked at in one go: a check of index and owner for each byte would make a flood of tiny frames costly.
            int last = bytes.forEachByte(at, end - at, this);
            if (last < 0) {
                return end;
            }
            at = last + 1;
        }
        int part = (int) Math.min(payloadLeft, end - at);
        payloadLeft -= part;
        return at + part;
    }

    /** One more byte of a header. Returns whether the next one is of a header, too. */
    @Override
    public boolean process(byte value) {
        int next = Byte.toUnsignedInt(value);
        if (seen == 0) {
            opcode = next & 0x0f;
        } else if (seen == 1) {
            begin(next);
        } else if (seen < lengthEnd) {
            length = length << Byte.SIZE | next;
        }
        seen++;
        if (seen == 1 || seen < headerEnd) {
            return true;
        }
        seen = 0;
        payloadLeft = length < 0 ? Long.MAX_VALUE : length;
        return payloadLeft == 0 && !stopsBehindEmptyFrames;
    }

    /** The second byte: whether there is a mask, and the length, or how many bytes it takes. */
    private void begin(int second) {
        int small = second & 0x7f;
        int longer = small < 126 ? 0 : small == 126 ? Short.BYTES : Long.BYTES;
        length = longer == 0 ? small : 0;
        lengthEnd = 2 + longer;
        headerEnd = lengthEnd + ((second & 0x80) == 0 ? 0 : MASK_BYTES);
    }
}
