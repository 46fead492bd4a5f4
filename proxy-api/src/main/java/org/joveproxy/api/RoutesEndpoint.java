package org.joveproxy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteOptions;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and changes the route table for callers that were found to be authorized.
 *
 * <p>Any thread may call any method.
 */
final class RoutesEndpoint {
    // Others wait for these lines, and know them by this name.
    private static final Logger logger = LoggerFactory.getLogger(RoutesEndpoint.class);

    // Two milliseconds' work or so; a hundred thousand routes are near half a second's.
    private static final int LONG_LISTING = 500;

    private final RouteTable routes;
    private final RouteStore store;
    private final RestoredRoutes restored;
    private final ProxyObserver observer;
    private final LongSupplier clock;
    private final boolean hostRouting;

    RoutesEndpoint(
            RouteTable routes,
            RouteStore store,
            RestoredRoutes restored,
            ProxyObserver observer,
            LongSupplier clock,
            boolean hostRouting) {
        this.routes = routes;
        this.store = store;
        this.restored = restored;
        this.observer = observer;
        this.clock = clock;
        this.hostRouting = hostRouting;
    }

    long epochMillis() {
        return clock.getAsLong();
    }

    /** Whether it takes long to {@link #read} what {@code call} asks for: a table of many routes. */
    boolean isLong(RoutesCall call) {
        return call.isWholeTable() && routes.size() > LONG_LISTING;
    }

    /** One route, or the table: all of it or what was not used since a given time. */
    AdminAnswer read(RoutesCall call) {
        if (call.isWholeTable()) {
            return list(InactiveSince.in(call.query()), extras(call.query()));
        }
        Route route = routes.get(call.path());
        if (route == null) {
            return AdminAnswer.empty(404);
        }
        return AdminAnswer.json(RouteJson.write(route, extras(call.query())));
    }

    /** The hub never asks for any, so its answers stay the original's. */
    private static Set<RouteJson.Extra> extras(@Nullable String query) {
        Set<RouteJson.Extra> extras = EnumSet.noneOf(RouteJson.Extra.class);
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                switch (pair) {
                    case "state", "state=" -> extras.add(RouteJson.Extra.STATE);
                    case "traffic", "traffic=" -> extras.add(RouteJson.Extra.TRAFFIC);
                    default -> {}
                }
            }
        }
        return extras;
    }

    private AdminAnswer list(@Nullable InactiveSince since, Set<RouteJson.Extra> extras) {
        Collection<Route> listed = routes.all();
        if (since != null) {
            OptionalLong limit = since.epochMillis();
            if (limit.isEmpty()) {
                return AdminAnswer.failure(400, "Invalid datestamp '" + since.text() + "' must be ISO8601.");
            }
            long before = limit.getAsLong();
            listed = listed.stream()
                    .filter(route -> route.activity().lastMillis() < before)
                    .toList();
        }
        String json = RouteJson.write(listed, extras);
        if (since == null && extras.isEmpty()) {
            restored.tableWasRead(listed);
        }
        observer.routesListed();
        return AdminAnswer.json(json);
    }

    /** Adds the route that {@code body} describes, in place of the one at the same path. */
    CompletableFuture<AdminAnswer> write(RoutesCall call, String body) {
        Object json;
        try {
            json = RouteJson.parse(body);
        } catch (JsonProcessingException e) {
            return refusal("Body not valid JSON: " + LogText.oneLine(RouteJson.reason(e)));
        }
        Map<String, @Nullable Object> data = RouteJson.object(json);
        if (!(data.get("target") instanceof String url)) {
            logger.warn("Bad POST data: no target that is a string, but {}", LogText.fields(data));
            return refusal("Must specify 'target' as string");
        }
        try {
            Target target = Target.parse(url);
            RouteOptions.check(data);
            return add(call.path(), target, data);
        } catch (IllegalArgumentException e) {
            return refusal(LogText.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private static CompletableFuture<AdminAnswer> refusal(String why) {
        return CompletableFuture.completedFuture(AdminAnswer.failure(400, why));
    }

    private CompletableFuture<AdminAnswer> add(String path, Target target, Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>(data);
        if (hostRouting && !path.equals(RoutePath.ROOT)) {
            kept.put("host", RoutePath.firstSegment(path));
        }
        String shown = LogText.oneLine(path);
        logger.info("Adding route {} -> {}", shown, target);
        Route route = Route.of(path, target, kept, clock.getAsLong());
        long begin = System.nanoTime();
        restored.isPut(route.path());
        CompletableFuture<Void> change = store.put(route);
        // A new route begins with an activity, which the original counts like any other.
        observer.activityUpdated(System.nanoTime() - begin);
        return change.thenApply(done -> {
                    logger.info("Route added {} -> {}", shown, target);
                    observer.routeAdded();
                    return AdminAnswer.empty(201);
                })
                .exceptionallyCompose(RoutesEndpoint::unavailable);
    }

    /** Removes a route. */
    CompletableFuture<AdminAnswer> remove(RoutesCall call) {
        CompletableFuture<Boolean> change = store.remove(call.path());
        return change.thenApply(existed -> {
                    observer.routeDeleted();
                    if (!existed) {
                        return AdminAnswer.empty(404);
                    }
                    logger.info("Removing route {}", LogText.oneLine(call.path()));
                    return AdminAnswer.empty(204);
                })
                .exceptionallyCompose(RoutesEndpoint::unavailable);
    }

    /** Tells the hub to try again, which it does for half a minute when the status is 503. */
    private static CompletableFuture<AdminAnswer> unavailable(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException wrapped ? wrapped.getCause() : thrown;
        if (cause instanceof StoreUnavailableException) {
            return CompletableFuture.completedFuture(AdminAnswer.tryAgain(String.valueOf(cause.getMessage())));
        }
        return CompletableFuture.failedFuture(thrown);
    }
}
