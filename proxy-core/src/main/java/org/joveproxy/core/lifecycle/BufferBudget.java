package org.joveproxy.core.lifecycle;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes wait in memory for slow peers, over all event loops, beside how many may.
 *
 * <p>Any thread may call any method. Invariant: what is held is the sum of what the {@link LoopBuffers} have told; it is
 * measured, not asked for beforehand, and may therefore be above the limit for a moment.
 */
public final class BufferBudget {
    // A peer that is behind may have this part of what is free waiting for it. The fuller the memory, the smaller
    // everybody's part, so that the sum comes near the limit and does not reach it (Choudhury and Hahne, "Dynamic queue
    // length thresholds for shared-memory packet switches", 1998).
    private static final int PART_OF_FREE = 256;

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** A budget of {@code limit} bytes. */
    public BufferBudget(long limit) {
        this.limit = limit;
    }

    /** Bytes that wait now, as far as the loops have told. */
    public long held() {
        return held.get();
    }

    /** Bytes that may wait. */
    public long limit() {
        return limit;
    }

    void add(long bytes) {
        held.addAndGet(bytes);
    }

    /** What may wait for one more slow peer. */
    long share() {
        return Math.max(0, limit - held.get()) / PART_OF_FREE;
    }

    /** Whether so much is held that what is not needed should go. */
    boolean isTight() {
        return held.get() > limit / 2;
    }

    /** Whether new requests have to be refused. What was full is so until a good part of it is free again. */
    boolean isSpent(boolean wasSpent) {
        return held.get() > (wasSpent ? limit - limit / 4 : limit);
    }
}
