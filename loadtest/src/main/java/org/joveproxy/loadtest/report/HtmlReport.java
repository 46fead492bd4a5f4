package org.joveproxy.loadtest.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Plot;

/**
 * Writes a report as one HTML page that needs nothing else: style sheet and plots are in it, no script. Subjects stand side
 * by side; plots of the same title have the same scale. Confined to the thread that makes it.
 */
public final class HtmlReport {
    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(Report report) {
        this.report = report;
    }

    public static void write(Report report, Path file) throws IOException {
        Files.writeString(file, page(report), StandardCharsets.UTF_8);
    }

    static String page(Report report) throws IOException {
        return new HtmlReport(report).make();
    }

    private String make() throws IOException {
        head();
        checks();
        plots();
        for (SubjectResult subject : report.subjects()) {
            details(subject);
        }
        return HtmlPage.of(report.scenario() + ": load test", html.toString());
    }

    private void head() {
        html.append("<h1>").append(HtmlPage.escape(report.scenario())).append("</h1>\n<p>");
        html.append(HtmlPage.escape(report.began()))
                .append(" &middot; ")
                .append(HtmlPage.escape(report.machine()))
                .append("<br><code>loadtest ")
                .append(HtmlPage.escape(String.join(" ", report.arguments())))
                .append("</code></p>\n<div class=\"cards\">");
        for (SubjectResult subject : report.subjects()) {
            long broken = count(subject, Check.Status.BROKEN);
            boolean ran = subject.failure().isEmpty();
            html.append("<div class=\"card ")
                    .append(ran && broken == 0 ? "held" : "broken")
                    .append("\"><b>")
                    .append(HtmlPage.escape(subject.name()))
                    .append("</b><br>")
                    .append(
                            ran
                                    ? broken == 0
                                            ? "every bound held"
                                            : broken + (broken == 1 ? " bound broken" : " bounds broken")
                                    : "could not be run")
                    .append("<br><small>")
                    .append(count(subject, Check.Status.HELD))
                    .append(" held, ")
                    .append(count(subject, Check.Status.NOT_RUN))
                    .append(" not run, ")
                    .append(String.format(Locale.ROOT, "%.0f s", subject.seconds()))
                    .append("</small></div>");
        }
        html.append("</div>\n");
    }

    private static long count(SubjectResult subject, Check.Status status) {
        return subject.verdict().checks().stream()
                .filter(check -> check.status() == status)
                .count();
    }

    private void checks() {
        Set<String> names = new LinkedHashSet<>();
        report.subjects().forEach(s -> s.verdict().checks().forEach(check -> names.add(check.name())));
        if (names.isEmpty()) {
            return;
        }
        html.append("<h2>Bounds</h2>\n<div class=\"wide\"><table><tr><th>check</th><th>expected</th>");
        report.subjects()
                .forEach(subject -> html.append("<th>")
                        .append(HtmlPage.escape(subject.name()))
                        .append("</th>"));
        html.append("</tr>\n");
        for (String name : names) {
            String bound = report.subjects().stream()
                    .flatMap(subject -> subject.verdict().checks().stream())
                    .filter(check -> check.name().equals(name))
                    .map(Check::bound)
                    .findFirst()
                    .orElse("");
            html.append("<tr><td>")
                    .append(HtmlPage.escape(name))
                    .append("</td><td>")
                    .append(HtmlPage.escape(bound));
            html.append("</td>");
            for (SubjectResult subject : report.subjects()) {
                html.append(subject.verdict().checks().stream()
                        .filter(check -> check.name().equals(name))
                        .findFirst()
                        .map(check -> "<td class=\"" + check.status().name().toLowerCase(Locale.ROOT) + "\">"
                                + HtmlPage.escape(check.value()) + "</td>")
                        .orElse("<td></td>"));
            }
            html.append("</tr>\n");
        }
        html.append("</table></div>\n");
    }

    private void plots() {
        List<List<Plot>> bySubject = new ArrayList<>();
        Set<String> titles = new LinkedHashSet<>();
        double maxSeconds = 1;
        for (SubjectResult subject : report.subjects()) {
            List<Plot> plots = new ArrayList<>(KernelPlots.of(subject.samples()));
            plots.addAll(subject.verdict().plots());
            plots.forEach(plot -> titles.add(plot.title()));
            maxSeconds = Math.max(maxSeconds, subject.seconds());
            bySubject.add(plots);
        }
        html.append("<h2>Over time</h2>\n");
        for (String title : titles) {
            List<String> names = bySubject.stream()
                    .flatMap(List::stream)
                    .filter(plot -> plot.title().equals(title))
                    .flatMap(plot -> plot.lines().stream())
                    .map(Plot.Line::name)
                    .distinct()
                    .toList();
            double maxValue = bySubject.stream()
                    .flatMap(List::stream)
                    .filter(plot -> plot.title().equals(title))
                    .flatMap(plot -> plot.lines().stream())
                    .flatMap(line -> line.points().stream())
                    .mapToDouble(Plot.Point::value)
                    .max()
                    .orElse(1);
            html.append("<h3>").append(HtmlPage.escape(title)).append("</h3>\n<div class=\"plots\">");
            for (int i = 0; i < bySubject.size(); i++) {
                SubjectResult subject = report.subjects().get(i);
                for (Plot plot : bySubject.get(i)) {
                    if (plot.title().equals(title)) {
                        figure(subject, plot, names, maxSeconds, maxValue);
                    }
                }
            }
            html.append("</div>\n");
        }
    }

    private void figure(SubjectResult subject, Plot plot, List<String> names, double maxSeconds, double maxValue) {
        html.append("<figure><figcaption><b>")
                .append(HtmlPage.escape(subject.name()))
                .append("</b> ")
                .append(HtmlPage.escape(plot.unit()));
        for (Plot.Line line : plot.lines()) {
            html.append(" <span class=\"key k")
                    .append(SvgPlot.colour(names, line))
                    .append("\">")
                    .append(HtmlPage.escape(line.name()))
                    .append("</span>");
        }
        html.append("</figcaption>")
                .append(new SvgPlot(plot, names, subject.marks(), maxSeconds, maxValue).svg())
                .append("</figure>");
    }

    private void details(SubjectResult subject) {
        html.append("<h2>").append(HtmlPage.escape(subject.name())).append("</h2>\n");
        if (!subject.failure().isEmpty()) {
            html.append("<p class=\"broken\">Could not be run to the end: ")
                    .append(HtmlPage.escape(subject.failure()))
                    .append("</p>\n");
        }
        html.append("<ul>");
        subject.commandLines()
                .forEach(line ->
                        html.append("<li><code>").append(HtmlPage.escape(line)).append("</code></li>"));
        html.append("<li>").append(HtmlPage.escape(subject.memoryLimit())).append("</li><li>log: ");
        html.append(subject.logged().info())
                .append(" lines of INFO or below, ")
                .append(subject.logged().warn())
                .append(" WARN, ")
                .append(subject.logged().error())
                .append(" ERROR, ")
                .append(subject.logged().uncaught())
                .append(" about uncaught exceptions, ")
                .append(subject.logged().other())
                .append(" others</li>");
        subject.verdict()
                .notes()
                .forEach(note ->
                        html.append("<li>").append(HtmlPage.escape(note)).append("</li>"));
        html.append("</ul>\n");
        subject.verdict().tables().forEach(table -> html.append(HtmlPage.table(table)));
    }
}
