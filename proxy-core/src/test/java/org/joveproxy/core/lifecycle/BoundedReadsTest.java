package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedReadsTest {
    private static final int KIB = 1024;
    private static final int PLENTY = 256 * 1024 * KIB;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
    }

    private RecvByteBufAllocator.ExtendedHandle reads(long budget) {
        LoopBuffers buffers = new LoopBuffers(new LoopLedger(new ConnectionLedger()), new BufferBudget(budget), null);
        return (RecvByteBufAllocator.ExtendedHandle) new BoundedReads(buffers).newHandle();
    }

    /** Reads of which each is filled, in turns of one read, until {@code bytes} have come; returns the largest. */
    private int readFull(RecvByteBufAllocator.ExtendedHandle reads, int bytes) {
        int largest = 0;
        for (int read = 0; read < bytes; ) {
            reads.reset(channel.config());
            int size = reads.guess();
            reads.attemptedBytesRead(size);
            reads.lastBytesRead(size);
            reads.readComplete();
            largest = Math.max(largest, size);
            read += size;
        }
        return largest;
    }

    @Test
    void nobodyHasBytesWaitingInLargeReadsBeforeItIsKnownToTakeThem() {
        assertThat(readFull(reads(PLENTY), 1024 * KIB)).isEqualTo(64 * KIB);
    }

    @Test
    void whoeverTakesThemAllGetsLargeReads() {
        RecvByteBufAllocator.ExtendedHandle reads = reads(PLENTY);

        readFull(reads, 1024 * KIB);

        assertThat(readFull(reads, 1024 * KIB)).isEqualTo(256 * KIB);
    }

    @Test
    void aPauseEndsLargeReads() {
        RecvByteBufAllocator.ExtendedHandle reads = reads(PLENTY);
        readFull(reads, 2048 * KIB);

        channel.config().setAutoRead(false);
        readFull(reads, 1);
        channel.config().setAutoRead(true);

        assertThat(readFull(reads, 512 * KIB)).isEqualTo(64 * KIB);
    }

    @Test
    void readsAreSmallWhileMemoryIsShort() {
        assertThat(readFull(reads(2 * 1024 * KIB), 4096 * KIB)).isEqualTo(8 * KIB);
    }
}
