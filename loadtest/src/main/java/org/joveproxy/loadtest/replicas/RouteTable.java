package org.joveproxy.loadtest.replicas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the REST API of one replica says its routes are. Immutable.
 *
 * @param entries by path
 * @param began when it was asked for, in seconds of the act
 * @param ended when it had come
 */
record RouteTable(Map<String, Entry> entries, double began, double ended) {
    private static final ObjectMapper JSON = new ObjectMapper();

    RouteTable {
        entries = Map.copyOf(entries);
    }

    /**
     * One route.
     *
     * @param isHubs whether it carries the hub's mark
     * @param lastActivity null when there is none that can be read
     */
    record Entry(String target, boolean isHubs, @Nullable Instant lastActivity) {}

    static RouteTable parse(String json, double began, double ended) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> route : JSON.readTree(json).properties()) {
            JsonNode data = route.getValue();
            entries.put(
                    route.getKey(),
                    new Entry(
                            data.path("target").asText(),
                            data.path("jupyterhub").asBoolean(),
                            time(data.path("last_activity").asText())));
        }
        return new RouteTable(entries, began, ended);
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /**
     * Where this differs from {@code expected}, which has a target for each path. The default route is nobody's business, and
     * neither are the {@code unsure} paths.
     */
    List<String> differences(Map<String, String> expected, Set<String> unsure) {
        List<String> all = new ArrayList<>();
        expected.forEach((path, target) -> {
            if (unsure.contains(path)) {
                return;
            }
            Entry entry = entries.get(path);
            if (entry == null) {
                all.add("lost: " + path);
            } else if (!entry.target.equals(target)) {
                all.add("wrong target: " + path + " to " + entry.target + " (expected: " + target + ")");
            } else if (!entry.isHubs) {
                all.add("without the hub's mark: " + path);
            }
        });
        entries.keySet().stream()
                .filter(path -> !expected.containsKey(path) && !path.equals("/") && !unsure.contains(path))
                .forEach(path -> all.add("should be gone: " + path));
        return all;
    }
}
