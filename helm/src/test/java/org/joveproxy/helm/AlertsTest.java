package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes the rules where {@code helm/check} gives them to promtool, and sees that each is tried there. */
final class AlertsTest {
    private static final Path RULES = Path.of("target", "rules");

    @Test
    void everyAlertIsTriedFiringAndSilent() throws IOException {
        for (String feature : List.of("autoscaling", "replicas")) {
            write(
                    feature,
                    Chart.render(Chart.valuesFile(feature))
                            .the("PrometheusRule")
                            .path("spec"));
        }
        List<String> alerts = Manifests.texts(names(Chart.render(Chart.valuesFile("autoscaling"))
                .the("PrometheusRule")
                .findValues("alert")));
        JsonNode tests = Yaml.read(Path.of("alerts-test.yaml")).path("tests");

        assertThat(alerts).hasSizeGreaterThan(15);
        assertThat(tried(tests, true)).containsExactlyElementsOf(alerts);
        assertThat(tried(tests, false)).containsExactlyElementsOf(alerts);
    }

    @Test
    void everyAlertHasALineOnWhatToDo() throws IOException {
        String operations = Files.readString(Path.of("..", "docs", "operations.md"));

        assertThat(Manifests.texts(names(Chart.render(Chart.valuesFile("autoscaling"))
                        .the("PrometheusRule")
                        .findValues("alert"))))
                .hasSizeGreaterThan(15)
                .allSatisfy(alert -> assertThat(operations).containsPattern("(?m)^\\|[^|]*`" + alert + "`[^|]*\\| "));
    }

    @Test
    void everyPanelIsGivenToPromtool() throws IOException {
        JsonNode dashboard = Yaml.read(Chart.HOME.resolve("files").resolve("dashboard.json"));
        ArrayNode rules = (ArrayNode) Yaml.tree("[]");
        for (JsonNode expression : dashboard.findValues("expr")) {
            ObjectNode rule = rules.addObject();
            rule.put("record", "panel:" + rules.size());
            rule.put("expr", expression.asText().replace("$__rate_interval", "5m"));
        }
        ObjectNode group = (ObjectNode) Yaml.tree("{name: dashboard}");
        group.set("rules", rules);
        ObjectNode file = (ObjectNode) Yaml.tree("{groups: []}");
        file.withArray("groups").add(group);
        write("dashboard", file);

        assertThat(rules).hasSizeGreaterThan(20);
    }

    @Test
    void thePanelOfCertificatesShowsWhatTheAlertsSee() throws IOException {
        String alerts = Files.readString(Chart.HOME.resolve("files").resolve("alerts.yaml"));
        List<JsonNode> panels = Yaml.read(Chart.HOME.resolve("files").resolve("dashboard.json"))
                .path("panels")
                .valueStream()
                .filter(each ->
                        each.path("targets").toString().contains("jove_tls_certificate_not_after_timestamp_seconds"))
                .toList();

        assertThat(panels).singleElement().satisfies(panel -> {
            JsonNode defaults = panel.at("/fieldConfig/defaults");
            assertThat(panel.at("/targets/0/expr").asText()).endsWith(" - time()) / 86400");
            assertThat(defaults.has("min")).isFalse();
            assertThat(defaults.at("/custom/thresholdsStyle/mode").asText()).isEqualTo("line");
            assertThat(Manifests.texts(Yaml.column(defaults.at("/thresholds/steps"), "value")))
                    .containsExactly("null", "1", "14");
        });
        assertThat(alerts).contains(" - time() < 14 * 86400", " - time() < 86400");
    }

    private static ArrayNode names(List<JsonNode> found) {
        ArrayNode names = (ArrayNode) Yaml.tree("[]");
        names.addAll(found);
        return names;
    }

    private static List<String> tried(JsonNode tests, boolean firing) {
        return tests.findValues("alert_rule_test").stream()
                .map(each -> each.path(0))
                .filter(each -> each.path("exp_alerts").isEmpty() != firing)
                .map(each -> each.path("alertname").asText())
                .toList();
    }

    private static void write(String name, JsonNode rules) throws IOException {
        Files.createDirectories(RULES);
        Files.writeString(RULES.resolve(name + ".yaml"), Yaml.write(rules));
    }
}
