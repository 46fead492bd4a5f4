package org.joveproxy.metrics;

import java.util.List;
import java.util.Locale;

/**
 * All that is said about a series: on the page above its samples, and in {@code docs/metrics.md}.
 *
 * <p>Immutable.
 *
 * @param help the text on the page
 * @param meaning the text in the document
 * @param labels the names of the labels, in the order in which samples give their values
 */
record Series(String name, Type type, String help, String meaning, List<String> labels) {
    private static final String TOTAL = "_total";

    /** What the numbers mean. */
    enum Type {
        /** It only grows, except over a restart. */
        COUNTER,
        /** A value of this moment. */
        GAUGE,
        /** Quantiles, sum and count of durations in seconds. */
        SUMMARY,
        /** How many durations were at most how long, in seconds; sum and count. */
        HISTOGRAM;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word of both text formats. */
        String word() {
            return word;
        }
    }

    Series {
        labels = List.copyOf(labels);
    }

    static Series counter(String name, String help, String... labels) {
        return new Series(name, Type.COUNTER, help, help, List.of(labels));
    }

    static Series gauge(String name, String help, String... labels) {
        return new Series(name, Type.GAUGE, help, help, List.of(labels));
    }

    static Series summary(String name, String help, String... labels) {
        return new Series(name, Type.SUMMARY, help, help, List.of(labels));
    }

    static Series histogram(String name, String help, String... labels) {
        return new Series(name, Type.HISTOGRAM, help, help, List.of(labels));
    }

    /** The same, explained by {@code other} in the document: the text on the page is somebody else's or too short. */
    Series meaning(String other) {
        return new Series(name, type, help, other, labels);
    }

    /** Whether it is a counter whose name does not say so, as OpenMetrics demands of counters. */
    boolean isUnnamedCounter() {
        return type == Type.COUNTER && !name.endsWith(TOTAL);
    }

    /** The name that OpenMetrics gives to a series as a whole: that of a counter has no ending. */
    String familyName() {
        return type == Type.COUNTER && !isUnnamedCounter() ? name.substring(0, name.length() - TOTAL.length()) : name;
    }
}
