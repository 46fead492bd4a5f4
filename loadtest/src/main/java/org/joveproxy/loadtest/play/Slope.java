package org.joveproxy.loadtest.play;

import java.util.List;

/**
 * A straight line through measured points, by least squares. Immutable.
 *
 * @param perSecond how much the value grows each second
 * @param start the line's value at the first point
 */
record Slope(double perSecond, double start) {
    /** A measured value at a time. */
    record Point(double seconds, double value) {}

    /** The line through {@code points}; flat when they are fewer than two or all at the same time. */
    static Slope through(List<Point> points) {
        if (points.isEmpty()) {
            return new Slope(0, 0);
        }
        double meanTime = points.stream().mapToDouble(Point::seconds).average().orElseThrow();
        double meanValue = points.stream().mapToDouble(Point::value).average().orElseThrow();
        double products = 0;
        double squares = 0;
        for (Point point : points) {
            double time = point.seconds - meanTime;
            products += time * (point.value - meanValue);
            squares += time * time;
        }
        double perSecond = squares == 0 ? 0 : products / squares;
        return new Slope(perSecond, meanValue + perSecond * (points.get(0).seconds - meanTime));
    }

    /** How much it grows in {@code seconds}, relative to where it started; 0 when it started at nothing. */
    double growthIn(double seconds) {
        return start <= 0 ? 0 : perSecond * seconds / start;
    }
}
