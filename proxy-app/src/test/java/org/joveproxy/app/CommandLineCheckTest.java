package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineCheckTest {
    private static final Path TLS = Path.of("..", "proxy-core", "src", "test", "resources", "tls", "openssl");
    private static final Map<String, String> TOKEN = Map.of("CONFIGPROXY_AUTH_TOKEN", "not-to-be-shown");

    @TempDir
    Path folder;

    private int code;

    private List<String> check(Map<String, String> environment, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        code = CommandLineCheck.run(List.of(words), environment, new PrintStream(out, true));
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("not-to-be-shown");
        return text.lines().toList();
    }

    @Test
    void aCommandLineAsTheHubWritesItWouldStart() {
        List<String> lines = check(
                TOKEN,
                "--",
                "configurable-http-proxy",
                "--ip=",
                "--port",
                "8000",
                "--api-ip=127.0.0.1",
                "--api-port=8001",
                "--default-target=http://127.0.0.1:8081",
                "--error-target=http://127.0.0.1:8081/hub/error");

        assertThat(code).isZero();
        assertThat(lines).hasSize(8).last().isEqualTo("The proxy would start.");
        assertThat(lines)
                .first()
                .asString()
                .startsWith("--ip '': Public address of the proxy. Default: all interfaces. | unlike CHP: ");
        assertThat(lines)
                .contains("CONFIGPROXY_AUTH_TOKEN: the token of the REST API")
                .anyMatch(line -> line.startsWith("--error-target http://127.0.0.1:8081/hub/error: ")
                        && line.endsWith("error-target-query]"));
    }

    @Test
    void everyFlagIsTold() {
        for (Flag flag : Flags.ALL) {
            List<String> lines = check(TOKEN, flag.takesValue() ? flag.name() + "=1" : flag.name());

            assertThat(lines)
                    .as(flag.name())
                    .anyMatch(line -> line.startsWith(flag.name() + " ") || line.startsWith(flag.name() + ":"));
        }
    }

    @Test
    void differencesAreRowsOfTheTable() throws IOException {
        String table = Files.readString(Path.of("..", "docs", "compatibility.md"));
        List<String> rows =
                Flags.ALL.stream().flatMap(flag -> flag.rows().stream()).toList();

        assertThat(rows).contains("insecure", "port-in-use").allMatch(row -> table.contains("\n| `" + row + "` |"));
    }

    @Test
    void flagsOfOursAreThoseThatTheDocumentNames() throws IOException {
        String options = Files.readString(Path.of("..", "docs", "options.md"));
        List<String> ours = new ArrayList<>();
        for (String part : List.of("Time limits", "Bounds", "Who asks", "Activity")) {
            String section = options.substring(
                    options.indexOf("\n## " + part), options.indexOf("\n## ", options.indexOf("\n## " + part) + 4));
            Pattern.compile("(?m)^\\| `(--[a-z-]+)").matcher(section).results().forEach(row -> ours.add(row.group(1)));
        }
        ours.removeAll(List.of("--timeout", "--proxy-timeout", "--keep-alive-timeout"));
        ours.addAll(List.of(
                "--error-format", "--state-dir", "--restored-route-ttl", "--store-prefix", "--replica-address"));
        ours.addAll(List.of("--access-log", "--access-log-format"));

        assertThat(Flags.ALL.stream().filter(Flag::isOurs).map(Flag::name)).containsExactlyInAnyOrderElementsOf(ours);
    }

    @Test
    void variablesAreThoseThatTheDocumentNames() throws IOException {
        String options = Files.readString(Path.of("..", "docs", "options.md"));

        assertThat(EnvironmentVariables.ALL).allMatch(variable -> options.contains("`" + variable.name() + "`"));
        assertThat(Pattern.compile("`((?:CONFIGPROXY|JOVE)_[A-Z_]+)`")
                        .matcher(options)
                        .results()
                        .map(word -> word.group(1))
                        .filter(word -> !word.equals("JOVE_JAVA_OPTS"))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(EnvironmentVariables.ALL.stream()
                        .map(EnvironmentVariables.Variable::name)
                        .toList());
    }

    @Test
    void withoutATokenThereIsAWarning() {
        assertThat(check(Map.of()))
                .containsExactly("warning: REST API is not authenticated.", "The proxy would start; see the warnings.");
        assertThat(code).isZero();
    }

    @Test
    void aCommandThatPrintsATextHasNothingToCheck() {
        assertThat(check(TOKEN, "/usr/local/bin/configurable-http-proxy", "--version"))
                .containsExactly("It prints a text and ends.");
        assertThat(code).isZero();
    }

    @Test
    void variablesThatMeanNothingAreTold() {
        assertThat(check(Map.of(
                        "CONFIGPROXY_AUTH_TOKEN", "not-to-be-shown",
                        "CONFIGPROXY_TOKEN", "not-to-be-shown",
                        "NODE_TLS_REJECT_UNAUTHORIZED", "0")))
                .contains(
                        "NODE_TLS_REJECT_UNAUTHORIZED: without meaning here: see --insecure",
                        "warning: CONFIGPROXY_TOKEN: neither CHP nor Jove reads such a variable");
    }

    @Test
    void credentialsAreNotShown() {
        assertThat(check(
                        TOKEN,
                        "--custom-header=Authorization: not-to-be-shown",
                        "--storage-backend=redis://jove:not-to-be-shown@127.0.0.1:1"))
                .anyMatch(line -> line.startsWith("--custom-header Authorization:***: "))
                .anyMatch(line -> line.startsWith("--storage-backend redis://***@127.0.0.1:1: "));
        assertThat(code).isZero();
    }

    @Test
    void goodKeysAndPagesAreRead() throws IOException {
        Files.writeString(folder.resolve("404.html"), "gone");

        List<String> lines = check(
                TOKEN,
                "--ssl-key=" + TLS.resolve("server.key"),
                "--ssl-cert=" + TLS.resolve("server.crt"),
                "--client-ssl-ca=" + TLS.resolve("root.crt"),
                "--error-path=" + folder,
                "--pid-file=" + folder.resolve("pid"),
                "--socket=" + folder.resolve("socket"),
                "--state-dir=" + folder.resolve("deep/state"));

        assertThat(lines)
                .anyMatch(line -> line.startsWith("ok: --ssl-key, --ssl-cert: "))
                .anyMatch(line -> line.startsWith("ok: --client-ssl-*: "))
                .contains("ok: --error-path: 404.html")
                .contains("ok: --state-dir: " + folder.resolve("deep/state").toAbsolutePath() + ", which will be made")
                .last()
                .isEqualTo("The proxy would start.");
        assertThat(code).isZero();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("nothing was made").hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ssl-key=T/server.key                               | error: --ssl-key, --ssl-cert: ",
                "--ssl-key=T/ec.key --ssl-cert=T/server.crt           | error: --ssl-key, --ssl-cert: ",
                "--ssl-key=T/absent.key --ssl-cert=T/server.crt       | error: --ssl-key, --ssl-cert: ",
                "--api-ssl-key=T/damaged.key --api-ssl-cert=T/server.crt | error: --api-ssl-key, --api-ssl-cert: ",
                "--client-ssl-ca=T/not-pem.txt                        | error: --client-ssl-*: ",
                "--port=x                                             | error: option '--port <n>' value 'x' is invalid",
                "--prot=1                                             | error: unknown option '--prot=1'",
                "--error-path=/a --error-target=http://a              | error: Cannot specify both error-target",
                "--redirect-port=1                                    | error: HTTPS redirection specified but",
                "--storage-backend=./my-store                         | error: option '--storage-backend <url>' names a",
                "--pid-file=/absent-folder/pid                        | error: --pid-file: there is no directory /absent-folder",
                "--socket=/absent-folder/s                            | error: --socket: there is no directory /absent-folder",
                "--access-log=/absent-folder/log                      | error: --access-log: there is no directory /absent-folder",
                "--api-socket=/etc/passwd                             | error: --api-socket: /etc/passwd is there and is no",
            })
    void whatPreventsAStartIsTold(String words, String line) {
        String[] split = words.replace("T/", TLS + "/").split(" ");

        assertThat(check(TOKEN, split))
                .anyMatch(each -> each.startsWith(line))
                .last()
                .isEqualTo("The proxy would not start.");
        assertThat(code).isOne();
    }

    @Test
    void allThatPreventsAStartIsTold() {
        List<String> lines = check(
                Map.of(
                        "CONFIGPROXY_AUTH_TOKEN", "not-to-be-shown",
                        "CONFIGPROXY_AUTH_TOKEN_FILE", "/absent-folder/token",
                        "JOVE_HUB_API_URL", "http://hub:8081",
                        "JOVE_METRICS_TOKEN_FILE", "/absent-folder/metrics"),
                "--prot",
                "-x",
                "word",
                "--port=x",
                "--socket=/absent-folder/s",
                "--api-port=70000",
                "--metrics-port=-1",
                "--metrics-on-api",
                "--redirect-port=1",
                "--error-path=/a",
                "--error-target=http://a",
                "--error-format=xml",
                "--protocol-rewrite=1",
                "--no-x-forward",
                "--forwarding=some",
                "--trusted-proxies=nowhere",
                "--proxy-protocol=yes",
                "--custom-header=none",
                "--custom-header=a b: c",
                "--timeout=soon",
                "--drain-timeout=soon",
                "--connect-timeout=0",
                "--tcp-keepalive=1",
                "--max-connections=0",
                "--max-buffered-bytes=1",
                "--backlog=0",
                "--max-header-size=1",
                "--event-loops=0",
                "--upstream-source-address=a",
                "--upstream-source-address=b",
                "--state-dir=/etc/passwd",
                "--restored-route-ttl=soon",
                "--access-log=/absent-folder/log",
                "--access-log-format=xml",
                "--pid-file=/absent-folder/pid",
                "--client-ssl-ca=" + TLS.resolve("not-pem.txt"),
                "--breaker-failures");

        List<String> errors =
                lines.stream().filter(line -> line.startsWith("error: ")).toList();
        assertThat(code).isOne();
        assertThat(lines).last().isEqualTo("The proxy would not start.");
        assertThat(errors)
                .doesNotHaveDuplicates()
                .contains("error: unknown option '--prot' (Did you mean --port?)", "error: unknown option '-x'");
        for (String reason : List.of(
                "option '--breaker-failures <n>' argument missing",
                "too many arguments. Expected 0 arguments but got 1: word",
                "option '--socket <path>' cannot be used with option '--port <n>'",
                "option '--no-x-forward' cannot be used with option '--forwarding <mode>'",
                "HTTPS redirection specified but",
                "Cannot specify both error-target",
                "option '--api-port <n>' value '70000'",
                "option '--metrics-port <n>' value '-1'",
                "option '--error-format <format>' value 'xml'",
                "option '--protocol-rewrite <proto>' value '1'",
                "option '--trusted-proxies",
                "option '--proxy-protocol",
                "A colon was expected in custom header: none",
                "option '--custom-header <header>' value 'a b: c'",
                "option '--timeout <n>' value 'soon'",
                "option '--drain-timeout <n>' value 'soon'",
                "option '--connect-timeout <n>' value '0'",
                "option '--tcp-keepalive",
                "option '--max-connections <n>' value '0'",
                "option '--max-buffered-bytes <bytes>' value '1'",
                "option '--backlog <n>' value '0'",
                "option '--max-header-size <bytes>' value '1'",
                "option '--event-loops <n>' value '0'",
                "option '--upstream-source-address <ip>' value 'a'",
                "option '--upstream-source-address <ip>' value 'b'",
                "option '--state-dir <dir>' value '/etc/passwd'",
                "option '--restored-route-ttl <n>' value 'soon'",
                "option '--access-log-format <format>' value 'xml'",
                "both CONFIGPROXY_AUTH_TOKEN and CONFIGPROXY_AUTH_TOKEN_FILE",
                "JOVE_METRICS_TOKEN_FILE names a file",
                "JOVE_HUB_API_URL is set and no token",
                "--client-ssl-*: ",
                "--socket: there is no directory",
                "--access-log: there is no directory",
                "--pid-file: there is no directory")) {
            assertThat(errors)
                    .as(reason)
                    .filteredOn(line -> line.startsWith("error: " + reason))
                    .hasSize(1);
        }
        assertThat(errors).hasSize(37);
    }

    @Test
    void allThatIsWrongWithTheSharedStoreIsTold() {
        assertThat(check(
                        Map.of(
                                "CONFIGPROXY_AUTH_TOKEN", "not-to-be-shown",
                                "JOVE_STORE_PASSWORD_FILE", "/absent-folder/password",
                                "JOVE_STATE_DIR", "/etc/passwd",
                                "JOVE_STORE_SENTINEL_PASSWORD_FILE", "/absent-folder/sentinel"),
                        "--storage-backend=http://a",
                        "--store-prefix=a b",
                        "--replica-address=nowhere"))
                .filteredOn(line -> line.startsWith("error: "))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("error: JOVE_STORE_PASSWORD_FILE names a file"),
                        line -> assertThat(line).startsWith("error: option '--storage-backend <url>' value is invalid"),
                        line -> assertThat(line).startsWith("error: JOVE_STORE_SENTINEL_PASSWORD_FILE names a file"),
                        line -> assertThat(line).startsWith("error: option '--store-prefix <prefix>' value 'a b'"),
                        line -> assertThat(line).startsWith("error: option '--replica-address <host:port>' value"));
        assertThat(code).isOne();
    }

    @Test
    void allThatIsWrongWithTheActivityIsTold() {
        assertThat(check(TOKEN, "--activity=maybe", "--activity-ignore=no-path"))
                .filteredOn(line -> line.startsWith("error: "))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("error: option '--activity <side>' value 'maybe'"),
                        line -> assertThat(line)
                                .startsWith("error: option '--activity-ignore <paths>' value 'no-path'"));
    }

    @Test
    void oneMistakeIsNotToldAsTwo() {
        assertThat(check(TOKEN, "--port=0", "--trusted-proxies=nowhere", "--proxy-protocol=on"))
                .filteredOn(line -> line.startsWith("error: "))
                .singleElement()
                .asString()
                .startsWith("error: option '--trusted-proxies");
    }

    @Test
    void aCertificateThatIsOverIsAWarning() {
        assertThat(check(TOKEN, "--ssl-key=" + TLS.resolve("server.key"), "--ssl-cert=" + TLS.resolve("expired.crt")))
                .anyMatch(line -> line.startsWith("warning: ") && line.contains("expired.crt"));
    }

    @Test
    void anErrorPathThatIsNotThereIsAWarning() {
        assertThat(check(TOKEN, "--error-path=" + folder.resolve("absent")))
                .anyMatch(line -> line.startsWith("warning: --error-path: "));
        assertThat(code).isZero();
    }
}
