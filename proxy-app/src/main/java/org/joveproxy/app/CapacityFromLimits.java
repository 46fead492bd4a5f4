package org.joveproxy.app;

import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.threading.ProcessLimits;

/**
 * Divides what the machine lets the process have among those who need it.
 *
 * <p>Immutable.
 */
record CapacityFromLimits(ProcessLimits limits) {
    // Of the descriptors, this many are kept for all but the traffic: the JVM's own files, the API, the metrics, files
    // of error pages.
    private static final long LEAST_KEPT_DESCRIPTORS = 64;
    private static final long KEPT_PART_OF_DESCRIPTORS = 20;

    // A websocket with its two sockets takes about half of this on the heap; the rest is for everything else.
    private static final long HEAP_BYTES_PER_CLIENT = 16 * 1024;

    private static final long MOST_CLIENTS = 1 << 20;

    /** Sockets that the traffic may have. */
    int sockets() {
        long kept = Math.max(LEAST_KEPT_DESCRIPTORS, limits.descriptors() / KEPT_PART_OF_DESCRIPTORS);
        return (int) Math.max(8, limits.descriptors() - kept);
    }

    /** As many clients as can have a socket to an upstream each, and room on the heap. */
    int clients() {
        int sockets = sockets();
        long byDescriptors = (sockets - CapacityConfig.spareClients(sockets / 2)) / 2L;
        long byMemory = limits.heapBytes() / HEAP_BYTES_PER_CLIENT;
        return (int) Math.max(1, Math.min(MOST_CLIENTS, Math.min(byDescriptors, byMemory)));
    }

    /** What {@code clients} leave for upstreams. */
    int upstreamSockets(int clients) {
        return Math.max(1, sockets() - clients - CapacityConfig.spareClients(clients));
    }

    /** Whether {@code clients} can have a socket to an upstream each. */
    boolean isEnoughFor(int clients) {
        return 2L * clients + CapacityConfig.spareClients(clients) <= sockets();
    }

    /** Half of the memory beside the heap: buffers that are being read or encrypted need some, too. */
    long bufferedBytes() {
        return Math.max(64 * 1024, limits.directBytes() / 2);
    }
}
