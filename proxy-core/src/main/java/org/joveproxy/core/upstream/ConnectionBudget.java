package org.joveproxy.core.upstream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * How many sockets one upstream may still have, over all event loops.
 *
 * <p>Any thread may call any method. Invariant: {@code 0 <= inUse <= limit}, at every instant. A limit that shrinks below
 * what is in use takes nothing away; no permit is given until enough have come back.
 */
final class ConnectionBudget {
    private final IntSupplier limit;
    private final AtomicInteger inUse = new AtomicInteger();
    private final Queue<Waiter> line = new ConcurrentLinkedQueue<>();

    /** Somebody who is in line for a permit. */
    interface Waiter {
        /** Here is one permit; called once for each time in line, on any thread. */
        void permitGranted();
    }

    ConnectionBudget(int limit) {
        this(() -> limit);
    }

    /** A budget whose limit may change. */
    ConnectionBudget(IntSupplier limit) {
        this.limit = limit;
    }

    /** Takes one permit, or returns false without waiting when none is left or somebody is in line for it. */
    boolean tryTake() {
        return line.isEmpty() && take();
    }

    /** Gives one permit back, to the first in line if there is one. */
    void giveBack() {
        release();
        handOut();
    }

    /** Puts {@code waiter} in line for one permit, which may come before this method returns. */
    void getInLine(Waiter waiter) {
        line.add(waiter);
        handOut();
    }

    /** Whether anybody but {@code waiter} is in line. */
    boolean isAwaitedByOthersThan(Waiter waiter) {
        for (Waiter waiting : line) {
            if (waiting != waiter) {
                return true;
            }
        }
        return false;
    }

    int inUse() {
        return inUse.get();
    }

    int limit() {
        return limit.getAsInt();
    }

    /**
     * Hands free permits to those in line. Race: two threads may do so at once, and one of them may hold a permit for a
     * line that the other has served; it then looks again, so that nobody who joined in between is forgotten.
     */
    private void handOut() {
        while (!line.isEmpty() && take()) {
            Waiter first = line.poll();
            if (first == null) {
                release();
            } else {
                first.permitGranted();
            }
        }
    }

    private boolean take() {
        int most = limit.getAsInt();
        return inUse.getAndUpdate(n -> n < most ? n + 1 : n) < most;
    }

    private void release() {
        if (inUse.getAndUpdate(n -> n > 0 ? n - 1 : n) == 0) {
            throw new IllegalStateException("gave back a permit that was never taken");
        }
    }
}
