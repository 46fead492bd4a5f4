package org.joveproxy.core.lifecycle;

import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One socket as it was when the ledger was surveyed.
 *
 * <p>Immutable.
 *
 * @param id a number that no other socket of this process has or had; a later one is higher
 * @param purpose what it carries, or carried last while it is idle; null when that was nothing yet
 * @param age since it was opened, to a tenth of a second
 * @param inPhase since it came to its phase, to a tenth of a second
 * @param timeLeft until its phase has lasted too long; null when that never happens
 * @param bytesIn bytes received, as they were on the wire
 * @param bytesOut bytes given to the socket to send, as they are on the wire
 * @param local null when the socket had none, as while it is opened
 * @param peer null when the socket had none, as while it connects
 * @param isTls whether TLS is spoken on it
 * @param route the path of the route that the present or the last request took; null when there was none
 * @param target the server it leads to; of a client, that of its partner
 * @param partner the id of the other socket of the same exchange or tunnel
 */
public record ConnectionView(
        long id,
        Role role,
        @Nullable Purpose purpose,
        Phase phase,
        Duration age,
        Duration inPhase,
        @Nullable Duration timeLeft,
        long bytesIn,
        long bytesOut,
        @Nullable SocketAddress local,
        @Nullable SocketAddress peer,
        boolean isTls,
        @Nullable String route,
        @Nullable String target,
        @Nullable Long partner) {
    /** {@code entry} at {@code nanoTime}, when the clock of its deadlines shows {@code now}. */
    static ConnectionView of(LedgerEntry entry, long nanoTime, long now) {
        LedgerEntry partner = entry.partner();
        return new ConnectionView(
                entry.id(),
                entry.role(),
                entry.purpose(),
                entry.phase(),
                since(entry.openedAt(), nanoTime),
                since(entry.phaseSince(), nanoTime),
                entry.deadline() == LedgerEntry.NO_DEADLINE ? null : since(now, entry.deadline()),
                entry.bytesIn(),
                entry.bytesOut(),
                entry.channel().localAddress(),
                entry.source(),
                entry.channel().pipeline().get(SslHandler.class) != null,
                entry.route(),
                entry.target(),
                partner == null ? null : partner.id());
    }

    private static Duration since(long begin, long end) {
        return Duration.ofNanos(Math.max(0, end - begin));
    }
}
