package org.joveproxy.core.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a route store is at one moment, for probes, metrics and people.
 *
 * <p>Immutable.
 *
 * @param kind what keeps the routes, in one word: {@code memory}, {@code journal}, {@code redis}
 * @param hasRoutes whether the table holds all that the store knew at the start, so that clients can be sent here
 * @param isWorking whether changes are kept as they should be
 * @param detail what is wrong, in words; empty when nothing is
 * @param silence how long ago a store that others share was last heard of; null of a store in this process
 */
public record StoreStatus(
        String kind,
        boolean hasRoutes,
        boolean isWorking,
        String detail,
        @Nullable Duration silence) {
    /** Of a store in this process. */
    public StoreStatus(String kind, boolean hasRoutes, boolean isWorking, String detail) {
        this(kind, hasRoutes, isWorking, detail, null);
    }

    /** Of a store that has all routes and keeps changes. */
    public static StoreStatus working(String kind) {
        return new StoreStatus(kind, true, true, "");
    }

    /** Of a store that has all routes but does not keep changes. */
    public static StoreStatus failing(String kind, String detail) {
        return new StoreStatus(kind, true, false, detail);
    }
}
