package org.joveproxy.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wish to see only the routes that were not used since a point in time.
 *
 * <p>Immutable.
 *
 * @param text the time as the caller wrote it
 */
record InactiveSince(String text) {
    private static final List<String> NAMES = List.of("inactiveSince", "inactive_since");

    // ISO 8601 with the liberties that callers of configurable-http-proxy could take: parts may be missing from the
    // end, a space may take the place of the T, and a second may have any number of decimals.
    private static final Pattern ISO =
            Pattern.compile("(\\d{4})(?:-(\\d{2})(?:-(\\d{2}))?)?(?:[Tt ](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d+))?)?"
                    + "([Zz]|[+-]\\d{2}:?\\d{2})?)?");

    // What a browser's Date says of itself, without the day of the week and the zone's name.
    private static final DateTimeFormatter BROWSER =
            DateTimeFormatter.ofPattern("MMM dd uuuu HH:mm:ss 'GMT'xx", Locale.ENGLISH);

    private static final Pattern WEEKDAY = Pattern.compile("^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +");
    private static final Pattern ZONE_NAME = Pattern.compile(" *\\([^)]*\\)$");

    /** The wish that {@code query} holds, or null when it holds none. */
    static @Nullable InactiveSince in(@Nullable String query) {
        if (query == null) {
            return null;
        }
        for (String name : NAMES) {
            String value = value(query, name);
            if (!value.isEmpty()) {
                return new InactiveSince(value);
            }
        }
        return null;
    }

    private static String value(String query, String name) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && decoded(pair.substring(0, equals)).equals(name)) {
                return decoded(pair.substring(equals + 1));
            }
        }
        return "";
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Escapes that are none are taken literally.
            return text;
        }
    }

    /** The time in milliseconds since 1970, or empty when {@link #text} is none. */
    OptionalLong epochMillis() {
        String trimmed = text.trim();
        try {
            Matcher iso = ISO.matcher(trimmed);
            return OptionalLong.of(iso.matches() ? fromIso(iso) : fromWords(trimmed));
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static long fromIso(Matcher iso) {
        LocalDate date = date(number(iso, 1, 0), number(iso, 2, 1), number(iso, 3, 1));
        if (iso.group(4) == null) {
            return millis(date.atStartOfDay().atOffset(ZoneOffset.UTC));
        }
        LocalDateTime time = time(date, iso);
        String zone = iso.group(8);
        if (zone == null) {
            return millis(time.atZone(ZoneId.systemDefault()).toOffsetDateTime());
        }
        return millis(time.atOffset(ZoneOffset.of(zone.equalsIgnoreCase("z") ? "Z" : zone)));
    }

    private static LocalDateTime time(LocalDate date, Matcher iso) {
        int hour = number(iso, 4, 0);
        boolean isEndOfDay = hour == 24 && number(iso, 5, 0) == 0 && number(iso, 6, 0) == 0;
        if (isEndOfDay) {
            return date.plusDays(1).atStartOfDay();
        }
        String decimals = iso.group(7) == null ? "" : iso.group(7);
        int millis = Integer.parseInt((decimals + "000").substring(0, 3));
        return date.atTime(LocalTime.of(hour, number(iso, 5, 0), number(iso, 6, 0), millis * 1_000_000));
    }

    /** As in JavaScript, the 30th of February is the second of March. */
    private static LocalDate date(int year, int month, int day) {
        if (day < 1 || day > 31) {
            throw new DateTimeException("day: " + day + " (expected: 1 to 31)");
        }
        return LocalDate.of(year, month, 1).plusDays(day - 1L);
    }

    private static int number(Matcher matcher, int group, int otherwise) {
        String digits = matcher.group(group);
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    private static long fromWords(String words) {
        String date = ZONE_NAME.matcher(WEEKDAY.matcher(words).replaceFirst("")).replaceFirst("");
        boolean isBrowsers = !date.isEmpty() && Character.isLetter(date.charAt(0));
        return millis(OffsetDateTime.parse(date, isBrowsers ? BROWSER : DateTimeFormatter.RFC_1123_DATE_TIME));
    }

    private static long millis(OffsetDateTime time) {
        return time.toInstant().toEpochMilli();
    }
}
