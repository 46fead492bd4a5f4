package org.joveproxy.core.lifecycle;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Sizes reads by what the socket has brought of late, as Netty does it, but no larger than its event loop has memory for.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
final class BoundedReads implements RecvByteBufAllocator {
    // So much of one socket in one turn of the loop: enough to be worth the turn, little enough not to keep others
    // waiting.
    private static final int READS_IN_A_ROW = 4;

    private final AdaptiveRecvByteBufAllocator adaptive = new AdaptiveRecvByteBufAllocator();
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
            return Math.min(adaptive.guess(), buffers.largestRead());
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return adaptive.continueReading(maybeMoreData);
        }
    }
}
