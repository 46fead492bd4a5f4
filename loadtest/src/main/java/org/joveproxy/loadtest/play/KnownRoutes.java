package org.joveproxy.loadtest.play;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a hub knows of a table that it changes, and so what the table may hold after the proxy was killed: what was
 * acknowledged must be there as it was sent, what was under way may be, and nothing else.
 *
 * <p>At most one change of a path is under way at any time. Confined to the play's loop.
 */
final class KnownRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACTIVITY = "last_activity";

    private final Map<String, Route> routes = new HashMap<>();

    /** A path that has or had a route. */
    private static final class Route {
        private @Nullable String body;
        private boolean isChanging;
        private @Nullable String changingTo;
        private Instant seenUntil = Instant.EPOCH;
    }

    /** A change goes out: {@code body} is what the path is to hold, null for nothing. */
    void begin(String path, @Nullable String body) {
        Route route = routes.computeIfAbsent(path, unknown -> new Route());
        if (route.isChanging) {
            throw new IllegalStateException("path: " + path + " (expected: none whose change is under way)");
        }
        route.isChanging = true;
        route.changingTo = body;
    }

    /** The change of {@code path} is in force. */
    void acknowledged(String path, Instant at) {
        Route route = changing(path);
        route.isChanging = false;
        route.body = route.changingTo;
        route.changingTo = null;
        route.seenUntil = at;
    }

    /** The change of {@code path} was refused: all is as before. */
    void refused(String path) {
        Route route = changing(path);
        route.isChanging = false;
        route.changingTo = null;
    }

    private Route changing(String path) {
        Route route = routes.get(path);
        if (route == null || !route.isChanging) {
            throw new IllegalStateException("path: " + path + " (expected: one whose change is under way)");
        }
        return route;
    }

    /** Somebody used the route of {@code path}, until {@code until} at the latest. */
    void used(String path, Instant until) {
        Route route = routes.get(path);
        if (route != null && route.seenUntil.isBefore(until)) {
            route.seenUntil = until;
        }
    }

    /** Whether a change of {@code path} went out and no answer has come. */
    boolean isChanging(String path) {
        Route route = routes.get(path);
        return route != null && route.isChanging;
    }

    /** What was acknowledged last for {@code path}, or null for no route. */
    @Nullable
    String bodyOf(String path) {
        Route route = routes.get(path);
        return route == null ? null : route.body;
    }

    /** How many routes there are for certain. */
    int size() {
        return (int) routes.values().stream()
                .filter(route -> !route.isChanging && route.body != null)
                .count();
    }

    /** Characters of the paths and bodies of all acknowledged routes. */
    long liveBytes() {
        long sum = 0;
        for (Map.Entry<String, Route> entry : routes.entrySet()) {
            String body = entry.getValue().body;
            sum += body == null ? 0 : entry.getKey().length() + body.length();
        }
        return sum;
    }

    /**
     * Holds {@code table}, as the REST API shows it, against what is known, and takes it for the truth from then on. The
     * default route is left out: it is the proxy's own.
     *
     * @param killedAt when the proxy that held the table before was dead
     */
    Aftermath compare(JsonNode table, Instant killedAt) {
        Aftermath aftermath = new Aftermath();
        Set<String> unknown = new HashSet<>();
        table.fieldNames().forEachRemaining(unknown::add);
        unknown.remove("/");
        for (Map.Entry<String, Route> entry : routes.entrySet()) {
            unknown.remove(entry.getKey());
            compare(entry.getKey(), entry.getValue(), table.get(entry.getKey()), killedAt, aftermath);
        }
        for (String path : unknown) {
            aftermath.extra(path + ": " + table.get(path) + ", never added");
            routes.computeIfAbsent(path, added -> new Route()).body =
                    withoutActivity(table.path(path)).toString();
        }
        return aftermath;
    }

    private static void compare(
            String path, Route route, @Nullable JsonNode found, Instant killedAt, Aftermath aftermath) {
        if (route.isChanging) {
            if (isSame(route.changingTo, found) && !isSame(route.body, found)) {
                aftermath.kept();
                route.body = route.changingTo;
                route.seenUntil = killedAt;
            } else {
                aftermath.lost();
            }
            route.isChanging = false;
            route.changingTo = null;
        }
        if (found == null) {
            if (route.body != null) {
                aftermath.missing(path + ": " + route.body);
            }
            route.body = null;
            return;
        }
        if (route.body == null) {
            aftermath.extra(path + ": " + found + ", deleted or refused");
        } else if (!isSame(route.body, found)) {
            aftermath.wrong(path + ": " + found + " instead of " + route.body);
        }
        route.body = withoutActivity(found).toString();
        compareActivity(path, route, found, aftermath);
    }

    private static void compareActivity(String path, Route route, JsonNode found, Aftermath aftermath) {
        String text = found.path(ACTIVITY).asText();
        try {
            Instant activity = Instant.parse(text);
            if (activity.isAfter(route.seenUntil)) {
                aftermath.late(path + ": last activity " + activity + ", seen until " + route.seenUntil);
            }
            route.seenUntil = activity;
        } catch (DateTimeParseException e) {
            aftermath.wrong(path + ": last activity \"" + text + "\"");
        }
    }

    private static boolean isSame(@Nullable String body, @Nullable JsonNode found) {
        if (body == null || found == null) {
            return body == null && found == null;
        }
        try {
            return JSON.readTree(body).equals(withoutActivity(found));
        } catch (JsonProcessingException e) {
            return false; // what is no JSON was sent to be refused
        }
    }

    private static JsonNode withoutActivity(JsonNode found) {
        return found.isObject() ? ((ObjectNode) found.deepCopy()).without(ACTIVITY) : found;
    }
}
