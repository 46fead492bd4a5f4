package org.joveproxy.core.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bounded number of places for sockets, shared by all event loops.
 *
 * <p>Any thread may call any method. Invariant: {@code 0 <= inUse <= limit}, at every instant.
 */
public final class Places {
    private final int limit;
    private final AtomicInteger inUse = new AtomicInteger();

    /** {@code limit} places, all of them free. */
    public Places(int limit) {
        this.limit = limit;
    }

    /** Takes a place, or returns false when none is free. */
    public boolean tryTake() {
        return inUse.getAndUpdate(n -> n < limit ? n + 1 : n) < limit;
    }

    /** Gives a place back. */
    public void giveBack() {
        if (inUse.getAndUpdate(n -> n > 0 ? n - 1 : n) == 0) {
            throw new IllegalStateException("gave back a place that was never taken");
        }
    }

    /** How many places are taken. */
    public int inUse() {
        return inUse.get();
    }

    /** How many there are. */
    public int limit() {
        return limit;
    }
}
