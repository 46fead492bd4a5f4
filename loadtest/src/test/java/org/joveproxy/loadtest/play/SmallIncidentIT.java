package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small evening with the real Jove, by the real command. Whether bounds of memory hold is for the long one to say. */
class SmallIncidentIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void nothingFailsWhoseServerLives() throws Exception {
        assumeTrue(
                Files.exists(HOME.resolve("proxy-app/target/jove.jar")),
                "no Jove to judge: proxy-app has not been packaged");
        Path report = folder.resolve("report");
        List<String> words = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dloadtest.home=" + HOME,
                "-cp",
                System.getProperty("java.class.path"),
                "org.joveproxy.loadtest.Main",
                "incident",
                "--minutes=0.6",
                "--users=20",
                "--out=" + report);
        Process run = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
        try {
            assertThat(run.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } finally {
            run.destroy();
        }

        String log = Files.readString(folder.resolve("run.log"));
        assertThat(report.resolve("report.html")).as(log).exists();
        JsonNode verdict = new ObjectMapper()
                .readTree(report.resolve("report.json").toFile())
                .path("subjects")
                .path(0)
                .path("verdict");
        assertThat(status(verdict, "the proxy lives")).as(log).isEqualTo("HELD");
        assertThat(status(verdict, "requests, websockets and messages that failed"))
                .as(verdict.toPrettyString())
                .isEqualTo("HELD");
        assertThat(status(verdict, "routes that the hub had to repair")).isEqualTo("HELD");
        assertThat(status(verdict, "uncaught exceptions")).isEqualTo("HELD");
        assertThat(verdict.path("tables").toString()).contains(Kind.RETRIED_WEBSOCKET.label(), Kind.RECONNECT.label());
    }

    private static String status(JsonNode verdict, String name) {
        for (JsonNode check : verdict.path("checks")) {
            if (check.path("name").asText().startsWith(name)) {
                return check.path("status").asText();
            }
        }
        return "no check begins with " + name;
    }
}
