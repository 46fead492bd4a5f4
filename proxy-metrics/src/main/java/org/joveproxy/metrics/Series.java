package org.joveproxy.metrics;

import java.util.Locale;

/**
 * What is said about a series above its samples: name, type and help text.
 *
 * <p>Immutable.
 */
record Series(String name, Type type, String help) {
    /** What the numbers mean. */
    enum Type {
        /** It only grows, except over a restart. */
        COUNTER,
        /** A value of this moment. */
        GAUGE,
        /** Quantiles, sum and count of durations in seconds. */
        SUMMARY;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word of the text format. */
        String word() {
            return word;
        }
    }

    static Series counter(String name, String help) {
        return new Series(name, Type.COUNTER, help);
    }

    static Series gauge(String name, String help) {
        return new Series(name, Type.GAUGE, help);
    }

    static Series summary(String name, String help) {
        return new Series(name, Type.SUMMARY, help);
    }
}
