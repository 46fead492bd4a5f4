package org.joveproxy.core.config;

/**
 * The bounds of what the proxy holds at one time.
 *
 * <p>Immutable. Every number is at least 1.
 *
 * @param maxHeaderBytes the largest request or response head, in bytes; also the longest request target
 * @param maxUpstreamConnections sockets open to one upstream at one time, tunnels included
 * @param maxWaiters requests on each event loop that may wait for a socket to one upstream
 * @param maxIdlePerUpstream unused sockets to one upstream that each event loop keeps for longer than a second
 * @param acceptBacklog connections that the kernel may hold for us before we accept them
 */
public record LimitConfig(
        int maxHeaderBytes, int maxUpstreamConnections, int maxWaiters, int maxIdlePerUpstream, int acceptBacklog) {
    /** Checks that each bound is at least 1. */
    public LimitConfig {
        requireAtLeastOne("maxHeaderBytes", maxHeaderBytes);
        requireAtLeastOne("maxUpstreamConnections", maxUpstreamConnections);
        requireAtLeastOne("maxWaiters", maxWaiters);
        requireAtLeastOne("maxIdlePerUpstream", maxIdlePerUpstream);
        requireAtLeastOne("acceptBacklog", acceptBacklog);
    }

    /** What holds when no flag is given. */
    public static LimitConfig defaults() {
        return new LimitConfig(16 * 1024, 20_000, 4_096, 16, 4_096);
    }

    /** The same with another limit for heads. */
    public LimitConfig withMaxHeaderBytes(int bytes) {
        return new LimitConfig(bytes, maxUpstreamConnections, maxWaiters, maxIdlePerUpstream, acceptBacklog);
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
