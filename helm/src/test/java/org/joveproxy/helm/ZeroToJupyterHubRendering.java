package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Makes what {@link ZeroToJupyterHubTest} reads, from the real chart. Run by {@code helm/z2jh-render} alone: its name is none
 * that Maven takes for a test's.
 */
final class ZeroToJupyterHubRendering {
    private static final Path FOLDER = Path.of("src", "test", "resources", "z2jh");
    private static final Pattern BETWEEN_DOCUMENTS = Pattern.compile("(?m)^---\\n");
    private static final Pattern LOOKUP = Pattern.compile("lookup \"v1\" \"\\w+\" \\S+ \\(include \"[^\"]+\" \\S+\\)");
    private static final Pattern KIND = Pattern.compile("(?m)^kind: (Deployment|NetworkPolicy)$");
    private static final Pattern LABEL = Pattern.compile("(?m)^    component: proxy$");

    /** Laid over {@code z2jh-values.yaml}, by the name of the file. */
    private static final Map<String, String> VARIANTS = Map.of(
            "plain", "{}",
            "tls", "proxy: {https: {enabled: true, type: secret, secret: {name: hub-tls}}}",
            "subdomains", """
                fullnameOverride: my-hub
                debug: {enabled: true}
                hub: {config: {JupyterHub: {subdomain_host: "https://lab.example.org"}}}
                proxy:
                  chp:
                    extraEnv:
                      JOVE_HUB_API_URL: http://my-hub-hub:8081/hub/api
                      JOVE_HUB_API_TOKEN: {valueFrom: {secretKeyRef: {name: my-hub-hub}}}
                """);

    // Otherwise each rendering would have another one, and so another checksum of it.
    private static final String TOKEN =
            "hub: {config: {ConfigurableHTTPProxy: {auth_token: \"" + "0".repeat(64) + "\"}}}";

    @Test
    void documentsOfTheProxy(@TempDir Path folder) throws IOException {
        String version = System.getProperty("z2jh.version");
        Path chart = copy(Path.of(System.getProperty("z2jh.chart")), folder.resolve("jupyterhub"));
        ObjectNode ours = (ObjectNode) Yaml.read(Path.of("z2jh-values.yaml"));
        for (Map.Entry<String, String> variant : VARIANTS.entrySet()) {
            JsonNode more = Yaml.parse(variant.getValue());
            Path values = folder.resolve(variant.getKey() + "-values.yaml");
            Files.writeString(values, Yaml.write(Yaml.merge(Yaml.merge(ours, Yaml.parse(TOKEN)), more)));
            String text = new Helm(chart)
                    .template()
                    .withName("hub")
                    .withNamespace("lab")
                    .withKubeVersion(Chart.KUBERNETES)
                    .withValuesFile(values)
                    .call();
            List<String> wanted = BETWEEN_DOCUMENTS
                    .splitAsStream(text)
                    .filter(ZeroToJupyterHubRendering::isOfTheProxy)
                    .toList();

            assertThat(wanted).hasSize(2);
            Files.writeString(
                    FOLDER.resolve(version + "-" + variant.getKey() + ".yaml"),
                    "# What Zero to JupyterHub " + version + " made of z2jh-values.yaml"
                            + (more.isEmpty() ? "" : " and " + more) + ", by helm/z2jh-render.\n"
                            + String.join("---\n", wanted));
        }
    }

    // By its text: other documents of that chart are none that a strict parser takes.
    private static boolean isOfTheProxy(String text) {
        return KIND.matcher(text).find() && LABEL.matcher(text).find();
    }

    /**
     * A copy, with the schema in the form that Helm reads, since the repository of the chart has it in another; and without
     * looks into a cluster, which this Helm would try to take. Without a cluster they find nothing.
     */
    private static Path copy(Path chart, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(chart)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(chart.relativize(file).toString());
                Files.copy(file, to);
                if (file.toString().endsWith(".tpl")) {
                    Files.writeString(to, LOOKUP.matcher(Files.readString(file)).replaceAll("dict"));
                }
            }
        }
        Path schema = copy.resolve("values.schema.json");
        if (!Files.exists(schema)) {
            Path source = copy.resolve("values.schema.yaml");
            Path earlier = copy.resolve("schema.yaml");
            String text = Files.readString(Files.exists(source) ? source : earlier);
            // Jackson would leave an alias as it is, and there are hundreds.
            LoaderOptions options = new LoaderOptions();
            options.setMaxAliasesForCollections(10_000);
            Object tree = new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).load(text);
            new ObjectMapper().writeValue(schema.toFile(), tree);
        }
        return copy;
    }
}
