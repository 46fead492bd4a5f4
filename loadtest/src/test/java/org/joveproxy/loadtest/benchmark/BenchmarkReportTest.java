package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class BenchmarkReportTest {
    @TempDir
    private Path folder;

    private static Round round(String scenario, String proxy, double cost, boolean isLoaded) {
        return new Round(
                scenario,
                1,
                proxy,
                cost,
                isLoaded ? new Round.Loaded(new Answers(1000, 2, 1, 3), 0.5, 0.01, 0.79) : null);
    }

    private static Result result(String scenario, String unit, boolean isLoaded, Map<String, String> failures) {
        List<Round> rounds = List.of(round(scenario, "nginx", 10, isLoaded), round(scenario, "jove", 15, isLoaded));
        List<Figures> figures = List.of(
                Figures.of("nginx", rounds, "nginx", new Memory(1024, 2048)),
                Figures.of("jove", rounds, "nginx", null));
        return new Result(
                scenario, "clients & <things>", unit, figures, rounds, Map.of("jove", "bin/jove --x"), failures);
    }

    private static Outcome outcome(Map<String, String> failures) {
        return new Outcome(
                "2026-01-01T00:00:00Z",
                List.of("benchmark", "--rounds=1"),
                "a machine",
                Map.of("nginx", "1.22"),
                "nginx",
                new Ground.Pace(1, 2, 3, 0),
                List.of("chp: not found"),
                List.of(
                        result("small", "CPU µs per request", true, failures),
                        result("start", "seconds", false, Map.of())));
    }

    @Test
    void thePageHasAllFigures() throws Exception {
        BenchmarkReport.write(outcome(Map.of()), folder);

        String page = Files.readString(folder.resolve(BenchmarkReport.PAGE));
        assertThat(page)
                .contains(
                        "clients &amp; &lt;things&gt;",
                        "<td>15.0 (15.0-15.0)</td><td>1.50 (1.50-1.50)</td><td>79 %</td>")
                .contains("50 % not saturated", "<td>1/2</td>", "Left out: chp", "bin/jove --x")
                .doesNotContain("class=\"broken\"");
    }

    @Test
    void everyRowHasACellForEachColumn() {
        for (Result result : outcome(Map.of()).results()) {
            assertThat(TextTable.rows(result)).hasSize(2).allMatch(row -> row.size() == TextTable.COLUMNS.size());
        }
    }

    @Test
    void aFailureIsShownAndMakesItIncomplete() throws Exception {
        Outcome failed = outcome(Map.of("chp", "3 failures"));

        assertThat(BenchmarkReport.page(failed)).contains("class=\"broken\">chp: 3 failures");
        assertThat(failed.isComplete()).isFalse();
        assertThat(outcome(Map.of()).isComplete()).isTrue();
    }

    @Test
    void thePictureHasABarForEachFigure() throws Exception {
        Document picture = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(new BarChart(outcome(Map.of())).svg())));

        // and one behind all
        assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(1 + 4);
        assertThat(picture.getDocumentElement().getTextContent()).contains("clients & <things>", "15.0 (1.50 ×)");
    }

    @Test
    void theJsonHasEachRound() throws Exception {
        BenchmarkReport.write(outcome(Map.of()), folder);

        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve(BenchmarkReport.FIGURES).toFile());
        assertThat(json.at("/results/0/rounds/1/loaded/answers/operations").asInt())
                .isEqualTo(1000);
        assertThat(json.at("/results/0/rounds/1/loaded/kernelShare").asDouble()).isEqualTo(0.79);
        assertThat(json.at("/results/0/figures/1/loaded/kernelShare").asDouble())
                .isEqualTo(0.79);
        assertThat(json.at("/results/0/figures/1/ratio/median").asDouble()).isEqualTo(1.5);
        assertThat(json.at("/results/1/rounds/0/loaded").isNull()).isTrue();
    }

    @Test
    void onlyProcessorTimeCountsForTheHighestRatio() {
        assertThat(outcome(Map.of()).highestRatio("jove")).isEqualTo(1.5);
        assertThat(new Outcome(
                                "",
                                List.of(),
                                "",
                                Map.of(),
                                "nginx",
                                new Ground.Pace(1, 1, 1, 0),
                                List.of(),
                                List.of(result("start", "seconds", false, Map.of())))
                        .highestRatio("jove"))
                .isNull();
    }
}
