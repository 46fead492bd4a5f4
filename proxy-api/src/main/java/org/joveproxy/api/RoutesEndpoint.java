package org.joveproxy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
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

    private final RouteTable routes;
    private final ProxyObserver observer;
    private final LongSupplier clock;
    private final boolean hostRouting;

    RoutesEndpoint(RouteTable routes, ProxyObserver observer, LongSupplier clock, boolean hostRouting) {
        this.routes = routes;
        this.observer = observer;
        this.clock = clock;
        this.hostRouting = hostRouting;
    }

    ProxyObserver observer() {
        return observer;
    }

    long epochMillis() {
        return clock.getAsLong();
    }

    /** One route, or the table: all of it or what was not used since a given time. */
    AdminAnswer read(RoutesCall call) {
        if (call.isWholeTable()) {
            return list(InactiveSince.in(call.query()));
        }
        Route route = routes.get(call.path());
        return route == null ? AdminAnswer.empty(404) : AdminAnswer.json(RouteJson.write(route));
    }

    private AdminAnswer list(@Nullable InactiveSince since) {
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
        String json = RouteJson.write(listed);
        observer.routesListed();
        return AdminAnswer.json(json);
    }

    /** Adds the route that {@code body} describes, in place of the one at the same path. */
    AdminAnswer write(RoutesCall call, String body) {
        Object json;
        try {
            json = RouteJson.parse(body);
        } catch (JsonProcessingException e) {
            return AdminAnswer.failure(400, "Body not valid JSON: " + LogText.oneLine(RouteJson.reason(e)));
        }
        Map<String, @Nullable Object> data = RouteJson.object(json);
        if (!(data.get("target") instanceof String url)) {
            logger.warn("Bad POST data: no target that is a string, but {}", LogText.fields(data));
            return AdminAnswer.failure(400, "Must specify 'target' as string");
        }
        try {
            add(call.path(), Target.parse(url), data);
        } catch (IllegalArgumentException e) {
            return AdminAnswer.failure(400, LogText.oneLine(String.valueOf(e.getMessage())));
        }
        return AdminAnswer.empty(201);
    }

    private void add(String path, Target target, Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>(data);
        if (hostRouting && !path.equals(RoutePath.ROOT)) {
            kept.put("host", RoutePath.firstSegment(path));
        }
        String shown = LogText.oneLine(path);
        logger.info("Adding route {} -> {}", shown, target);
        long begin = System.nanoTime();
        routes.put(Route.of(path, target, kept, clock.getAsLong()));
        // A new route begins with an activity, which the original counts like any other.
        observer.activityUpdated(System.nanoTime() - begin);
        logger.info("Route added {} -> {}", shown, target);
        observer.routeAdded();
    }

    /** Removes a route. */
    AdminAnswer remove(RoutesCall call) {
        Route removed = routes.remove(call.path());
        observer.routeDeleted();
        if (removed == null) {
            return AdminAnswer.empty(404);
        }
        logger.info("Removing route {}", LogText.oneLine(call.path()));
        return AdminAnswer.empty(204);
    }
}
