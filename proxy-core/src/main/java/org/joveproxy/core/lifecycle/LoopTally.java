package org.joveproxy.core.lifecycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one event loop's sockets.
 *
 * <p>Only the loop changes them; any thread may read them. The loop itself sees opened = closed + open. Invariant for
 * everybody else: who has seen a socket closed has seen it opened, as what is written later is never seen earlier.
 */
@SuppressWarnings("EnumOrdinal") // the places of the counters are nobody's business but this class's
final class LoopTally {
    // One writer, so a counter needs no atomic addition: what it costs on a request's way is a load and a store.
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int ROLES = Role.values().length;
    private static final int PHASES = Phase.values().length;
    private static final int REASONS = CloseReason.values().length;

    // Layout: opened by role, closed by role and reason, open by role and phase, bytes in and out by role.
    private static final int CLOSED = ROLES;
    private static final int OPEN = CLOSED + ROLES * REASONS;
    private static final int BYTES_IN = OPEN + ROLES * PHASES;
    private static final int BYTES_OUT = BYTES_IN + ROLES;
    static final int LENGTH = BYTES_OUT + ROLES;

    // A loop counts with each message, and what lies beside the array may be another loop's. Two cache lines, for the
    // processor fetches the neighbour of each, too.
    private static final int PADDING = 2 * 64 / Long.BYTES;

    private final long[] counts = new long[PADDING + LENGTH + PADDING];

    static int opened(Role role) {
        return role.ordinal();
    }

    static int closed(Role role, CloseReason reason) {
        return CLOSED + role.ordinal() * REASONS + reason.ordinal();
    }

    static int open(Role role, Phase phase) {
        return OPEN + role.ordinal() * PHASES + phase.ordinal();
    }

    static int bytesIn(Role role) {
        return BYTES_IN + role.ordinal();
    }

    static int bytesOut(Role role) {
        return BYTES_OUT + role.ordinal();
    }

    // ---- by the loop ----

    void socketOpened(Role role, Phase phase) {
        add(opened(role), 1);
        add(open(role, phase), 1);
    }

    void socketMoved(Role role, Phase from, Phase to) {
        add(open(role, from), -1);
        add(open(role, to), 1);
    }

    void socketClosed(Role role, Phase phase, CloseReason reason) {
        add(open(role, phase), -1);
        add(closed(role, reason), 1);
    }

    void received(Role role, int bytes) {
        add(bytesIn(role), bytes);
    }

    void sent(Role role, int bytes) {
        add(bytesOut(role), bytes);
    }

    private void add(int index, long change) {
        int at = PADDING + index;
        COUNT.setRelease(counts, at, counts[at] + change);
    }

    // ---- by anybody ----

    /** One counter. */
    long get(int index) {
        return (long) COUNT.getAcquire(counts, PADDING + index);
    }

    /** Sockets of {@code role} closed so far. */
    long closedCount(Role role) {
        long sum = 0;
        for (CloseReason reason : CloseReason.values()) {
            sum += get(closed(role, reason));
        }
        return sum;
    }

    /** All counters; of one moment when the loop itself asks. */
    LedgerTotals totals() {
        long[] copy = new long[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            copy[i] = get(i);
        }
        return new LedgerTotals(copy);
    }
}
