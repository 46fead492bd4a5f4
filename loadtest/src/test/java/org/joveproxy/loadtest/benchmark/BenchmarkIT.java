package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.joveproxy.loadtest.subject.Daemon;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command in a process of its own, with the real Jove and the real nginx: every scenario, as short as can be. */
class BenchmarkIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    /** The same as another one, and half a minute longer. */
    private static final String HUGE = "routes-100k";

    @TempDir
    private Path folder;

    @BeforeEach
    void needs() throws IOException {
        assumeTrue(
                Files.exists(HOME.resolve("proxy-app/target/jove.jar")),
                "no Jove to measure: proxy-app has not been packaged");
        for (String command : List.of(Nginx.COMMAND, Wrk.COMMAND, Handshakes.COMMAND, Pinning.COMMAND)) {
            assumeTrue(Daemon.isInstalled(command), "no " + command);
        }
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor: none for the load");
        // Started by root, nginx's worker is another user, who must get at what it serves.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(int expectedCode, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dloadtest.home=" + HOME,
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "org.joveproxy.loadtest.Main",
                "benchmark",
                "--rounds=1",
                "--seconds=1",
                "--warm-up=0",
                "--out=" + folder.resolve("report")));
        words.addAll(List.of(options));
        Path log = folder.resolve("run.log");
        Process run = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(run.waitFor(8, TimeUnit.MINUTES))
                    .as(Files.readString(log))
                    .isTrue();
        } finally {
            run.destroy();
            run.waitFor();
        }
        String said = Files.readString(log);
        assertThat(run.exitValue()).as(said).isEqualTo(expectedCode);
        return said;
    }

    private JsonNode figures() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("report/figures.json").toFile());
    }

    @Test
    void everyScenarioMeasuresJoveAndNginx() throws Exception {
        List<String> names = Workloads.all().stream()
                .map(Workload::name)
                .filter(name -> !name.equals(HUGE))
                .toList();

        // The flag does nothing here but to mark the command line.
        run(
                0,
                "--against=nginx,jove",
                "--scenarios=" + String.join(",", names),
                "--jove-flag=--custom-header=X-Run: " + folder);

        JsonNode results = figures().path("results");
        assertThat(results).hasSize(names.size());
        for (JsonNode result : results) {
            assertThat(result.path("failures"))
                    .as(result.path("scenario").asText())
                    .isEmpty();
            assertThat(result.path("figures"))
                    .as(result.path("scenario").asText())
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(figures -> figures.at("/cost/median").asDouble() > 0)
                    .allMatch(figures -> figures.at("/ratio/median").asDouble() > 0);
        }
        JsonNode loops = results.get(names.indexOf("loops"));
        assertThat(loops.path("figures"))
                .extracting(figures -> figures.path("proxy").asText())
                .containsExactly("nginx", "nginx-2", "jove", "jove-2");
        assertThat(loops.path("figures"))
                .extracting(figures -> figures.at("/loaded/kernelShare").asDouble())
                .allMatch(share -> share > 0 && share <= 1);
        assertThat(loops.at("/figures/2/ratio/median").asDouble()).isEqualTo(1);
        assertThat(loops.at("/commandLines/jove-2").asText()).contains("--event-loops=2");
        assertThat(folder.resolve("report/report.html")).isNotEmptyFile();
        assertThat(folder.resolve("report/benchmark.svg")).isNotEmptyFile();
        assertThat(ProcessHandle.allProcesses())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(folder.toString()));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).extracting(file -> file.getFileName().toString()).containsOnly("report", "run.log");
        }
    }

    @Test
    void aProxyThatDoesLessThanTheOthersIsNotMeasured() throws Exception {
        String said = run(
                2, "--against=jove", "--scenarios=small", "--jove-flag=jove:--no-x-forward", "--jove=proper=" + HOME);

        assertThat(said).contains("jove FAILED: the backend sees for= proto= port=");
        assertThat(figures().at("/results/0/figures"))
                .extracting(figures -> figures.path("proxy").asText())
                .containsExactly("proper");
    }

    @Test
    void anotherCheckoutIsComparedAndTheBoundDecides() throws Exception {
        run(1, "--against=jove", "--jove=other=" + HOME, "--scenarios=small", "--measure=other", "--max-ratio=0.001");

        assertThat(figures().at("/results/0/figures"))
                .extracting(figures -> figures.path("proxy").asText())
                .containsExactly("jove", "other");
    }

    @Test
    void mistakesStartNothing() throws Exception {
        assertThat(run(2, "--scenarios=nonsense")).contains("--scenarios: nonsense (expected: small");
        assertThat(run(2, "--time-limit=0")).contains("--time-limit: 0 (expected: 1 to 1000)");
        assertThat(run(2, "--against=jove", "--measure=nginx")).contains("--measure: nginx");
        assertThat(folder.resolve("report")).doesNotExist();
    }
}
