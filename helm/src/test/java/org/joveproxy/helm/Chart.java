package org.joveproxy.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The chart of this source tree, rendered by Helm itself. Immutable. */
final class Chart {
    /** Where the chart lies. */
    static final Path HOME = Path.of("jove").toAbsolutePath();

    /** The version of Kubernetes that Helm is told of. */
    static final String KUBERNETES = "1.34.0";

    // What is bound to a hook does not come out of a mere rendering; here it does.
    private static final Path WITHOUT_HOOKS = copyWithoutHooks();

    // Most tests look at the same few renderings.
    private static final Map<Path, String> TEXTS = new ConcurrentHashMap<>();

    private Chart() {}

    /** One file of values for each combination of features, sorted. */
    static List<Path> valuesFiles() {
        try (Stream<Path> files = Files.list(HOME.resolve("ci"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file in {@code ci/} for {@code feature}. */
    static Path valuesFile(String feature) {
        return HOME.resolve("ci").resolve(feature + "-values.yaml");
    }

    /** The feature that {@code valuesFile} is for. */
    static String feature(Path valuesFile) {
        return valuesFile.getFileName().toString().replace("-values.yaml", "");
    }

    /** What Helm makes of the chart as the release {@code jove} in the namespace {@code lab}. */
    static String text(Path valuesFile) {
        return valuesFile.startsWith(HOME) ? TEXTS.computeIfAbsent(valuesFile, Chart::rendered) : rendered(valuesFile);
    }

    private static String rendered(Path valuesFile) {
        return new Helm(WITHOUT_HOOKS)
                .template()
                .withName("jove")
                .withNamespace("lab")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(valuesFile)
                .call();
    }

    /** The same as documents. */
    static Manifests render(Path valuesFile) {
        return Manifests.parse(text(valuesFile));
    }

    /** The documents for the values of {@code feature} with {@code more} laid over them. */
    static Manifests render(String feature, String more) throws IOException {
        Path values = Files.createTempFile("values", ".yaml");
        try {
            Files.writeString(values, Yaml.write(values(feature, more)));
            return render(values);
        } finally {
            Files.delete(values);
        }
    }

    /** What {@code helm install} tells a person. */
    static String notes(String feature, String more) throws IOException {
        Path values = Files.createTempFile("values", ".yaml");
        try {
            Files.writeString(values, Yaml.write(values(feature, more)));
            return new Helm(HOME)
                    .install()
                    .clientOnly()
                    .dryRun()
                    .withName("jove")
                    .withNamespace("lab")
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(values)
                    .call()
                    .getOutput();
        } finally {
            Files.delete(values);
        }
    }

    /** The values of {@code feature} with {@code more} laid over them. */
    static JsonNode values(String feature, String more) throws IOException {
        ObjectNode values = (ObjectNode) Yaml.read(valuesFile(feature));
        JsonNode over = Yaml.parse(more);
        return over.isObject() ? Yaml.merge(values, over) : values;
    }

    /** A copy of the chart in {@code folder}. */
    static Path copyInto(Path folder) throws IOException {
        Path copy = folder.resolve("jove");
        try (Stream<Path> files = Files.walk(HOME)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(HOME.relativize(file).toString()));
            }
        }
        return copy;
    }

    private static Path copyWithoutHooks() {
        try {
            Path copy = copyInto(Files.createTempDirectory(Files.createDirectories(Path.of("target")), "chart"));
            Path test = copy.resolve("templates").resolve("tests").resolve("test.yaml");
            Files.writeString(test, Files.readString(test).replace("helm.sh/hook", "a/hook"));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
