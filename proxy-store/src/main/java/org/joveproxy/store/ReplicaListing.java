package org.joveproxy.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows which proxies share their routes.
 *
 * <p>Any thread may call any method; nothing blocks.
 */
public interface ReplicaListing {
    /** All that were heard of within a minute, as of a moment ago; the longest running first. */
    List<Entry> replicas();

    /**
     * One proxy.
     *
     * @param version which program it is
     * @param address where its clients connect to, or null when that is not known
     * @param startedMillis when it started, by its own clock, in milliseconds since 1970
     * @param lastSeenMillis when it was last heard of, by the store's clock
     * @param applied the number of the last change that it has in force
     * @param lag how many changes it has not in force yet
     * @param isSelf whether it is this one
     * @param isReady whether it has all routes, as far as this one can know
     */
    record Entry(
            String id,
            String version,
            @Nullable String address,
            long startedMillis,
            long lastSeenMillis,
            long applied,
            long lag,
            boolean isSelf,
            boolean isReady) {}
}
