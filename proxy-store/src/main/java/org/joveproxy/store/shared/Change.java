package org.joveproxy.store.shared;

import io.lettuce.core.StreamMessage;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One change of the routes, as the store tells it.
 *
 * <p>Immutable.
 *
 * @param seq its number; the next change has the next one
 * @param op what is done: {@link #PUT}, {@link #REMOVE} or {@link #DEFAULT_AGAIN}
 * @param value the route's data as JSON, for {@link #PUT}
 * @param epochMillis when the route was used last, for {@link #PUT}
 * @param by the replica that made it
 * @param token tells it from another change that was given the same number because the store had forgotten this one
 */
record Change(long seq, String op, String path, String value, long epochMillis, String by, long token) {
    static final String PUT = "put";
    static final String REMOVE = "remove";
    static final String DEFAULT_AGAIN = "default";

    static Change of(StreamMessage<String, String> entry) {
        Map<String, String> fields = entry.getBody();
        return new Change(
                seq(entry.getId()),
                fields.getOrDefault("op", ""),
                fields.getOrDefault("path", ""),
                fields.getOrDefault("value", ""),
                Long.parseLong(fields.getOrDefault("at", "0")),
                fields.getOrDefault("by", ""),
                token(fields.getOrDefault("token", "")));
    }

    private static long seq(String id) {
        return Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    /** Under which the stream holds the change {@code seq}. */
    static String id(long seq) {
        return seq + "-0";
    }

    /** A token that no other change has. */
    static String newToken() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** The number that {@code token} is written as; 0 for one that is none of ours. */
    static long token(String token) {
        return token.length() == 16 ? Long.parseUnsignedLong(token, 16) : 0;
    }
}
