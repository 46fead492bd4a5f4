package org.joveproxy.api;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes what a client sent fit to be logged: in one line and of bounded length.
 *
 * <p>Any thread may call any method.
 */
final class LogText {
    private static final int MAX_LENGTH = 2048;
    private static final int MAX_FIELDS = 20;
    private static final int MAX_FIELD_LENGTH = 64;

    private LogText() {}

    /** {@code text} with a question mark for each character that could end a line or steer a terminal. */
    static String oneLine(String text) {
        String shown = shortened(text, MAX_LENGTH);
        return shown.chars().anyMatch(LogText::isUnsafe)
                ? shown.chars()
                        .mapToObj(c -> isUnsafe(c) ? "?" : String.valueOf((char) c))
                        .collect(Collectors.joining())
                : shown;
    }

    /** The names of the fields in {@code data} without their values, which may be secret. */
    static String fields(Map<String, ?> data) {
        return data.keySet().stream()
                .limit(MAX_FIELDS)
                .map(name -> oneLine(shortened(name, MAX_FIELD_LENGTH)))
                .collect(Collectors.joining(", ", "the fields [", data.size() > MAX_FIELDS ? ", ...]" : "]"));
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "...";
    }

    private static boolean isUnsafe(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT;
    }
}
