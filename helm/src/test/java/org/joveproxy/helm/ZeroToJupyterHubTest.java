package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The values for Zero to JupyterHub, in what that chart made of them at several versions. A change of the values wants the
 * documents in {@code z2jh/} to be made again, by {@code helm/z2jh-render}.
 */
final class ZeroToJupyterHubTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "z2jh");

    static List<Path> rendered() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everyValueHasComeToItsPlace(Path file) throws IOException {
        Manifests manifests = Manifests.parse(Files.readString(file));
        JsonNode values = Yaml.read(Path.of("z2jh-values.yaml")).path("proxy");
        JsonNode chp = values.path("chp");
        JsonNode deployment = manifests.the("Deployment");
        JsonNode container = manifests.container();

        KubernetesTypes.check(deployment);
        KubernetesTypes.check(manifests.the("NetworkPolicy"));
        assertThat(Manifests.texts(container.path("command")).get(0)).isEqualTo("configurable-http-proxy");
        assertThat(Stream.concat(Manifests.texts(container.path("command")).stream(), manifests.args().stream()))
                .containsAll(Manifests.texts(chp.path("extraCommandLineFlags")));
        assertThat(container.path("image").asText())
                .isEqualTo(chp.at("/image/name").asText() + ":"
                        + chp.at("/image/tag").asText());
        assertThat(container.path("resources")).isEqualTo(chp.path("resources"));
        assertThat(container.path("securityContext").properties())
                .containsAll(chp.path("containerSecurityContext").properties());
        assertThat(Manifests.texts(Yaml.column(container.path("env"), "name")))
                .containsAll(chp.path("extraEnv").properties().stream()
                        .map(Map.Entry::getKey)
                        .toList());
        assertThat(deployment.at("/spec/template/metadata/annotations").properties())
                .containsAll(values.path("annotations").properties());
        assertThat(manifests.the("NetworkPolicy").at("/spec/ingress")).contains(chp.at("/networkPolicy/ingress/0"));
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void theTokenIsTheOneOfTheServiceInTheValues(Path file) throws IOException {
        JsonNode hub = Yaml.read(Path.of("z2jh-values.yaml")).path("hub");
        JsonNode token = Manifests.parse(Files.readString(file)).variable("JOVE_HUB_API_TOKEN");

        assertThat(token.at("/valueFrom/secretKeyRef/key").asText()).isEqualTo("hub.services.jove.apiToken");
        assertThat(hub.path("services").has("jove")).isTrue();
        assertThat(hub.at("/loadRoles/jove")).isEqualTo(Yaml.tree("{scopes: [proxy], services: [jove]}"));
    }
}
