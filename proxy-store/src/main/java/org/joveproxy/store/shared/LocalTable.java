package org.joveproxy.store.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the store holds into force on this replica. The command line's default route is no part of that: it is in
 * force as long as the store has no route for the root and nobody has removed one.
 *
 * <p>Confined to the thread that follows the store, which alone changes the table.
 */
final class LocalTable {
    private static final Logger logger = LoggerFactory.getLogger(LocalTable.class);

    private final RouteTable routes;
    private final @Nullable Target defaultTarget;
    private final LongSupplier clock;
    private boolean isDefaultInForce;

    /** With {@code defaultTarget} for the root, which is in force already; {@code clock} tells milliseconds since 1970. */
    LocalTable(RouteTable routes, @Nullable Target defaultTarget, LongSupplier clock) {
        this.routes = routes;
        this.defaultTarget = defaultTarget;
        this.clock = clock;
        this.isDefaultInForce = defaultTarget != null;
    }

    /** Makes one change. */
    void apply(Change change) {
        String path = change.path();
        switch (change.op()) {
            case Change.PUT -> put(path, change.value(), change.epochMillis());
            case Change.REMOVE -> remove(path);
            case Change.DEFAULT_AGAIN -> putDefault();
            default -> logger.warn("The store tells of a change that is unknown here: {}", change.op());
        }
    }

    private void put(String path, String data, long epochMillis) {
        Route known = routes.get(path);
        // What requests through this replica have noted may be newer than what the writer knew.
        long millis = known == null
                ? epochMillis
                : Math.max(epochMillis, known.activity().lastMillis());
        Route route = route(path, data, millis);
        if (route != null) {
            routes.put(route);
            if (path.equals(RoutePath.ROOT)) {
                isDefaultInForce = false;
            }
        }
    }

    private static @Nullable Route route(String path, String data, long millis) {
        Map<String, @Nullable Object> fields;
        try {
            fields = RouteJson.object(RouteJson.parse(data));
        } catch (JsonProcessingException e) {
            logger.warn("The store holds a route at {} that cannot be read: {}", path, RouteJson.reason(e));
            return null;
        }
        return Route.of(path, target(String.valueOf(fields.get("target"))), fields, millis);
    }

    private static Target target(String url) {
        try {
            return Target.parse(url);
        } catch (IllegalArgumentException e) {
            return Target.unusable(url, String.valueOf(e.getMessage()));
        }
    }

    private void remove(String path) {
        routes.remove(path);
        if (path.equals(RoutePath.ROOT)) {
            isDefaultInForce = false;
        }
    }

    private void putDefault() {
        if (defaultTarget != null && !isDefaultInForce) {
            routes.put(Route.of(RoutePath.ROOT, defaultTarget, clock.getAsLong()));
            isDefaultInForce = true;
        }
    }

    /** Makes this table equal to {@code stored}. Routes that are in force already stay as they are. */
    void becomeEqualTo(StoredTable stored) {
        stored.routes().forEach((path, data) -> {
            Route known = routes.get(path);
            if (known == null || !RouteJson.writeData(known).equals(data)) {
                put(path, data, stored.activity().getOrDefault(path, clock.getAsLong()));
            } else if (path.equals(RoutePath.ROOT)) {
                isDefaultInForce = false;
            }
        });
        for (Route route : routes.all()) {
            if (!stored.routes().containsKey(route.path()) && !route.path().equals(RoutePath.ROOT)) {
                remove(route.path());
            }
        }
        if (!stored.routes().containsKey(RoutePath.ROOT)) {
            if (defaultTarget == null || stored.hasNoRootRoute()) {
                remove(RoutePath.ROOT);
            } else {
                putDefault();
            }
        }
        stored.activity().forEach(this::used);
    }

    /** The route at {@code path}, if there is one, was used at {@code epochMillis}. */
    void used(String path, long epochMillis) {
        Route route = routes.get(path);
        if (route != null) {
            route.activity().touch(epochMillis);
        }
    }

    /** All routes that the store should hold. */
    Map<String, Route> shared() {
        Map<String, Route> shared = new HashMap<>();
        for (Route route : routes.all()) {
            if (!(isDefaultInForce && route.path().equals(RoutePath.ROOT))) {
                shared.put(route.path(), route);
            }
        }
        return shared;
    }

    boolean hasDefault() {
        return defaultTarget != null;
    }

    /** Whether there is a default for the root that is not in force, nor is another route. */
    boolean hasNoRootRoute() {
        return defaultTarget != null && routes.get(RoutePath.ROOT) == null;
    }
}
