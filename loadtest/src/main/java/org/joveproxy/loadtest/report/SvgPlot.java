package org.joveproxy.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joveproxy.loadtest.scenario.Mark;
import org.joveproxy.loadtest.scenario.Plot;

/**
 * Draws a plot as an SVG element that stands in an HTML page: axes from 0 to {@code maxSeconds} and {@code maxValue}, a line
 * for each series, a thin vertical for each mark. Colours are classes of the page's style sheet. Immutable.
 */
final class SvgPlot {
    private static final int COLOURS = 10;

    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int LEFT = 56;
    private static final int RIGHT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 24;
    private static final int MAX_POINTS = 600;

    private final Plot plot;
    private final List<String> names;
    private final List<Mark> marks;
    private final double maxSeconds;
    private final double maxValue;

    /** @param names of all lines that plots of this title have: a line's colour is its place among them */
    SvgPlot(Plot plot, List<String> names, List<Mark> marks, double maxSeconds, double maxValue) {
        this.plot = plot;
        this.names = names;
        this.marks = marks;
        this.maxSeconds = roundUp(maxSeconds);
        this.maxValue = roundUp(maxValue);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                HEIGHT,
                HtmlPage.escape(plot.title())));
        axes(svg);
        for (Mark mark : marks) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"mark\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"><title>%4$.0f s: %5$s</title></line>",
                    x(mark.seconds()),
                    TOP,
                    HEIGHT - BOTTOM,
                    mark.seconds(),
                    HtmlPage.escape(mark.text())));
        }
        for (Plot.Line line : plot.lines()) {
            svg.append("<polyline class=\"line c").append(colour(names, line)).append("\" points=\"");
            for (Plot.Point point : thinned(line.points())) {
                svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.seconds()), y(point.value())));
            }
            svg.append("\"><title>").append(HtmlPage.escape(line.name())).append("</title></polyline>");
        }
        return svg.append("</svg>").toString();
    }

    /** The number of the colour of {@code line}, as in the style sheet. */
    static int colour(List<String> names, Plot.Line line) {
        return Math.max(0, names.indexOf(line.name())) % COLOURS;
    }

    private void axes(StringBuilder svg) {
        for (int i = 0; i <= 4; i++) {
            double value = maxValue * i / 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>"
                            + "<text class=\"y\" x=\"%4$d\" y=\"%5$.1f\">%6$s</text>",
                    LEFT,
                    WIDTH - RIGHT,
                    y(value),
                    LEFT - 6,
                    y(value) + 4,
                    shortNumber(value)));
        }
        for (int i = 0; i <= 5; i++) {
            double seconds = maxSeconds * i / 5;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"x\"%s x=\"%.1f\" y=\"%d\">%s</text>",
                    i == 5 ? " text-anchor=\"end\"" : "",
                    x(seconds),
                    HEIGHT - 8,
                    seconds >= 7200 ? shortNumber(seconds / 3600) + " h" : shortNumber(seconds) + " s"));
        }
    }

    private double x(double seconds) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(seconds, maxSeconds) / maxSeconds;
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.min(value, maxValue) / maxValue;
    }

    /** At most {@link #MAX_POINTS} points or so: of each group the highest, so that no peak is lost. */
    static List<Plot.Point> thinned(List<Plot.Point> points) {
        int group = (points.size() + MAX_POINTS - 1) / MAX_POINTS;
        if (group <= 1) {
            return points;
        }
        List<Plot.Point> kept = new ArrayList<>();
        for (int from = 0; from < points.size(); from += group) {
            Plot.Point highest = points.get(from);
            for (Plot.Point point : points.subList(from, Math.min(from + group, points.size()))) {
                if (point.value() > highest.value()) {
                    highest = point;
                }
            }
            kept.add(highest);
        }
        return kept;
    }

    /** The next of 1, 2, 4, 5, 8, 10 times a power of ten. */
    static double roundUp(double value) {
        if (value <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 2, 4, 5, 8}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    static String shortNumber(double value) {
        if (value >= 10_000) {
            return trimmed(value / 1000) + "k";
        }
        return trimmed(value);
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
