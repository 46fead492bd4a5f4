package org.joveproxy.core.lifecycle;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One socket in the ledger, from open to close: its role, the phase it is in and until when it may stay there, what it
 * carries and for whom.
 *
 * <p>Confined to the socket's event loop.
 */
@EventLoopConfined
public final class LedgerEntry {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private final LoopLedger ledger;
    private final Channel channel;
    private final Role role;
    private final long id;
    private final long openedAt;
    private DeadlineListener onExpiry = LedgerEntry::close;
    private Phase phase;
    private long phaseSince;
    private long deadline = NO_DEADLINE;
    private long allowedNanos = NO_DEADLINE;
    private @Nullable CloseReason reason;
    private boolean isSettled;

    private long bytesIn;
    private long bytesOut;
    private @Nullable Purpose purpose;
    private @Nullable String route;
    private @Nullable String target;
    private @Nullable LedgerEntry partner;
    private @Nullable InetSocketAddress source;
    private boolean hadTls;

    @Nullable
    LedgerEntry previous;

    @Nullable
    LedgerEntry next;

    LedgerEntry(LoopLedger ledger, Channel channel, Role role, Phase phase, long id) {
        this.ledger = ledger;
        this.channel = channel;
        this.role = role;
        this.phase = phase;
        this.id = id;
        this.openedAt = ledger.tickNanos();
        this.phaseSince = openedAt;
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

    // ---- phases ----

    /** Sets who is told of an expired phase. Until then the connection is simply closed. */
    public void onExpiry(DeadlineListener listener) {
        onExpiry = listener;
    }

    /** Moves to {@code next}, where the connection may stay for {@code allowed}, or for ever when that is null. */
    public void enter(Phase next, @Nullable Duration allowed) {
        if (phase != next) {
            if (!isSettled) {
                ledger.tally().socketMoved(role, phase, next);
            }
            phase = next;
        }
        phaseSince = ledger.tickNanos();
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

    /** Ends the present phase as if its time were over. */
    public void expire() {
        deadline = NO_DEADLINE;
        onExpiry.phaseExpired(this, phase);
    }

    boolean hasExpired(long now) {
        return deadline <= now;
    }

    long deadline() {
        return deadline;
    }

    // ---- what it carries ----

    /** Notes what the socket carries from now on, and by which route, if by any. It stays noted while it is idle. */
    public void carries(Purpose what, @Nullable String routePath) {
        purpose = what;
        route = routePath;
    }

    /** Notes the server that the socket leads to. */
    public void leadsTo(String origin) {
        target = origin;
    }

    /**
     * Notes that the peer passes on the bytes of a connection that comes from {@code client}.
     *
     * @param isEncrypted whether the client speaks TLS with the peer
     */
    public void comesFrom(InetSocketAddress client, boolean isEncrypted) {
        source = client;
        hadTls = isEncrypted;
    }

    /** Where the connection comes from: the peer, or whomever it passes the bytes on for. */
    public @Nullable SocketAddress source() {
        return source == null ? channel.remoteAddress() : source;
    }

    /** Whether the client speaks TLS with a peer that passes its bytes on. */
    public boolean isEncryptedBefore() {
        return hadTls;
    }

    /** Notes that this socket of a client and {@code upstream} carry one exchange or tunnel, both the same. */
    public void pairWith(LedgerEntry upstream) {
        unpair();
        upstream.unpair();
        partner = upstream;
        upstream.partner = this;
        upstream.purpose = purpose;
        upstream.route = route;
    }

    /** Notes that this socket has no partner any more, nor its partner it. */
    public void unpair() {
        LedgerEntry other = partner;
        if (other != null) {
            partner = null;
            other.partner = null;
        }
    }

    void received(int bytes) {
        if (!isSettled) {
            bytesIn += bytes;
            ledger.tally().received(role, bytes);
        }
    }

    void sent(int bytes) {
        if (!isSettled) {
            bytesOut += bytes;
            ledger.tally().sent(role, bytes);
        }
    }

    // ---- the end ----

    /** Keeps {@code why} as the reason of the coming close unless one is known already. */
    public void closingBecause(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** Why it closes or has closed, or null when its peer has closed it or it stays open. */
    public @Nullable CloseReason reason() {
        return reason;
    }

    /** Closes the socket; {@code why} counts unless a reason was given before. */
    public void close(CloseReason why) {
        closingBecause(why);
        channel.close();
    }

    private static void close(LedgerEntry entry, Phase phase) {
        entry.close(CloseReason.DEADLINE);
    }

    /** The socket has closed. */
    void settle() {
        isSettled = true;
        unpair();
        ledger.tally().socketClosed(role, phase, reason == null ? CloseReason.PEER : reason);
    }

    // ---- for listings ----

    long id() {
        return id;
    }

    long openedAt() {
        return openedAt;
    }

    long phaseSince() {
        return phaseSince;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    @Nullable
    Purpose purpose() {
        return purpose;
    }

    @Nullable
    String route() {
        return route;
    }

    /** The server that the socket leads to, or that of its partner. */
    @Nullable
    String target() {
        return target == null && partner != null ? partner.target : target;
    }

    @Nullable
    LedgerEntry partner() {
        return partner;
    }
}
