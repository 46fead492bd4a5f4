package org.joveproxy.loadtest.benchmark;

import java.util.List;
import java.util.Locale;

/** The middle of some values, and how far they lie apart. Immutable. */
record Spread(double min, double median, double max) {
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values: none (expected: at least one)");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
    }

    /** For a table, for example {@code 21.4 (20.9-22.0)}. */
    String text(int digits) {
        String one = "%." + digits + "f";
        return String.format(Locale.ROOT, one + " (" + one + "-" + one + ")", median, min, max);
    }
}
