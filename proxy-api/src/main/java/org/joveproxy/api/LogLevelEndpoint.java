package org.joveproxy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joveproxy.store.RouteJson;
import org.slf4j.event.Level;

/**
 * Tells and changes how much is logged, for callers that were found to be authorized.
 *
 * <p>Any thread may call any method.
 */
final class LogLevelEndpoint {
    private static final Map<String, Level> LEVELS = Stream.of(Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR)
            .collect(Collectors.toUnmodifiableMap(LogLevelEndpoint::word, level -> level));

    private final LogLevel logLevel;

    LogLevelEndpoint(LogLevel logLevel) {
        this.logLevel = logLevel;
    }

    /** An object with the level. */
    AdminAnswer read() {
        return AdminAnswer.json("{\"level\":\"" + word(logLevel.get()) + "\"}\n");
    }

    /** Changes the level to what the object in {@code body} says. */
    AdminAnswer write(String body) {
        Object json;
        try {
            json = RouteJson.parse(body);
        } catch (JsonProcessingException e) {
            return AdminAnswer.failure(400, "Body not valid JSON: " + LogText.oneLine(RouteJson.reason(e)));
        }
        Object word = RouteJson.object(json).get("level");
        Level level = word instanceof String text ? LEVELS.get(text) : null;
        if (level == null) {
            return AdminAnswer.failure(
                    400, "level: " + LogText.oneLine(String.valueOf(word)) + " (expected: debug, info, warn or error)");
        }
        logLevel.set(level);
        return read();
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
