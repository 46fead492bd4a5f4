package org.joveproxy.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.joveproxy.core.routing.Restoration;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTraffic;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * Routes as JSON: what a caller sent comes back as it was, with numbers of any size and unknown keys of any kind.
 *
 * <p>Any thread may call any method.
 */
public final class RouteJson {
    // Less than what Jackson writes, so that whatever was read can be written inside of a listing.
    private static final int MAX_DEPTH = 500;
    /** How times are written: JavaScript's form, always with three decimals. */
    public static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What an object of a route may tell beside what it was registered with, each in a field of its own. */
    public enum Extra {
        /** What is known of its restoration, if it was restored. */
        STATE("jove_state"),
        /** What goes over it. */
        TRAFFIC("jove_traffic");

        private final String field;

        Extra(String field) {
            this.field = field;
        }
    }

    private RouteJson() {}

    /** Has what reads and writes routes loaded, which takes longer than many requests. */
    public static void load() {
        try {
            Object unused = parse(write(List.of(Route.of("/", Target.parse("http://127.0.0.1:1"), 0))));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("our own JSON cannot be read", e);
        }
    }

    /** Reads any JSON value; {@code null} becomes an empty object. */
    public static Object parse(String body) throws JsonProcessingException {
        Object value = JSON.readValue(body, Object.class);
        return value == null ? Map.of() : value;
    }

    /** {@code json} if it is an object, otherwise an object without fields. */
    public static Map<String, @Nullable Object> object(Object json) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((name, value) -> fields.put(String.valueOf(name), value));
        }
        return fields;
    }

    /** Reads what {@link #writeData} has written, in UTF-8. */
    static Map<String, @Nullable Object> readData(byte[] json) throws IOException {
        return object(JSON.readValue(json, Object.class));
    }

    /** Why a body could not be read, with the place but without the body. */
    public static String reason(JsonProcessingException e) {
        var place = e.getLocation();
        String where = place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
        return e.getOriginalMessage() + where;
    }

    /** The object that a route was registered with, for a store, which keeps the last activity elsewhere. */
    public static String writeData(Route route) {
        if (route.data() instanceof StoredData stored) {
            return stored.text();
        }
        return written(generator -> {
            generator.writeStartObject();
            writeData(generator, route.data());
            generator.writeEndObject();
        });
    }

    /** As {@link #writeData}, in UTF-8; not to be changed. */
    public static byte[] dataBytes(Route route) {
        return route.data() instanceof StoredData stored
                ? stored.json()
                : writeData(route).getBytes(StandardCharsets.UTF_8);
    }

    /** The object of one route. */
    public static String write(Route route) {
        return write(route, Set.of());
    }

    /** The object of one route, with {@code extras}. */
    public static String write(Route route, Set<Extra> extras) {
        return written(generator -> write(generator, route, extras));
    }

    /** An object with the objects of {@code routes} by their paths. */
    public static String write(Collection<Route> routes) {
        return write(routes, Set.of());
    }

    /** An object with the objects of {@code routes} by their paths, each with {@code extras}. */
    public static String write(Collection<Route> routes, Set<Extra> extras) {
        return written(generator -> {
            generator.writeStartObject();
            for (Route route : routes) {
                generator.writeFieldName(route.path());
                write(generator, route, extras);
            }
            generator.writeEndObject();
        });
    }

    private static void write(JsonGenerator generator, Route route, Set<Extra> extras) throws IOException {
        generator.writeStartObject();
        writeFields(generator, route);
        for (Extra extra : extras) {
            // What somebody has registered the route with comes back as it was.
            if (!route.data().containsKey(extra.field)) {
                switch (extra) {
                    case STATE -> writeState(generator, route.restoration());
                    case TRAFFIC -> writeTraffic(generator, route.activity().traffic());
                }
            }
        }
        generator.writeEndObject();
    }

    private static void writeState(JsonGenerator generator, @Nullable Restoration restoration) throws IOException {
        if (restoration != null) {
            generator.writeObjectFieldStart(Extra.STATE.field);
            generator.writeStringField("restored", time(restoration.restoredMillis()));
            generator.writeBooleanField("confirmed", restoration.isConfirmed());
            OptionalLong refused = restoration.refusedMillis();
            generator.writeStringField("refused", refused.isPresent() ? time(refused.getAsLong()) : null);
            generator.writeEndObject();
        }
    }

    private static void writeTraffic(JsonGenerator generator, @Nullable RouteTraffic traffic) throws IOException {
        generator.writeObjectFieldStart(Extra.TRAFFIC.field);
        generator.writeStringField("last_from_client", timeOrNull(traffic == null ? 0 : traffic.clientMillis()));
        generator.writeStringField("last_from_upstream", timeOrNull(traffic == null ? 0 : traffic.upstreamMillis()));
        generator.writeStringField("last_request", timeOrNull(traffic == null ? 0 : traffic.requestMillis()));
        generator.writeNumberField("open_requests", traffic == null ? 0 : traffic.openRequests());
        generator.writeNumberField("open_websockets", traffic == null ? 0 : traffic.openWebsockets());
        generator.writeEndObject();
    }

    private static @Nullable String timeOrNull(long epochMillis) {
        return epochMillis == 0 ? null : time(epochMillis);
    }

    private static void writeFields(JsonGenerator generator, Route route) throws IOException {
        if (route.data() instanceof StoredData stored) {
            String object = stored.text();
            // There is a target in it at least. The generator does not know of these fields, and so adds no comma.
            generator.writeRaw(object, 1, object.length() - 2);
            generator.writeRaw(',');
        } else {
            writeData(generator, route.data());
        }
        generator.writeStringField("last_activity", time(route.activity().lastMillis()));
    }

    private static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis));
    }

    private static void writeData(JsonGenerator generator, Map<String, @Nullable Object> data) throws IOException {
        for (Map.Entry<String, @Nullable Object> field : data.entrySet()) {
            generator.writeFieldName(field.getKey());
            write(generator, field.getValue());
        }
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        // Nearly every value of the hub is one of these two, and they need no search for a serializer.
        if (value instanceof String text) {
            generator.writeString(text);
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else {
            generator.writePOJO(value);
        }
    }

    private interface Content {
        void writeTo(JsonGenerator generator) throws IOException;
    }

    private static String written(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            content.writeTo(generator);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON in memory cannot be written", e);
        }
        return withEscapedHalves(text.toString());
    }

    /**
     * Escapes surrogates without their other half. JSON lets callers send them by escapes, but UTF-8 cannot say them. They
     * can only stand inside of strings.
     */
    private static String withEscapedHalves(String json) {
        int at = loneHalf(json, 0);
        if (at < 0) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length() + 16);
        int copied = 0;
        for (; at >= 0; at = loneHalf(json, at + 1)) {
            escaped.append(json, copied, at).append(String.format("\\u%04x", (int) json.charAt(at)));
            copied = at + 1;
        }
        return escaped.append(json, copied, json.length()).toString();
    }

    private static int loneHalf(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!Character.isSurrogate(c)) {
                at++;
            } else if (Character.charCount(text.codePointAt(at)) == 2) {
                at += 2;
            } else {
                return at;
            }
        }
        return -1;
    }
}
