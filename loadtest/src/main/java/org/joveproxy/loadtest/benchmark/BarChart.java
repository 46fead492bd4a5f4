package org.joveproxy.loadtest.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.joveproxy.loadtest.report.HtmlPage;

/**
 * The costs of all scenarios as a picture (SVG) that stands on its own: a group of bars for each scenario, a bar for each
 * proxy, the shorter the better. Each group has its own scale, since units differ. Immutable.
 */
record BarChart(Outcome outcome) {
    private static final List<String> COLOURS =
            List.of("#7d8794", "#2a9d68", "#1e97a8", "#2f6fde", "#e0792b", "#b7409d", "#7a5cd6", "#8a4b2a");
    private static final int COLUMNS = 2;
    private static final int COLUMN_WIDTH = 520;
    private static final int MARGIN = 16;
    private static final int NAME_WIDTH = 110;
    private static final int TEXT_WIDTH = 150;
    private static final int BAR_HEIGHT = 16;
    private static final int HEAD_HEIGHT = 40;

    String svg() {
        List<String> proxies = proxies();
        List<StringBuilder> columns = new ArrayList<>();
        int[] heights = new int[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            columns.add(new StringBuilder());
        }
        for (Result result : outcome.results()) {
            if (result.figures().isEmpty()) {
                continue;
            }
            int shortest = 0;
            for (int i = 1; i < COLUMNS; i++) {
                shortest = heights[i] < heights[shortest] ? i : shortest;
            }
            group(columns.get(shortest), result, proxies, MARGIN + shortest * COLUMN_WIDTH, heights[shortest]);
            heights[shortest] += HEAD_HEIGHT + BAR_HEIGHT * result.figures().size();
        }
        int height = 0;
        for (int one : heights) {
            height = Math.max(height, one);
        }
        int width = COLUMNS * COLUMN_WIDTH + MARGIN;
        String head = String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\" height=\"%2$d\" "
                        + "font-family=\"system-ui, sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"%1$d\" height=\"%2$d\" fill=\"#fff\"/>%n",
                width,
                height + MARGIN);
        return head + String.join("", columns) + "</svg>\n";
    }

    private List<String> proxies() {
        Set<String> names = new LinkedHashSet<>();
        outcome.results().forEach(result -> result.figures().forEach(figures -> names.add(figures.proxy())));
        return List.copyOf(names);
    }

    private static void group(StringBuilder svg, Result result, List<String> proxies, int left, int top) {
        double highest = result.figures().stream()
                .mapToDouble(figures -> figures.cost().median())
                .max()
                .orElse(1);
        text(svg, left, top + 22, "#1c2430", "font-weight=\"600\"", result.title());
        text(svg, left, top + 35, "#66707d", "font-size=\"11\"", result.unit());
        int y = top + HEAD_HEIGHT;
        int room = COLUMN_WIDTH - NAME_WIDTH - TEXT_WIDTH - MARGIN;
        for (Figures figures : result.figures()) {
            Spread cost = figures.cost();
            double width = highest <= 0 ? 1 : Math.max(1, room * cost.median() / highest);
            text(svg, left, y + 11, "#1c2430", "", figures.proxy());
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n",
                    left + NAME_WIDTH,
                    y,
                    width,
                    BAR_HEIGHT - 4,
                    COLOURS.get(Math.max(0, proxies.indexOf(figures.proxy())) % COLOURS.size())));
            Spread ratio = figures.ratio();
            text(
                    svg,
                    left + NAME_WIDTH + width + 6,
                    y + 11,
                    "#1c2430",
                    "",
                    TextTable.number(cost.median())
                            + (ratio == null ? "" : String.format(Locale.ROOT, " (%.2f ×)", ratio.median())));
            y += BAR_HEIGHT;
        }
    }

    private static void text(StringBuilder svg, double x, int y, String colour, String attributes, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" fill=\"%s\" %s>%s</text>%n",
                x,
                y,
                colour,
                attributes,
                HtmlPage.escape(text)));
    }
}
