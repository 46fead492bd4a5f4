package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.joveproxy.loadtest.scenario.Plot;

/** Counts of several sorts in each second of the act, for plots. Any thread may call any method; the monitor guards all. */
final class Seconds {
    private final Map<String, Map<Integer, Double>> sorts = new TreeMap<>();
    private int last;

    synchronized void count(String sort, double seconds) {
        of(sort).merge(second(seconds), 1.0, Double::sum);
    }

    synchronized void most(String sort, double seconds, double value) {
        of(sort).merge(second(seconds), value, Math::max);
    }

    private Map<Integer, Double> of(String sort) {
        return sorts.computeIfAbsent(sort, unknown -> new HashMap<>());
    }

    private int second(double seconds) {
        last = Math.max(last, (int) seconds);
        return (int) seconds;
    }

    /** What was counted in one second. */
    synchronized double at(String sort, int second) {
        return of(sort).getOrDefault(second, 0.0);
    }

    /** A line for each of {@code names} that occurred; a second without any has none. */
    synchronized List<Plot.Line> lines(String... names) {
        List<Plot.Line> lines = new ArrayList<>();
        for (String name : names) {
            Map<Integer, Double> values = of(name);
            if (values.isEmpty()) {
                continue;
            }
            List<Plot.Point> points = new ArrayList<>();
            for (int second = Collections.min(values.keySet()); second <= last; second++) {
                points.add(new Plot.Point(second + 0.5, values.getOrDefault(second, 0.0)));
            }
            lines.add(new Plot.Line(name, points));
        }
        return lines;
    }
}
