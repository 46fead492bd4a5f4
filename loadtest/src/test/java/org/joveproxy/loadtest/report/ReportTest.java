package org.joveproxy.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.kernel.SocketCount;
import org.joveproxy.loadtest.kernel.TcpState;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Mark;
import org.joveproxy.loadtest.scenario.Plot;
import org.joveproxy.loadtest.scenario.Table;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.LogCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Check HELD = Check.of("sockets", "back", "back after 0.1 s", true);
    private static final Check BROKEN = Check.of("sockets", "back", "20 left", false);

    @Test
    void theExitCodeSaysWhatCameOut() {
        assertThat(report(subject("a", "", HELD)).exitCode()).isZero();
        assertThat(report(subject("a", "", HELD), subject("b", "", BROKEN)).exitCode())
                .isEqualTo(1);
        assertThat(report(subject("a", "does not start"), subject("b", "", BROKEN))
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void thePageNeedsNothingElse() throws IOException {
        String page = HtmlReport.page(report(subject("jove", "", HELD), subject("chp", "", BROKEN)));
        assertThat(page)
                .contains("<style>", "polyline", "every bound held", "1 bound broken")
                .doesNotContain("<script", "<link", "src=", "href=", "@import", "url(");
    }

    @Test
    void subjectsStandSideBySideOnOneScale() throws IOException {
        String page = HtmlReport.page(report(subject("jove", "", HELD), subject("chp", "", BROKEN)));
        assertThat(page)
                .contains("<th>jove</th><th>chp</th>")
                .contains("<td class=\"held\">back after 0.1 s</td><td class=\"broken\">20 left</td>");
        assertThat(page.split("aria-label=\"Memory in RAM\"")).hasSize(3);
    }

    @Test
    void aLineOfTheSameNameHasTheSameColourForEverySubject() {
        Plot.Line closing = new Plot.Line("CLOSE_WAIT", List.of());
        assertThat(SvgPlot.colour(List.of("ESTABLISHED", "CLOSE_WAIT"), closing))
                .isEqualTo(1);
    }

    @Test
    void textOfASubjectCannotBecomeMarkup() throws IOException {
        String page = HtmlReport.page(report(subject("<b>&\"", "<i>failed</i>", HELD)));
        assertThat(page)
                .contains("&lt;b&gt;&amp;&quot;", "&lt;i&gt;failed&lt;/i&gt;")
                .doesNotContain("<i>");
    }

    @Test
    void theJsonHoldsChecksAndSamples(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.json");
        JsonReport.write(report(subject("jove", "", HELD)), file);

        JsonNode subject =
                new ObjectMapper().readTree(file.toFile()).get("subjects").get(0);
        assertThat(subject.at("/verdict/checks/0/status").asText()).isEqualTo("HELD");
        assertThat(subject.at("/samples/1/sockets/bySide/client/ESTABLISHED").asInt())
                .isEqualTo(7);
        assertThat(subject.at("/verdict/tables/0/rows/0/0").asText()).isEqualTo("cell");
    }

    @Test
    void theTerminalShowsOnlyWhatDidNotHold() {
        String text = TerminalReport.of(report(
                subject("jove", "", HELD, Check.notRun("drops", "none", "needs root")), subject("chp", "", BROKEN)));
        assertThat(text)
                .contains("BROKEN   chp      sockets  back", "not run  jove     drops")
                .contains("jove: 1 held, 0 broken, 1 not run\nchp: 0 held, 1 broken, 0 not run\n  a note\n")
                .doesNotContain("back after");
    }

    private static Report report(SubjectResult... subjects) {
        return new Report("leaks", List.of("leaks", "--n", "20"), "2026-01-01", "a machine", List.of(subjects));
    }

    private static SubjectResult subject(String name, String failure, Check... checks) {
        return new SubjectResult(
                name,
                List.of("command --port 1"),
                "no memory limit",
                2,
                failure,
                new Verdict(
                        List.of(checks),
                        List.of(new Table("table", List.of("column"), List.of(List.of("cell")))),
                        List.of(new Plot("Users", "", List.of(new Plot.Line("users", List.of(new Plot.Point(0, 3)))))),
                        List.of("a note")),
                new LogCount(1, 0, 0, 0, 0),
                List.of(sample(0, 0), sample(1, 7)),
                List.of(new Mark(1, "a mark")));
    }

    private static Sample sample(double seconds, int clients) {
        SocketCount sockets = clients == 0
                ? SocketCount.NONE
                : new SocketCount(Map.of("client", Map.of(TcpState.ESTABLISHED, clients)));
        return new Sample(seconds, 10_240, 1, 5, 9, 30 + clients, sockets, 2, SocketCount.NONE);
    }
}
