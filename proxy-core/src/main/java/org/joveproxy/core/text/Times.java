package org.joveproxy.core.text;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as operators write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, or milliseconds.
 *
 * <p>Any thread may call any method.
 */
public final class Times {
    /** What is taken, for messages about what is not. */
    public static final String EXPECTED = "milliseconds, or a whole number with a unit such as 500ms, 30s, 2m or 1h";

    // So many digits of hours are milliseconds that fit a long.
    private static final Pattern TIME = Pattern.compile("([0-9]{1,10})(ms|s|m|h)?");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private Times() {}

    /** The milliseconds that {@code text} stands for, or none when it makes no sense. */
    public static OptionalLong millis(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return OptionalLong.empty();
        }
        long unit = time.group(2) == null ? 1 : MILLIS.getOrDefault(time.group(2), 1L);
        return OptionalLong.of(Long.parseLong(time.group(1)) * unit);
    }
}
