package org.joveproxy.core.codec;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * The value of the {@code Date} field (RFC 9110 5.6.7), formatted once a second.
 *
 * <p>Confined to one event loop.
 */
@EventLoopConfined
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private long second = -1;
    private String text = "";

    /** The value at {@code epochMillis}, in milliseconds since 1970. */
    public String at(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            second = now;
            text = FORMAT.format(Instant.ofEpochSecond(now));
        }
        return text;
    }
}
