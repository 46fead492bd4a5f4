package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/**
 * Bytes that cannot be taken for any others: what the resource {@code name} holds.
 *
 * <p>The content is one fixed random block over and over, begun at a place that depends on the name. A byte that is lost,
 * doubled, changed, or from somebody else's resource does not pass a {@link Check}. Sending and checking copy nothing.
 * Immutable.
 *
 * @param name whose content it is
 * @param length in bytes
 */
public record Payload(String name, long length) {
    /** A prime, so that no block size of anybody's buffers divides it. */
    private static final int PERIOD = 65_521;

    private static final ByteBuf BLOCK = Unpooled.unreleasableBuffer(randomBlock());

    /** Refuses negative lengths. */
    public Payload {
        if (length < 0) {
            throw new IllegalArgumentException("length: " + length + " (expected: >= 0)");
        }
    }

    private static ByteBuf randomBlock() {
        ByteBuf block = Unpooled.directBuffer(PERIOD);
        SplittableRandom random = new SplittableRandom(5_032_024);
        while (block.isWritable(1) && block.writerIndex() < PERIOD) {
            block.writeByte(random.nextInt());
        }
        return block.asReadOnly();
    }

    /** Up to {@code most} bytes from {@code position} on; at least one while {@code position < length}. */
    ByteBuf from(long position, int most) {
        int start = place(position);
        int count = (int) Math.min(Math.min(most, PERIOD - start), length - position);
        return BLOCK.slice(start, count);
    }

    private int place(long position) {
        return (int) ((Math.floorMod(name.hashCode(), PERIOD) + position) % PERIOD);
    }

    /** A check of bytes that are about to arrive. */
    Check check() {
        return new Check(this);
    }

    /** Compares what arrives with what should. Confined to the play's loop. */
    static final class Check implements BodySink {
        private final Payload expected;
        private long position;
        private long firstDifference = -1;

        private Check(Payload expected) {
            this.expected = expected;
        }

        @Override
        public void accept(ByteBuf piece) {
            int index = piece.readerIndex();
            int left = piece.readableBytes();
            while (left > 0 && firstDifference < 0) {
                int start = expected.place(position);
                int count = Math.min(left, PERIOD - start);
                if (position + count > expected.length || !ByteBufUtil.equals(BLOCK, start, piece, index, count)) {
                    firstDifference = position;
                    return;
                }
                position += count;
                index += count;
                left -= count;
            }
        }

        @Override
        public String complaint() {
            if (firstDifference >= 0) {
                return "wrong bytes from " + firstDifference + " on";
            }
            return position == expected.length ? "" : position + " of " + expected.length + " bytes";
        }
    }
}
