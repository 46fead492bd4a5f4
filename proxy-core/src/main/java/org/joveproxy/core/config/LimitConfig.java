package org.joveproxy.core.config;

/**
 * The bounds of what the proxy holds at one time for its clients.
 *
 * <p>Immutable. Every number is at least 1.
 *
 * @param maxHeaderBytes the largest request or response head, in bytes; also the longest request target
 * @param acceptBacklog connections that the kernel may hold for us before we accept them
 */
public record LimitConfig(int maxHeaderBytes, int acceptBacklog) {
    /** Checks that each bound is at least 1. */
    public LimitConfig {
        requireAtLeastOne("maxHeaderBytes", maxHeaderBytes);
        requireAtLeastOne("acceptBacklog", acceptBacklog);
    }

    /** What holds when no flag is given. */
    public static LimitConfig defaults() {
        return new LimitConfig(16 * 1024, 4_096);
    }

    /** The same with another limit for heads. */
    public LimitConfig withMaxHeaderBytes(int bytes) {
        return new LimitConfig(bytes, acceptBacklog);
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
