package org.joveproxy.core.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy may spend on one upstream, and when it leaves one alone.
 *
 * <p>Immutable.
 *
 * @param maxConnections sockets open to one upstream at one time, tunnels included; at least 1
 * @param maxWaiters requests on each event loop that may wait for a socket to one upstream; at least 1
 * @param maxIdle unused sockets to one upstream that each event loop keeps for longer than a second; at least 1
 * @param breakerFailures how many times in a row connecting must fail before an upstream is left alone but for one try a
 *     second; 0 means that it never is
 * @param sourceAddresses addresses of this machine that connections come from, in turn; empty to let the kernel choose
 * @param removedRouteTunnel how long a tunnel may stay once no route leads to its upstream any more, or null for ever
 */
public record UpstreamConfig(
        int maxConnections,
        int maxWaiters,
        int maxIdle,
        int breakerFailures,
        List<InetAddress> sourceAddresses,
        @Nullable Duration removedRouteTunnel) {
    /** Checks the bounds and copies the addresses. */
    public UpstreamConfig {
        requireAtLeast(1, "maxConnections", maxConnections);
        requireAtLeast(1, "maxWaiters", maxWaiters);
        requireAtLeast(1, "maxIdle", maxIdle);
        requireAtLeast(0, "breakerFailures", breakerFailures);
        sourceAddresses = List.copyOf(sourceAddresses);
        if (removedRouteTunnel != null && (removedRouteTunnel.isZero() || removedRouteTunnel.isNegative())) {
            throw new IllegalArgumentException("removedRouteTunnel: " + removedRouteTunnel + " (expected: > 0)");
        }
    }

    /** What holds when no flag is given. */
    public static UpstreamConfig defaults() {
        return new UpstreamConfig(20_000, 4_096, 16, 5, List.of(), null);
    }

    private static void requireAtLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }
}
