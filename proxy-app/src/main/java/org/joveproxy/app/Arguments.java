package org.joveproxy.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of a command line, sorted by flag.
 *
 * <p>Immutable.
 *
 * @param values the last value of each flag that was given one; an empty value is kept
 * @param switches the switches that were given
 * @param repeated every value of each flag that may be repeated
 */
record Arguments(Map<Flag, String> values, Set<Flag> switches, Map<Flag, List<String>> repeated) {
    Arguments {
        values = Map.copyOf(values);
        switches = Set.copyOf(switches);
        repeated = Map.copyOf(repeated);
    }

    /** Whether {@code flag} was given, even with an empty value. */
    boolean has(Flag flag) {
        return values.containsKey(flag) || switches.contains(flag);
    }

    /** Every value of {@code flag}, one of {@link Flags#REPEATABLE}. */
    List<String> all(Flag flag) {
        return repeated.getOrDefault(flag, List.of());
    }

    /** The value of {@code flag}, or null when it is absent or empty: the original makes no difference. */
    @Nullable
    String text(Flag flag) {
        String value = values.get(flag);
        return value == null || value.isEmpty() ? null : value;
    }
}
