package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineupTest {
    @TempDir
    private Path home;

    @BeforeEach
    void checkout() throws Exception {
        Path launcher = home.resolve(Lineup.LAUNCHER);
        Files.createDirectories(launcher.getParent());
        Files.writeString(launcher, "#!/bin/sh\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    private Lineup.Wish wish(List<String> against, Map<String, Path> joves, List<String> environment) {
        return new Lineup.Wish(against, joves, environment, List.of("--log-level=warn"), null, home);
    }

    private static HubProxy proxy(Lineup lineup, String name) {
        return (HubProxy) lineup.contenders().stream()
                .filter(contender -> contender.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anotherCheckoutIsOneMoreProxy() {
        Lineup lineup = Lineup.of(wish(
                List.of("jove"), Map.of("after", home), List.of("JAVA_HOME=/one", "after:JOVE_JAVA_OPTS=-Xmx64m")));

        assertThat(lineup.contenders()).extracting(Contender::name).containsExactly("jove", "after");
        assertThat(proxy(lineup, "jove").options().environment()).containsOnly(Map.entry("JAVA_HOME", "/one"));
        assertThat(proxy(lineup, "after").options().environment())
                .containsOnly(Map.entry("JAVA_HOME", "/one"), Map.entry("JOVE_JAVA_OPTS", "-Xmx64m"));
        assertThat(proxy(lineup, "after").options().flags()).containsExactly("--event-loops=1", "--log-level=warn");
    }

    @Test
    void whatIsNotThereIsLeftOutUnlessItWasAskedFor() {
        Lineup all = Lineup.of(wish(List.of(), Map.of(), List.of()));

        assertThat(all.leftOut()).anyMatch(one -> one.startsWith("chp: not found"));
        assertThat(all.contenders())
                .extracting(Contender::name)
                .contains("jove")
                .doesNotContain("chp");
        assertThatThrownBy(() -> Lineup.of(wish(List.of("chp"), Map.of(), List.of())))
                .hasMessageContaining("npm install");
    }

    @Test
    void mistakesAreRefused() {
        assertThatThrownBy(() -> Lineup.of(wish(List.of("apache"), Map.of(), List.of())))
                .hasMessageContaining("--against: apache");
        assertThatThrownBy(() -> Lineup.of(wish(List.of("jove"), Map.of("jove", home), List.of())))
                .hasMessageContaining("--jove: jove");
        assertThatThrownBy(() -> Lineup.of(wish(List.of("jove"), Map.of("x", home.resolve("no")), List.of())))
                .hasMessageContaining("a checkout of Jove");
        assertThatThrownBy(() -> Lineup.of(wish(List.of("jove"), Map.of(), List.of("JAVA_HOME"))))
                .hasMessageContaining("--jove-env");
    }

    @Test
    void onlyWhoHasAnArchiveCanBeStartedWithout() throws Exception {
        assertThat(proxy(Lineup.of(wish(List.of("jove"), Map.of(), List.of())), "jove")
                        .withoutArchive("x"))
                .isEmpty();

        Files.createDirectories(home.resolve("proxy-app/target"));
        Files.writeString(home.resolve("proxy-app/target/jove-17.jsa"), "");
        HubProxy without = proxy(Lineup.of(wish(List.of("jove"), Map.of(), List.of("JOVE_JAVA_OPTS=-Xmx64m"))), "jove")
                .withoutArchive("x")
                .orElseThrow();

        assertThat(without.options().environment()).containsEntry("JOVE_JAVA_OPTS", "-Xmx64m -Xshare:off");
    }
}
