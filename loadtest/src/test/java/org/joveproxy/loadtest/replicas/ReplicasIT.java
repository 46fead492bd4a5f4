package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.subject.Daemon;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Jove behind a real HAProxy, each replica for itself: one holds, and two are found out. */
class ReplicasIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @BeforeEach
    void needs() {
        assumeTrue(
                Files.exists(HOME.resolve("proxy-app/target/jove.jar")),
                "no Jove to judge: proxy-app has not been packaged");
        assumeTrue(Daemon.isInstalled(Balancer.COMMAND), "no " + Balancer.COMMAND);
    }

    private JsonNode run(int expectedCode, String... options) throws IOException, InterruptedException {
        Path report = folder.resolve("report");
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dloadtest.home=" + HOME,
                "-cp",
                System.getProperty("java.class.path"),
                "org.joveproxy.loadtest.Main",
                "replicas",
                "--store=none",
                "--routes=50",
                "--changes=40",
                "--seconds=3",
                "--out=" + report));
        words.addAll(List.of(options));
        Process run = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
        try {
            assertThat(run.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            run.destroy();
        }
        assertThat(run.exitValue())
                .as(Files.readString(folder.resolve("run.log")))
                .isEqualTo(expectedCode);
        return new ObjectMapper()
                .readTree(report.resolve("report.json").toFile())
                .path("subjects")
                .path(0)
                .path("verdict")
                .path("checks");
    }

    private static String status(JsonNode checks, String name) {
        for (JsonNode check : checks) {
            if (check.path("name").asText().startsWith(name)) {
                return check.path("status").asText();
            }
        }
        return "no check begins with " + name;
    }

    @Test
    void oneReplicaHoldsAll() throws Exception {
        JsonNode checks = run(0, "--replicas=1");

        assertThat(checks).allMatch(check -> check.path("status").asText().equals("HELD"));
    }

    @Test
    void twoThatShareNothingAreFoundOut() throws Exception {
        JsonNode checks = run(1, "--replicas=2");

        assertThat(status(checks, "wrong answers")).isEqualTo("BROKEN");
        assertThat(status(checks, "routes lost, stale or left over")).isEqualTo("BROKEN");
        assertThat(status(checks, "failed requests")).isEqualTo("HELD");
        assertThat(status(checks, "replicas that died")).isEqualTo("HELD");
    }
}
