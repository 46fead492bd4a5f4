package org.joveproxy.core.upstream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many sockets one upstream may still have, over all event loops.
 *
 * <p>Any thread may call any method. Invariant: {@code 0 <= inUse <= limit}, at every instant.
 */
final class ConnectionBudget {
    private final int limit;
    private final AtomicInteger inUse = new AtomicInteger();
    private final Queue<UpstreamPool> waiting = new ConcurrentLinkedQueue<>();

    ConnectionBudget(int limit) {
        this.limit = limit;
    }

    /** Takes one permit, or returns false without waiting when none is left. */
    boolean tryTake() {
        return inUse.getAndUpdate(n -> n < limit ? n + 1 : n) < limit;
    }

    /** Gives one permit back and tells a pool that waits for one. */
    void giveBack() {
        if (inUse.getAndUpdate(n -> n > 0 ? n - 1 : n) == 0) {
            throw new IllegalStateException("gave back a permit that was never taken");
        }
        tellNext();
    }

    /** Tells the next pool in line that a permit may be free. */
    void tellNext() {
        UpstreamPool next = waiting.poll();
        if (next != null) {
            next.permitMayBeFree();
        }
    }

    /**
     * Puts {@code pool} in line to be told once when a permit comes back. Race: the permit may be gone again by then, and
     * the pool gets in line anew.
     */
    void tellWhenFree(UpstreamPool pool) {
        waiting.add(pool);
    }

    int inUse() {
        return inUse.get();
    }
}
