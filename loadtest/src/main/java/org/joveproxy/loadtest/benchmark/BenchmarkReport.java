package org.joveproxy.loadtest.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.loadtest.report.HtmlPage;
import org.joveproxy.loadtest.scenario.Table;

/** Writes what a run found out: a page for people, a picture, and all figures. Any thread may call it. */
final class BenchmarkReport {
    static final String PAGE = "report.html";
    static final String FIGURES = "figures.json";
    static final String PICTURE = "benchmark.svg";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private BenchmarkReport() {}

    /** Writes {@link #PAGE}, {@link #FIGURES} and {@link #PICTURE} to {@code folder}. */
    static void write(Outcome outcome, Path folder) throws IOException {
        Files.writeString(folder.resolve(PAGE), page(outcome));
        Files.writeString(folder.resolve(PICTURE), new BarChart(outcome).svg());
        figures(outcome, folder.resolve(FIGURES));
    }

    static void figures(Outcome outcome, Path file) throws IOException {
        JSON.writeValue(file.toFile(), outcome);
    }

    static String page(Outcome outcome) throws IOException {
        StringBuilder html = new StringBuilder("<h1>benchmark</h1>\n<p>");
        html.append(HtmlPage.escape(outcome.began()))
                .append(" &middot; ")
                .append(HtmlPage.escape(outcome.machine()))
                .append("<br><code>loadtest ")
                .append(HtmlPage.escape(String.join(" ", outcome.arguments())))
                .append("</code></p>\n<p>")
                .append(
                        HtmlPage.escape(
                                "Costs and their ratios to " + outcome.measure() + " are the middle of "
                                        + outcome.pace().rounds()
                                        + " rounds, with the lowest and the highest. A rate of a proxy that is not saturated says something about the load, its cost does not."))
                .append("</p>\n");
        outcome.leftOut()
                .forEach(one -> html.append("<p>Left out: ")
                        .append(HtmlPage.escape(one))
                        .append("</p>\n"));
        html.append("<figure>").append(new BarChart(outcome).svg()).append("</figure>\n");
        Map<String, String> commands = new LinkedHashMap<>();
        for (Result result : outcome.results()) {
            html.append(HtmlPage.table(new Table(
                    result.scenario() + ": " + result.title() + ", " + result.unit(),
                    TextTable.COLUMNS,
                    TextTable.rows(result))));
            result.failures()
                    .forEach((proxy, why) -> html.append("<p class=\"broken\">")
                            .append(HtmlPage.escape(proxy + ": " + why))
                            .append("</p>\n"));
            result.commandLines().forEach(commands::putIfAbsent);
        }
        html.append(HtmlPage.table(new Table("Versions", List.of("of", "version"), rows(outcome.versions()))));
        html.append(
                HtmlPage.table(new Table("How they were started first", List.of("proxy", "command"), rows(commands))));
        return HtmlPage.of("benchmark: load test", html.toString());
    }

    private static List<List<String>> rows(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> List.of(pair.getKey(), pair.getValue()))
                .toList();
    }
}
