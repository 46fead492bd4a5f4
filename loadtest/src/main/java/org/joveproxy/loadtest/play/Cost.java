package org.joveproxy.loadtest.play;

import java.util.List;
import java.util.Locale;

/**
 * What it cost to do something many times. Immutable.
 *
 * @param what in words
 * @param routes in the table at that time
 * @param number how often
 * @param seconds for all of them
 * @param cpuMicros of the proxy's processor time, for each
 */
record Cost(String what, int routes, int number, double seconds, double cpuMicros, double p50, double p99, double max) {
    static final List<String> COLUMNS =
            List.of("what", "routes", "how often", "per second", "CPU us each", "p50 ms", "p99 ms", "max ms");

    List<String> row() {
        return List.of(
                what,
                Integer.toString(routes),
                Integer.toString(number),
                format(number / seconds, 0),
                format(cpuMicros, 0),
                format(p50, 2),
                format(p99, 2),
                format(max, 1));
    }

    private static String format(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
