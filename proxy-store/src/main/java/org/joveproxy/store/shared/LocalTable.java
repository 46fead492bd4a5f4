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
 * <p>Any thread may call any method. The thread that follows the store changes the table, in the order of the changes; a
 * second look may take in a route before its turn, and then it is not undone by the changes that it is ahead of.
 */
final class LocalTable {
    private static final Logger logger = LoggerFactory.getLogger(LocalTable.class);

    private final RouteTable routes;
    private final @Nullable Target defaultTarget;
    private final LongSupplier clock;
    // All guarded by this.
    private boolean isDefaultInForce;
    private String epoch = "";
    private long seq;
    private int session;
    private String aheadEpoch = "";
    private final Map<String, Long> ahead = new HashMap<>();

    /** With {@code defaultTarget} for the root, which is in force already; {@code clock} tells milliseconds since 1970. */
    LocalTable(RouteTable routes, @Nullable Target defaultTarget, LongSupplier clock) {
        this.routes = routes;
        this.defaultTarget = defaultTarget;
        this.clock = clock;
        this.isDefaultInForce = defaultTarget != null;
    }

    /** Makes one change, unless a second look has brought it already. */
    synchronized void apply(Change change) {
        if (ahead.getOrDefault(change.path(), 0L) < change.seq()) {
            make(change);
        }
        isAt(change.seq());
    }

    private void isAt(long reached) {
        seq = reached;
        if (!ahead.isEmpty()) {
            ahead.values().removeIf(known -> known <= reached);
        }
    }

    private void make(Change change) {
        String path = change.path();
        switch (change.op()) {
            case Change.PUT -> put(path, change.value(), change.epochMillis(), true);
            case Change.REMOVE -> remove(path);
            case Change.DEFAULT_AGAIN -> putDefault();
            default -> logger.warn("The store tells of a change that is unknown here: {}", change.op());
        }
    }

    private void put(String path, String data, long epochMillis, boolean isNew) {
        Route known = routes.get(path);
        // What requests through this replica have noted may be newer than what the writer knew.
        long millis = known == null
                ? epochMillis
                : Math.max(epochMillis, known.activity().lastMillis());
        Route route = route(path, data, millis);
        if (route != null) {
            routes.put(isNew ? route : route.notNew());
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
    synchronized void becomeEqualTo(StoredTable stored) {
        if (!stored.epoch().equals(aheadEpoch)) {
            ahead.clear();
        }
        epoch = stored.epoch();
        isAt(stored.seq());
        stored.routes().forEach((path, data) -> {
            if (ahead.containsKey(path)) {
                return;
            }
            Route known = routes.get(path);
            if (known == null || !RouteJson.writeData(known).equals(data)) {
                put(path, data, stored.activity().getOrDefault(path, clock.getAsLong()), false);
            } else if (path.equals(RoutePath.ROOT)) {
                isDefaultInForce = false;
            }
        });
        for (Route route : routes.all()) {
            if (!stored.routes().containsKey(route.path())
                    && !ahead.containsKey(route.path())
                    && !route.path().equals(RoutePath.ROOT)) {
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

    // ---- second looks ----

    /** Tells looks of one connection to the store from those of another. */
    synchronized int session() {
        return session;
    }

    /** Whether this table is that of {@code other}, or none yet. */
    synchronized boolean isOf(String other) {
        return epoch.isEmpty() || epoch.equals(other);
    }

    /** Whether nothing is missing here that {@code found} knows of. */
    synchronized boolean isAsNewAs(Found found) {
        return epoch.equals(found.epoch()) && found.seq() <= seq;
    }

    /**
     * Brings a route into force that a look has found, unless the table is as new as that or newer.
     *
     * @param asked what {@link #session} was when the store was asked
     * @return whether there is a route at the path now
     */
    synchronized boolean takeIn(Found found, int asked) {
        String path = found.path();
        if (path == null) {
            return false;
        }
        boolean isOfOtherLooks = !ahead.isEmpty() && !aheadEpoch.equals(found.epoch());
        if (asked == session
                && isOf(found.epoch())
                && !isOfOtherLooks
                && found.seq() > Math.max(seq, ahead.getOrDefault(path, 0L))) {
            put(path, found.data(), found.epochMillis(), true);
            aheadEpoch = found.epoch();
            ahead.put(path, found.seq());
        }
        return routes.get(path) != null;
    }

    /**
     * The connection to the store is lost, and what it knew with it, perhaps. Answers whether looks have brought what the
     * changes have not: then only the whole of the store tells whether it is true.
     */
    synchronized boolean forgetLooks() {
        session++;
        boolean isAhead = !ahead.isEmpty();
        ahead.clear();
        return isAhead;
    }

    /** The route at {@code path}, if there is one, was used at {@code epochMillis}. */
    void used(String path, long epochMillis) {
        Route route = routes.get(path);
        if (route != null) {
            route.activity().touch(epochMillis);
        }
    }

    /** All routes that the store should hold. */
    synchronized Map<String, Route> shared() {
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
