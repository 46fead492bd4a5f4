package org.joveproxy.core.config;

/**
 * How much the proxy takes on at one time, over all event loops: what its descriptors and its memory are enough for.
 *
 * <p>Immutable.
 *
 * @param maxClients clients that are served at one time, at least 1
 * @param maxUpstreamSockets sockets to all upstreams together, at least 1
 * @param maxBufferedBytes bytes that may wait in memory for peers that are slow to take them, at least 64 KiB
 */
public record CapacityConfig(int maxClients, int maxUpstreamSockets, long maxBufferedBytes) {
    private static final int LEAST_BUFFERED_BYTES = 64 * 1024;
    private static final int LEAST_SPARE_CLIENTS = 16;

    /** Checks each bound. */
    public CapacityConfig {
        requireAtLeast(1, "maxClients", maxClients);
        requireAtLeast(1, "maxUpstreamSockets", maxUpstreamSockets);
        requireAtLeast(LEAST_BUFFERED_BYTES, "maxBufferedBytes", maxBufferedBytes);
    }

    /** What holds where nobody knows of descriptors and memory. */
    public static CapacityConfig defaults() {
        return new CapacityConfig(10_000, 20_000, 64L * 1024 * 1024);
    }

    /** Sockets of clients beyond those that are served: they hear that the proxy is full, or that it is alive. */
    public int spareClients() {
        return spareClients(maxClients);
    }

    /** The same for a number of clients that is yet to be decided on. */
    public static int spareClients(int maxClients) {
        return Math.max(LEAST_SPARE_CLIENTS, maxClients / 32);
    }

    private static void requireAtLeast(int least, String name, long value) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }
}
