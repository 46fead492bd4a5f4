package org.joveproxy.core.lifecycle;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets of the ledger somebody wants to see: those that fit everything which is not null.
 *
 * <p>Immutable.
 *
 * @param route a prefix by segments of the route's path, without a slash at its end unless it is the root
 * @param peer the other end's address; every port when {@code peerPort} is 0
 * @param target the server, as {@code http://host:port} or without the scheme; of a client, that of its partner
 * @param olderThan open for longer than this
 * @param after opened after the socket of this id; 0 for all
 */
public record ConnectionFilter(
        @Nullable Role role,
        @Nullable Phase phase,
        @Nullable String route,
        @Nullable InetAddress peer,
        int peerPort,
        @Nullable String target,
        @Nullable Duration olderThan,
        long after) {
    private static final ConnectionFilter ALL = new ConnectionFilter(null, null, null, null, 0, null, null, 0);

    /** Every socket. */
    public static ConnectionFilter all() {
        return ALL;
    }

    /** Whether {@code entry} is wanted at {@code nanoTime}. To be called on the entry's event loop. */
    boolean takes(LedgerEntry entry, long nanoTime) {
        return entry.id() > after
                && (role == null || entry.role() == role)
                && (phase == null || entry.phase() == phase)
                && (olderThan == null || nanoTime - entry.openedAt() > olderThan.toNanos())
                && (route == null || isBelow(route, entry.route()))
                && (target == null || isTarget(target, entry.target()))
                && (peer == null || isPeer(peer, entry));
    }

    private static boolean isBelow(String prefix, @Nullable String route) {
        return route != null
                && route.startsWith(prefix)
                && (route.length() == prefix.length() || prefix.equals("/") || route.charAt(prefix.length()) == '/');
    }

    private static boolean isTarget(String wanted, @Nullable String target) {
        return target != null && (target.equals(wanted) || target.endsWith("://" + wanted));
    }

    private boolean isPeer(InetAddress wanted, LedgerEntry entry) {
        return entry.source() instanceof InetSocketAddress address
                && wanted.equals(address.getAddress())
                && (peerPort == 0 || peerPort == address.getPort());
    }
}
