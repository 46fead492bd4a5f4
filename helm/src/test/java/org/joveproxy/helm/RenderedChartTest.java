package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every combination of features. */
final class RenderedChartTest {
    /** For the checks of other tools, which {@code helm/check} runs. */
    private static final Path RENDERED = Path.of("target", "rendered");

    static List<Path> valuesFiles() {
        return Chart.valuesFiles();
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyDocumentIsOneThatKubernetesTakes(Path values) throws IOException {
        String text = Chart.text(values);
        Files.createDirectories(RENDERED);
        Files.writeString(RENDERED.resolve(Chart.feature(values) + ".yaml"), text);

        Manifests manifests = Manifests.parse(text);

        assertThat(manifests.documents()).hasSizeGreaterThan(2);
        for (JsonNode document : manifests.documents()) {
            KubernetesTypes.check(document);
        }
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void noTwoDocumentsHaveTheSameName(Path values) {
        assertThat(Chart.render(values).documents())
                .map(each -> each.path("kind").asText() + "/"
                        + each.at("/metadata/namespace").asText() + "/"
                        + each.at("/metadata/name").asText())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everythingThatSelectsPodsSelectsTheProxysAndNoOthers(Path values) {
        Manifests manifests = Chart.render(values);
        JsonNode labels = manifests.workload().at("/spec/template/metadata/labels");
        JsonNode selector = manifests.workload().at("/spec/selector/matchLabels");

        assertThat(labels.properties()).containsAll(selector.properties());
        assertThat(manifests.documents())
                .filteredOn(each -> each.path("kind").asText().equals("Service"))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.at("/spec/selector")).isEqualTo(selector));
        manifests
                .find("Pod", "jove-test")
                .ifPresent(test -> assertThat(test.at("/metadata/labels/app.kubernetes.io~1component")
                                .asText())
                        .isNotEqualTo(
                                selector.path("app.kubernetes.io/component").asText()));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyPortOfAServiceIsOneOfTheContainer(Path values) {
        Manifests manifests = Chart.render(values);
        List<String> ports = Manifests.texts(Yaml.column(manifests.container().path("ports"), "name"));

        for (JsonNode service : manifests.documents()) {
            if (service.path("kind").asText().equals("Service")) {
                assertThat(Manifests.texts(Yaml.column(service.at("/spec/ports"), "targetPort")))
                        .isNotEmpty()
                        .allMatch(ports::contains);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void strictLintFindsNothing(Path values, @TempDir Path folder) throws IOException {
        Path copy = Chart.copyInto(folder);
        ObjectNode all = (ObjectNode) Yaml.read(Chart.HOME.resolve("values.yaml"));
        Files.writeString(copy.resolve("values.yaml"), Yaml.write(Yaml.merge(all, Yaml.read(values))));

        LintResult result = new Helm(copy).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(each -> each.contains("[WARNING]") || each.contains("[ERROR]"));
    }

    @Test
    void strictLintWouldFindABrokenTemplate(@TempDir Path folder) throws IOException {
        Path copy = Chart.copyInto(folder);
        Files.writeString(copy.resolve("templates").resolve("broken.yaml"), "{{ .Values.nothing.here }}");

        assertThat(new Helm(copy).lint().strict().call().isFailed()).isTrue();
    }

    @Test
    void anUnknownFieldWouldBeFound() throws IOException {
        JsonNode deployment = Chart.render(Chart.valuesFile("minimal")).the("Deployment");
        ((ObjectNode) deployment.at("/spec/template/spec")).put("terminationGracePeriodSecond", 3);

        assertThatThrownBy(() -> KubernetesTypes.check(deployment))
                .hasMessageContaining("terminationGracePeriodSecond");
    }

    @Test
    void aTextInPlaceOfANumberWouldBeFound() throws IOException {
        JsonNode deployment = Chart.render(Chart.valuesFile("minimal")).the("Deployment");
        ((ObjectNode) deployment.at("/spec")).put("replicas", "one");

        assertThatThrownBy(() -> KubernetesTypes.check(deployment)).hasMessageContaining("replicas");
    }

    @Test
    void aNumberInPlaceOfATextWouldBeFound() throws IOException {
        JsonNode deployment = Chart.render(Chart.valuesFile("minimal")).the("Deployment");
        ((ObjectNode) deployment.at("/spec/template/metadata/labels")).put("number", 7);

        assertThatThrownBy(() -> KubernetesTypes.check(deployment)).hasMessageContaining("number");
    }

    @Test
    void aKeyThatOccursTwiceWouldBeFound() {
        assertThatThrownBy(() -> Manifests.parse("kind: Pod\nspec: {}\nspec: {}\n"))
                .hasMessageContaining("spec");
    }
}
