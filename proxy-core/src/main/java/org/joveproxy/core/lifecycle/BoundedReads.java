package org.joveproxy.core.lifecycle;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Sizes reads by what the socket has brought of late, as Netty does it, but no larger than its event loop has memory for,
 * nor than the other side has shown to take.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
final class BoundedReads implements RecvByteBufAllocator {
    // So much of one socket in one turn of the loop: enough to be worth the turn, little enough not to keep others
    // waiting.
    private static final int READS_IN_A_ROW = 4;

    // After so many bytes without a pause the other side is known to take them as fast as they come, and fewer, larger
    // reads cost less. What may wait for a peer that is slow, or does not read at all, stays as it was.
    private static final int PROVEN_BYTES = 1024 * 1024;
    private static final int LARGEST_READ = 256 * 1024;

    private static final int SMALLEST_READ = 64;
    private static final int FIRST_READ = 2 * 1024;

    private final AdaptiveRecvByteBufAllocator adaptive =
            new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ);
    private final LoopBuffers buffers;

    BoundedReads(LoopBuffers buffers) {
        this.buffers = buffers;
        adaptive.maxMessagesPerRead(READS_IN_A_ROW);
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still asks for the old type
    public Handle newHandle() {
        return new Bounded(buffers, (ExtendedHandle) adaptive.newHandle());
    }

    private static final class Bounded extends DelegatingHandle implements ExtendedHandle {
        private final LoopBuffers buffers;
        private final ExtendedHandle adaptive;
        private @Nullable ChannelConfig config;
        private int readWithoutPause;

        Bounded(LoopBuffers buffers, ExtendedHandle adaptive) {
            super(adaptive);
            this.buffers = buffers;
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(guess());
        }

        @Override
        public int guess() {
            int most = buffers.largestRead();
            if (readWithoutPause >= PROVEN_BYTES && most == LoopBuffers.LARGEST_PART) {
                most = LARGEST_READ;
            }
            return Math.min(adaptive.guess(), most);
        }

        @Override
        public void reset(ChannelConfig readBy) {
            config = readBy;
            adaptive.reset(readBy);
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes > 0 && readWithoutPause < PROVEN_BYTES) {
                readWithoutPause += bytes;
            }
            adaptive.lastBytesRead(bytes);
        }

        @Override
        public void readComplete() {
            if (config != null && !config.isAutoRead()) {
                readWithoutPause = 0;
            }
            adaptive.readComplete();
        }

        /** A large read is the only one of its turn. */
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return guess() <= LoopBuffers.LARGEST_PART && adaptive.continueReading(maybeMoreData);
        }
    }
}
