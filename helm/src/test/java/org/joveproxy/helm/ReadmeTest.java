package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what README tells its readers, in its order: writes the files that it shows and gives Helm the commands that it names, as
 * far as Helm goes without a cluster.
 */
final class ReadmeTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(yaml|sh)\\n(.*?)^ *```$");
    private static final Pattern INLINE = Pattern.compile("`(helm [^`]+)`");
    private static final Pattern ITS_OWN = Pattern.compile("# jove\\.yaml(, in addition)?");
    private static final String OTHER_CHART = "jupyterhub/jupyterhub";

    private final List<String> done = new ArrayList<>();
    private ObjectNode values = new ObjectMapper().createObjectNode();

    @TempDir
    Path folder;

    @Test
    void whatItTellsCanBeDone() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Matcher block = BLOCK.matcher(readme);
        int before = 0;
        while (block.find()) {
            commandsIn(readme.substring(before, block.start()));
            String text = block.group(3).replaceAll("(?m)^" + block.group(1), "");
            if (block.group(2).equals("yaml")) {
                write(text);
            } else {
                for (String line : text.lines().toList()) {
                    command(line);
                }
            }
            before = block.end();
        }
        commandsIn(readme.substring(before));

        assertThat(done)
                .containsExactly(
                        "upgrade " + OTHER_CHART,
                        "install helm/jove",
                        "test jove",
                        "upgrade helm/jove",
                        "uninstall jove",
                        "upgrade helm/jove");
        assertThat(values.fieldNames())
                .toIterable()
                .contains("image", "auth", "ingress", "hub", "replicaCount", "persistence");
    }

    private void commandsIn(String prose) throws IOException {
        Matcher inline = INLINE.matcher(prose);
        while (inline.find()) {
            command(inline.group(1));
        }
    }

    /** A reader adds what is shown to the file that the first line names; what is no value of this chart's shows at once. */
    private void write(String text) throws IOException {
        String first = text.lines().findFirst().orElse("");
        if (ITS_OWN.matcher(first).matches()) {
            values = Yaml.merge(values, Yaml.parse(text));
            Files.writeString(folder.resolve("jove.yaml"), Yaml.write(values));
            install("helm/jove", List.of(folder.resolve("jove.yaml")), "lab");
        } else if (first.equals("# monitor.yaml")) {
            KubernetesTypes.check(Yaml.parse(text));
        } else {
            assertThat(first).isEqualTo("# config.yaml, in addition");
            assertThat(Yaml.parse(text).isObject()).isTrue();
        }
    }

    private void command(String line) throws IOException {
        List<String> words = List.of(line.split(" "));
        if (!words.get(0).equals("helm")) {
            return;
        }
        List<String> names = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        String namespace = "lab";
        for (int i = 2; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--namespace" -> namespace = words.get(++i);
                case "--values" -> files.add(file(words.get(++i)));
                case "--install" -> assertThat(words.get(1)).isEqualTo("upgrade");
                default -> {
                    assertThat(words.get(i)).doesNotStartWith("-");
                    names.add(words.get(i));
                }
            }
        }
        String verb = words.get(1);
        switch (verb) {
            case "install", "upgrade" -> {
                assertThat(names).hasSize(2);
                install(names.get(1), files, namespace);
                done.add(verb + " " + names.get(1));
            }
            case "test" -> {
                // That its pod does what it should, ChartToProcessIT shows.
                assertThat(installed("helm/jove", List.of(folder.resolve("jove.yaml")), namespace))
                        .contains("Try it: " + line + "\n");
                done.add(verb + " " + names.get(0));
            }
            case "uninstall" -> {
                assertThat(names).containsExactly("jove");
                done.add(verb + " jove");
            }
            default -> fail("what is " + line);
        }
    }

    /** Where a reader has it: what was written before, or in this repository; the values of the hub are the reader's own. */
    private Path file(String name) {
        Path written = folder.resolve(name);
        Path ours = Path.of(name).toAbsolutePath();
        if (name.equals("config.yaml")) {
            return written;
        }
        Path file = Files.exists(written) ? written : ours;
        assertThat(file).isRegularFile();
        return file;
    }

    private static void install(String chart, List<Path> files, String namespace) throws IOException {
        if (chart.equals(OTHER_CHART)) {
            // What several versions of that chart make of it, ZeroToJupyterHubTest looks at.
            assertThat(files).endsWith(Path.of("z2jh-values.yaml").toAbsolutePath());
        } else {
            assertThat(installed(chart, files, namespace)).contains("is jove in " + namespace + ".");
        }
    }

    /** What Helm would tell who installs it. */
    private static String installed(String chart, List<Path> files, String namespace) throws IOException {
        InstallCommand install = new Helm(REPOSITORY.resolve(chart))
                .install()
                .clientOnly()
                .dryRun()
                .withName("jove")
                .withNamespace(namespace)
                .withKubeVersion(Chart.KUBERNETES);
        for (Path file : files) {
            install.withValuesFile(file);
        }
        return install.call().getOutput();
    }
}
