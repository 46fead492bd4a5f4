package org.joveproxy.app;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One flag of the command line.
 *
 * <p>Immutable.
 *
 * @param name with its two dashes
 * @param valueLabel what the help calls the value, in angle brackets, or null for a switch
 * @param description what it means, for the help
 * @param difference what is otherwise than in configurable-http-proxy (CHP), for {@code jove check}; empty where nothing is
 * @param rows the rows of {@code docs/compatibility.md} that say why
 */
record Flag(String name, @Nullable String valueLabel, String description, String difference, List<String> rows) {
    private static final String OURS = "CHP has no such flag";

    Flag {
        rows = List.copyOf(rows);
    }

    static Flag value(String name, String valueLabel, String description) {
        return new Flag(name, valueLabel, description, "", List.of());
    }

    static Flag toggle(String name, String description) {
        return new Flag(name, null, description, "", List.of());
    }

    /** The same flag, which does not do all that it does in CHP. */
    Flag differing(String what, String... inRows) {
        return new Flag(name, valueLabel, description, what, List.of(inRows));
    }

    /** The same flag, which CHP does not have. */
    Flag ofOurs() {
        return new Flag(name, valueLabel, description, OURS, List.of());
    }

    /** Whether CHP has no such flag. */
    boolean isOurs() {
        return difference.equals(OURS);
    }

    boolean takesValue() {
        return valueLabel != null;
    }

    /** The flag as messages show it: {@code --ip <ip-address>}. */
    @Override
    public String toString() {
        return valueLabel == null ? name : name + " " + valueLabel;
    }
}
