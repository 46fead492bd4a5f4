package org.joveproxy.core.lifecycle;

import io.netty.channel.Channel;
import java.time.Duration;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One socket in the ledger, from open to close: its role, the phase it is in and until when it may stay there.
 *
 * <p>Confined to the socket's event loop.
 */
@EventLoopConfined
public final class LedgerEntry {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private final LoopLedger ledger;
    private final Channel channel;
    private final Role role;
    private DeadlineListener onExpiry = LedgerEntry::close;
    private Phase phase;
    private long deadline = NO_DEADLINE;
    private long allowedNanos = NO_DEADLINE;
    private @Nullable CloseReason reason;

    @Nullable
    LedgerEntry previous;

    @Nullable
    LedgerEntry next;

    LedgerEntry(LoopLedger ledger, Channel channel, Role role, Phase phase) {
        this.ledger = ledger;
        this.channel = channel;
        this.role = role;
        this.phase = phase;
    }

    public Channel channel() {
        return channel;
    }

    public Role role() {
        return role;
    }

    public Phase phase() {
        return phase;
    }

    /** Sets who is told of an expired phase. Until then the connection is simply closed. */
    public void onExpiry(DeadlineListener listener) {
        onExpiry = listener;
    }

    /** Moves to {@code next}, where the connection may stay for {@code allowed}, or for ever when that is null. */
    public void enter(Phase next, @Nullable Duration allowed) {
        phase = next;
        allowedNanos = allowed == null ? NO_DEADLINE : allowed.toNanos();
        renewDeadline();
    }

    /** Lets the time allowed for the present phase start again, since the peer has shown a sign of life. */
    public void renewDeadline() {
        if (allowedNanos == NO_DEADLINE) {
            deadline = NO_DEADLINE;
        } else {
            deadline = ledger.deadlineIn(allowedNanos);
        }
    }

    /** Keeps {@code why} as the reason of the coming close unless one is known already. */
    public void closingBecause(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** Closes the socket; {@code why} counts unless a reason was given before. */
    public void close(CloseReason why) {
        closingBecause(why);
        channel.close();
    }

    boolean hasExpired(long now) {
        return deadline <= now;
    }

    long deadline() {
        return deadline;
    }

    void expire() {
        deadline = NO_DEADLINE;
        onExpiry.phaseExpired(this, phase);
    }

    CloseReason reason() {
        return reason == null ? CloseReason.PEER : reason;
    }

    private static void close(LedgerEntry entry, Phase phase) {
        entry.close(CloseReason.DEADLINE);
    }
}
