package org.joveproxy.core.lifecycle;

/**
 * What the ledger counted: sockets opened, closed and open, and the bytes they carried.
 *
 * <p>Immutable. When each loop took its own part, opened = closed + open holds for every role. Taken from another thread,
 * each number is right for itself, but a socket that changes in that very moment may be in one and not yet in the other.
 */
public final class LedgerTotals {
    private final long[] counts;

    /** Takes over {@code counts}, which are laid out as {@link LoopTally} does it. */
    LedgerTotals(long[] counts) {
        this.counts = counts;
    }

    /** Nothing yet. */
    static LedgerTotals none() {
        return new LedgerTotals(new long[LoopTally.LENGTH]);
    }

    /** Both together. */
    LedgerTotals plus(LedgerTotals other) {
        long[] sum = counts.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.counts[i];
        }
        return new LedgerTotals(sum);
    }

    /** Sockets opened for {@code role} since the start. */
    public long opened(Role role) {
        return counts[LoopTally.opened(role)];
    }

    /** Sockets of {@code role} closed for {@code reason} since the start. */
    public long closed(Role role, CloseReason reason) {
        return counts[LoopTally.closed(role, reason)];
    }

    /** Sockets of {@code role} closed since the start. */
    public long closed(Role role) {
        long sum = 0;
        for (CloseReason reason : CloseReason.values()) {
            sum += closed(role, reason);
        }
        return sum;
    }

    /** Sockets closed for {@code reason} since the start. */
    public long closed(CloseReason reason) {
        long sum = 0;
        for (Role role : Role.values()) {
            sum += closed(role, reason);
        }
        return sum;
    }

    /** Sockets of {@code role} that are in {@code phase}. */
    public long open(Role role, Phase phase) {
        return counts[LoopTally.open(role, phase)];
    }

    /** Sockets of {@code role} that are open: the sum over their phases. */
    public long open(Role role) {
        long sum = 0;
        for (Phase phase : Phase.values()) {
            sum += open(role, phase);
        }
        return sum;
    }

    /** Sockets that are in {@code phase}. */
    public long open(Phase phase) {
        long sum = 0;
        for (Role role : Role.values()) {
            sum += open(role, phase);
        }
        return sum;
    }

    /** Bytes that sockets of {@code role} have received since the start. */
    public long bytesIn(Role role) {
        return counts[LoopTally.bytesIn(role)];
    }

    /** Bytes that sockets of {@code role} were given to send since the start. */
    public long bytesOut(Role role) {
        return counts[LoopTally.bytesOut(role)];
    }
}
