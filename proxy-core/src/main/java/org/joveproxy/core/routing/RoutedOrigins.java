package org.joveproxy.core.routing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many routes lead to each origin.
 *
 * <p>Any thread may call any method. Invariant: no count is below the number of routes in force; it is above only while a
 * route is on its way into the table or out of it. That is kept by counting a route before it comes into force and
 * uncounting it after it has left.
 */
final class RoutedOrigins {
    private final Map<Origin, Integer> counts = new ConcurrentHashMap<>();

    /** Counts one more route to {@code origin}. */
    void add(Origin origin) {
        counts.merge(origin, 1, Integer::sum);
    }

    /** Counts one route to {@code origin} less. Returns whether none is left. */
    boolean remove(Origin origin) {
        return counts.computeIfPresent(origin, (key, count) -> count > 1 ? count - 1 : null) == null;
    }

    boolean contains(Origin origin) {
        return counts.containsKey(origin);
    }

    int size() {
        return counts.size();
    }
}
