package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alerts and dashboard speak of series that there are. */
final class MetricNamesTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\| (\\w+) \\|", Pattern.MULTILINE);
    private static final Pattern SELECTED = Pattern.compile("\\b([a-z][a-z_]+)\\{");

    @Test
    void everyAlertAsksForSeriesThatAreDocumented() {
        JsonNode rule = Chart.render(Chart.valuesFile("autoscaling")).the("PrometheusRule");
        Set<String> asked = new TreeSet<>();
        for (JsonNode expression : rule.findValues("expr")) {
            asked.addAll(selectedIn(expression.asText()));
        }

        // "up" is what Prometheus says of a target.
        assertThat(asked).contains("up", "jove_hub_last_contact_timestamp_seconds");
        asked.remove("up");
        assertThat(documented()).containsAll(asked);
    }

    @Test
    void everyPanelAsksForSeriesThatAreDocumented() throws IOException {
        JsonNode dashboard = Yaml.parse(Chart.render(Chart.valuesFile("replicas"))
                .find("ConfigMap", "jove-dashboard")
                .orElseThrow()
                .at("/data/jove.json")
                .asText());
        Set<String> asked = new TreeSet<>();
        for (JsonNode expression : dashboard.findValues("expr")) {
            assertThat(selectedIn(expression.asText())).as(expression.asText()).isNotEmpty();
            asked.addAll(selectedIn(expression.asText()));
        }

        assertThat(asked).hasSizeGreaterThan(15);
        asked.remove("up");
        assertThat(documented()).containsAll(asked);
    }

    @Test
    void panelsDoNotLieOnEachOther() throws IOException {
        JsonNode panels =
                Yaml.read(Chart.HOME.resolve("files").resolve("dashboard.json")).path("panels");
        Set<String> taken = new TreeSet<>();

        for (JsonNode panel : panels) {
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    String cell = (place.path("x").asInt() + x) + ","
                            + (place.path("y").asInt() + y);
                    assertThat(taken.add(cell))
                            .as("%s at %s", panel.path("title"), cell)
                            .isTrue();
                }
            }
        }
        assertThat(taken).isNotEmpty().allMatch(cell -> Integer.parseInt(cell.split(",")[0]) < 24);
    }

    private static Set<String> selectedIn(String expression) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = SELECTED.matcher(expression);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static Set<String> documented() {
        try {
            String document = Files.readString(Path.of("..", "docs", "metrics.md"));
            Set<String> names = new TreeSet<>();
            Matcher matcher = ROW.matcher(document);
            while (matcher.find()) {
                names.add(matcher.group(1));
                if (matcher.group(2).equals("summary") || matcher.group(2).equals("histogram")) {
                    names.add(matcher.group(1) + "_sum");
                    names.add(matcher.group(1) + "_count");
                }
                if (matcher.group(2).equals("histogram")) {
                    names.add(matcher.group(1) + "_bucket");
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
