package org.joveproxy.app;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes the times of lines: {@code 2026-11-22T01:51:16.219Z}. It keeps the second that it formatted last, for that makes more
 * garbage than all the rest of a line, and busy logs have a thousand lines a second.
 *
 * <p>Confined to one thread at a time.
 */
final class LogClock {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

    private long second = Long.MIN_VALUE;
    private String formattedSecond = "";

    /** Adds the time {@code epochMillis}, in milliseconds since 1970. */
    void append(long epochMillis, StringBuilder out) {
        long wanted = Math.floorDiv(epochMillis, 1000L);
        if (wanted != second) {
            second = wanted;
            formattedSecond = SECOND.format(Instant.ofEpochSecond(wanted));
        }
        out.append(formattedSecond);
        thousandths(Math.floorMod(epochMillis, 1000L), out);
        out.append('Z');
    }

    /** Adds {@code value}, which is below 1000, as three digits. */
    static void thousandths(long value, StringBuilder out) {
        out.append((char) ('0' + value / 100))
                .append((char) ('0' + value / 10 % 10))
                .append((char) ('0' + value % 10));
    }
}
