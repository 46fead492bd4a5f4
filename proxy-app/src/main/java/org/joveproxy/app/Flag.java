package org.joveproxy.app;

import org.jspecify.annotations.Nullable;

/**
 * One flag of the command line.
 *
 * <p>Immutable.
 *
 * @param name with its two dashes
 * @param valueLabel what the help calls the value, in angle brackets, or null for a switch
 * @param description what it means, for the help
 */
record Flag(String name, @Nullable String valueLabel, String description) {
    static Flag value(String name, String valueLabel, String description) {
        return new Flag(name, valueLabel, description);
    }

    static Flag toggle(String name, String description) {
        return new Flag(name, null, description);
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
