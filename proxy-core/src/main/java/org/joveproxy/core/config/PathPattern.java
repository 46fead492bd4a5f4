package org.joveproxy.core.config;

import java.util.List;

/**
 * A path, or many that are alike: each asterisk stands for any characters, slashes too, or none.
 *
 * <p>Immutable; any thread may call any method.
 *
 * @param pieces what stands before, between and behind the asterisks; at least one
 */
public record PathPattern(List<String> pieces) {
    /** Copies the pieces. */
    public PathPattern {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads a pattern such as {@code *}{@code /api/status}.
     *
     * @throws IllegalArgumentException when no path can be meant; the message is for operators
     */
    public static PathPattern of(String text) {
        if (!text.startsWith("/") && !text.startsWith("*")) {
            throw new IllegalArgumentException("'" + text + "' is invalid (expected: a path that begins with / or *)");
        }
        if (text.indexOf('?') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is invalid (expected: a path without a query)");
        }
        return new PathPattern(List.of(text.split("\\*", -1)));
    }

    /** Whether {@code path} is one of these, from its first character to its last. */
    public boolean matches(String path) {
        String first = pieces.get(0);
        int last = pieces.size() - 1;
        if (last == 0) {
            return path.equals(first);
        }
        if (!path.startsWith(first)) {
            return false;
        }
        int end = first.length();
        for (int i = 1; i < last; i++) {
            int start = path.indexOf(pieces.get(i), end);
            if (start < 0) {
                return false;
            }
            end = start + pieces.get(i).length();
        }
        return path.endsWith(pieces.get(last))
                && path.length() - pieces.get(last).length() >= end;
    }
}
