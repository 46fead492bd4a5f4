package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentParserTest {
    @Test
    void aValueStandsBehindAnEqualsSignOrComesNext() throws UsageException {
        assertThat(run("--port=1").text(Flags.PORT)).isEqualTo("1");
        assertThat(run("--port", "1").text(Flags.PORT)).isEqualTo("1");
    }

    @Test
    void anEmptyValueIsGivenAndYetNoText() throws UsageException {
        for (Arguments arguments : List.of(run("--ip="), run("--ip", ""))) {
            assertThat(arguments.has(Flags.IP)).isTrue();
            assertThat(arguments.text(Flags.IP)).isNull();
        }
    }

    @Test
    void aValueMayHoldEqualsSigns() throws UsageException {
        assertThat(run("--default-target=http://hub/?a=b").text(Flags.DEFAULT_TARGET))
                .isEqualTo("http://hub/?a=b");
    }

    @Test
    void theWordBehindAFlagIsItsValueWhateverItLooksLike() throws UsageException {
        assertThat(run("--ip", "--socket").text(Flags.IP)).isEqualTo("--socket");
    }

    @Test
    void theLastValueWins() throws UsageException {
        Arguments arguments = run("--port=1", "--log-level=debug", "--port", "2", "--log-level=error");

        assertThat(arguments.text(Flags.PORT)).isEqualTo("2");
        assertThat(arguments.text(Flags.LOG_LEVEL)).isEqualTo("error");
    }

    @Test
    void customHeadersAddUp() throws UsageException {
        assertThat(run("--custom-header", "a: 1", "--custom-header=b:2").all(Flags.CUSTOM_HEADER))
                .containsExactly("a: 1", "b:2");
    }

    @Test
    void switchesAreOnOrAbsent() throws UsageException {
        Arguments arguments = run("--no-x-forward", "--insecure", "--insecure");

        assertThat(arguments.switches()).containsExactlyInAnyOrder(Flags.NO_X_FORWARD, Flags.INSECURE);
        assertThat(arguments.has(Flags.AUTO_REWRITE)).isFalse();
    }

    @Test
    void theCommandsOwnNameMayStandFirst() throws UsageException {
        assertThat(run("configurable-http-proxy", "--port=1").text(Flags.PORT)).isEqualTo("1");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> mistakes() {
        return Stream.of(
                arguments(words("--foo"), "error: unknown option '--foo'"),
                arguments(words("-x"), "error: unknown option '-x'"),
                arguments(words("--prot", "3"), "error: unknown option '--prot'\n(Did you mean --port?)"),
                arguments(words("--prot=3"), "error: unknown option '--prot=3'\n(Did you mean --port?)"),
                arguments(
                        words("--metrics-port 8002"),
                        "error: unknown option '--metrics-port 8002'\n(Did you mean --metrics-port?)"),
                arguments(
                        words("--defualt-target=x"),
                        "error: unknown option '--defualt-target=x'\n(Did you mean --default-target?)"),
                arguments(words("--Port=3"), "error: unknown option '--Port=3'\n(Did you mean --port?)"),
                arguments(
                        words("--no-x-forward=3"),
                        "error: unknown option '--no-x-forward=3'\n(Did you mean --no-x-forward?)"),
                arguments(words("--redirect"), "error: unknown option '--redirect'\n(Did you mean --redirect-to?)"),
                arguments(words("--ip"), "error: option '--ip <ip-address>' argument missing"),
                arguments(words("--port"), "error: option '--port <n>' argument missing"),
                arguments(words("serve"), "error: too many arguments. Expected 0 arguments but got 1: serve."),
                arguments(words("--insecure", "-"), "error: too many arguments. Expected 0 arguments but got 1: -."),
                arguments(
                        words("--", "--port", "1"),
                        "error: too many arguments. Expected 0 arguments but got 2: --port, 1."),
                arguments(
                        words("--port=1", "configurable-http-proxy"),
                        "error: too many arguments. Expected 0 arguments but got 1: configurable-http-proxy."));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInTheOriginalsWords(List<String> words, String message) {
        assertThatThrownBy(() -> ArgumentParser.parse(words))
                .isInstanceOfSatisfying(
                        UsageException.class, e -> assertThat(e.isLogLine()).isFalse())
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-V", "--version"})
    void theVersionIsOneLine(String word) throws UsageException {
        assertThat(printed("--foo", word)).startsWith("Jove ").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void theHelpNamesEveryFlagOnce(String word) throws UsageException {
        String help = printed(word);

        for (Flag flag : Flags.ALL) {
            assertThat(help.lines().filter(line -> line.startsWith("  " + flag + "  ")))
                    .as(flag.name())
                    .hasSize(1);
        }
        assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void everyFlagOfTheOriginalIsHereAndTakesAValueIfItDoesThere() throws IOException {
        Pattern line = Pattern.compile("  (?:-., )?(--[a-z0-9-]+)( <[^>]+>)?.*");
        List<String> original = new ArrayList<>();
        for (String each : recorded("chp-5.3.0-help.txt").split("\n", -1)) {
            Matcher flag = line.matcher(each);
            if (flag.matches()) {
                original.add(flag.group(1) + (flag.group(2) == null ? "" : " <value>"));
            }
        }
        original.removeAll(List.of("--version", "--help"));

        List<String> ours = Flags.ALL.stream()
                .map(flag -> flag.name() + (flag.takesValue() ? " <value>" : ""))
                .toList();

        assertThat(original).hasSize(48);
        assertThat(ours).startsWith(original.toArray(new String[0]));
        assertThat(ours.subList(original.size(), ours.size()))
                .containsExactly(
                        "--metrics-on-api",
                        "--error-format <value>",
                        "--store-prefix <value>",
                        "--replica-address <value>",
                        "--state-dir <value>",
                        "--restored-route-ttl <value>",
                        "--max-header-size <value>",
                        "--event-loops <value>",
                        "--max-upstream-connections <value>",
                        "--breaker-failures <value>",
                        "--upstream-source-address <value>",
                        "--removed-route-tunnel-timeout <value>",
                        "--connect-timeout <value>",
                        "--young-route-retry <value>",
                        "--upgrade-timeout <value>",
                        "--header-timeout <value>",
                        "--tls-timeout <value>",
                        "--queue-timeout <value>",
                        "--stall-timeout <value>",
                        "--tunnel-idle-timeout <value>",
                        "--half-close-timeout <value>",
                        "--linger-timeout <value>",
                        "--upstream-idle-timeout <value>",
                        "--drain-delay <value>",
                        "--drain-timeout <value>",
                        "--tcp-keepalive <value>",
                        "--tcp-user-timeout <value>",
                        "--max-connections <value>",
                        "--max-buffered-bytes <value>",
                        "--backlog <value>",
                        "--trusted-proxies <value>",
                        "--forwarding <value>",
                        "--forwarded",
                        "--proxy-protocol <value>",
                        "--request-id",
                        "--access-log <value>",
                        "--access-log-format <value>",
                        "--activity <value>",
                        "--activity-ignore <value>");
    }

    private static Arguments run(String... words) throws UsageException {
        return ((ArgumentParser.Wish.Run) ArgumentParser.parse(List.of(words))).arguments();
    }

    private static String printed(String... words) throws UsageException {
        return ((ArgumentParser.Wish.Print) ArgumentParser.parse(List.of(words))).text();
    }

    private static List<String> words(String... words) {
        return List.of(words);
    }

    private static String recorded(String file) throws IOException {
        try (InputStream in = ArgumentParserTest.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
