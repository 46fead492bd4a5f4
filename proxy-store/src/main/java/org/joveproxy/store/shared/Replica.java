package org.joveproxy.store.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;

/**
 * One of the proxies that share their routes, as the store knows it.
 *
 * <p>Immutable.
 *
 * @param version which program it is
 * @param url where its clients' port is, or null when nobody could find out
 * @param startedMillis when it started, by its own clock
 * @param lastSeenMillis when the store last heard of it, by the store's clock
 * @param applied the number of the last change that it has in force
 */
record Replica(String id, String version, @Nullable String url, long startedMillis, long lastSeenMillis, long applied) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the store keeps about it, beside its id and what changes all the time. */
    String description() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("version", version);
        fields.put("url", url);
        fields.put("started", startedMillis);
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a replica cannot be described", e);
        }
    }

    /** The opposite of {@link #description}; what cannot be read is left out. */
    static Replica of(String id, String description, long lastSeenMillis, long applied) {
        Map<String, @Nullable Object> fields;
        try {
            fields = RouteJson.object(RouteJson.parse(description));
        } catch (JsonProcessingException e) {
            fields = Map.of();
        }
        return new Replica(
                id,
                fields.get("version") instanceof String version ? version : "",
                fields.get("url") instanceof String url ? url : null,
                fields.get("started") instanceof Number started ? started.longValue() : 0,
                lastSeenMillis,
                applied);
    }
}
