package org.joveproxy.loadtest.scenario;

import java.util.List;

/**
 * Lines over time for the report. Plots of several subjects with the same title stand side by side with the same scale.
 * Immutable.
 *
 * @param unit of the values, for example {@code MiB}
 */
public record Plot(String title, String unit, List<Line> lines) {
    public Plot {
        lines = List.copyOf(lines);
    }

    /**
     * One line of a plot.
     *
     * @param points in the order of their time
     */
    public record Line(String name, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /**
     * One value at one time.
     *
     * @param seconds since the act began
     */
    public record Point(double seconds, double value) {}
}
