package org.joveproxy.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command against a tiny proxy in a process of its own: it can fail, it can pass, and it leaves nothing behind. */
class LoadtestIT {
    @TempDir
    private Path folder;

    private int run(String subject, String... further) {
        String[] words = new String[further.length + 5];
        words[0] = "leaks";
        words[1] = "--out";
        words[2] = folder.toString();
        words[3] = "--against";
        words[4] = subject;
        System.arraycopy(further, 0, words, 5, further.length);
        return Main.run(words);
    }

    private static String tinyProxy(String name, String flags) {
        return name + "='" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -Xmx64m -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path") + "' "
                + LeakyProxy.class.getName() + flags;
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    }

    @Test
    void aProxyThatForgetsItsUpstreamSocketsIsFoundOut() throws IOException {
        assertThat(run(tinyProxy("leaky", " --leak"), "--cases", "A,D", "--n", "20"))
                .isEqualTo(1);

        JsonNode checks = report().at("/subjects/0/verdict/checks");
        assertThat(checks.get(0).get("status").asText()).isEqualTo("BROKEN");
        assertThat(checks.get(0).get("value").asText()).contains("20 backend left, 1.00 per attempt");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("20 backend left, 1.00 per attempt");
    }

    @Test
    void oneThatClosesThemPasses() throws IOException {
        assertThat(run(tinyProxy("tidy", ""), "--cases", "A,D", "--n", "20")).isZero();

        JsonNode subject = report().at("/subjects/0");
        assertThat(subject.at("/samples")).hasSizeGreaterThan(1);
        assertThat(subject.at("/samples/0/rssKib").asLong()).isPositive();
        assertThat(subject.at("/verdict/checks"))
                .allMatch(check -> check.get("status").asText().equals("HELD"));
    }

    @Test
    void theSubjectEndsWithTheRun() throws IOException {
        run(tinyProxy("tidy", ""), "--cases", "M1", "--n", "5");

        String commandLine = report().at("/subjects/0/commandLines/0").asText();
        String port = commandLine.replaceAll(".*--port (\\d+).*", "$1");
        assertThat(ProcessHandle.allProcesses())
                .noneMatch(process -> process.info().commandLine().orElse("").contains("--port " + port + " "));
    }

    @Test
    void aSubjectThatDoesNotStartIsNoVerdict() throws IOException {
        assertThat(run("/bin/false", "--cases", "A", "--n", "1")).isEqualTo(2);
        assertThat(report().at("/subjects/0/failure").asText()).contains("false ended with 1 while starting");
        assertThat(run("/does/not/exist", "--cases", "A", "--n", "1")).isEqualTo(2);
    }

    @Test
    void mistakesOnTheCommandLineStartNothing() {
        assertThat(Main.run()).isEqualTo(2);
        assertThat(Main.run("nonsense")).isEqualTo(2);
        assertThat(run("x", "--n", "0")).isEqualTo(2);
        assertThat(run("x", "--flag=--ip=0.0.0.0")).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
        assertThat(Main.run("--help")).isZero();
    }
}
