package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.app.LaunchedProxy.freePort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.joveproxy.store.RouteJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies routes between real proxies. The original as the source is in the conformance tests. */
@Timeout(180)
final class RouteImportIT {
    private static final Path TLS = Path.of("..", "proxy-core", "src", "test", "resources", "tls", "openssl");
    private static final Map<String, String> ENVIRONMENT = Map.of("CONFIGPROXY_AUTH_TOKEN", "secret");
    private static final String DATA =
            "{\"target\":\"http://127.0.0.1:9/x?y=1\",\"user\":\"zo\u00eb\",\"n\":12345678901234567890,\"deep\":{\"a\":[1,2.50,null,true]}}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int copy(String... words) {
        out.reset();
        err.reset();
        return RouteImport.run(List.of(words), ENVIRONMENT, new PrintStream(out, true), new PrintStream(err, true));
    }

    private static String said(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).strip();
    }

    private static String ask(String url, String method, String target, String body) throws Exception {
        ServerAddress address = ServerAddress.parse(url, "/");
        try (ServerConnection api = new ServerConnection(address, LaunchedProxy.LIMIT, 1 << 24)) {
            ServerConnection.Answer answer = api.ask(method, target, List.of("Authorization: token secret"), body);
            assertThat(answer.status()).isIn(200, 201, 204);
            return answer.body();
        }
    }

    /** The table without what depends on the time. */
    private static Map<String, Map<String, ?>> table(String url) throws Exception {
        Map<String, Map<String, ?>> table = new TreeMap<>();
        RouteJson.object(RouteJson.parse(ask(url, "GET", "/api/routes", ""))).forEach((path, data) -> {
            Map<String, ?> fields = RouteJson.object(String.valueOf(data).isEmpty() ? "" : data);
            assertThat(fields).containsKey("last_activity");
            fields.remove("last_activity");
            table.put(path, fields);
        });
        return table;
    }

    @Test
    void routesComeWithAllTheirDataAndAreNotCopiedTwice() throws Exception {
        int from = freePort();
        int to = freePort();
        String source = "http://127.0.0.1:" + (from + 1);
        String destination = "http://127.0.0.1:" + (to + 1);
        try (LaunchedProxy old = LaunchedProxy.serving(from, "--default-target=http://127.0.0.1:1");
                LaunchedProxy proxy = LaunchedProxy.serving(to)) {
            for (String path : List.of("/user/zo%C3%AB%20x", "/a%25b/c%3Fd", "/deep/er/path")) {
                ask(source, "POST", "/api/routes" + path, DATA);
            }
            assertThat(table(source)).hasSize(4).containsKeys("/", "/user/zo\u00eb x", "/a%b/c?d");

            assertThat(copy("--dry-run", "--to", destination, source)).isZero();
            assertThat(said(out))
                    .isEqualTo("would be done, 4 routes from " + source + " to " + destination
                            + ": 4 copied, 0 replaced, 0 already there, 0 failed");
            assertThat(table(destination)).isEmpty();

            assertThat(copy("--to", destination, source + "/api/routes")).isZero();
            assertThat(said(out)).endsWith(": 4 copied, 0 replaced, 0 already there, 0 failed");
            assertThat(said(err)).isEmpty();
            assertThat(table(destination)).isEqualTo(table(source));

            assertThat(copy("--to", destination, source)).isZero();
            assertThat(said(out)).endsWith(": 0 copied, 0 replaced, 4 already there, 0 failed");
            assertThat(old.err()).isEmpty();
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void anotherTargetIsAnErrorUnlessItIsToBeReplaced() throws Exception {
        int from = freePort();
        int to = freePort();
        String source = "http://127.0.0.1:" + (from + 1);
        String destination = "http://127.0.0.1:" + (to + 1);
        try (LaunchedProxy old = LaunchedProxy.serving(from);
                LaunchedProxy proxy = LaunchedProxy.serving(to)) {
            ask(source, "POST", "/api/routes/user/ada", "{\"target\":\"http://127.0.0.1:1\"}");
            ask(source, "POST", "/api/routes/user/new", "{\"target\":\"http://127.0.0.1:1\"}");
            ask(destination, "POST", "/api/routes/user/ada", "{\"target\":\"http://127.0.0.1:2\"}");

            assertThat(copy("--to=" + destination, source)).isOne();
            assertThat(said(err))
                    .isEqualTo("/user/ada: leads to http://127.0.0.1:2 there, not to http://127.0.0.1:1\n"
                            + "error: routes that lead to another target at " + destination
                            + ": 1, nothing was changed (expected: none, or --replace)");
            assertThat(table(destination)).containsOnlyKeys("/user/ada");

            assertThat(copy("--replace", "--to=" + destination, source)).isZero();
            assertThat(said(out)).endsWith(": 1 copied, 1 replaced, 0 already there, 0 failed");
            assertThat(table(destination)).isEqualTo(table(source));
            assertThat(old.err()).isEmpty();
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void tlsAndUnixSocketsAndTokensInFilesAreUsed() throws Exception {
        int from = freePort();
        Path socket = folder.resolve("api");
        Path token = Files.writeString(folder.resolve("token"), "another\n");
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong\n");
        String source = "https://127.0.0.1:" + (from + 1);
        try (LaunchedProxy old = LaunchedProxy.serving(
                        from,
                        "--api-ssl-key=" + TLS.resolve("server.key"),
                        "--api-ssl-cert=" + TLS.resolve("server.crt"));
                LaunchedProxy proxy = LaunchedProxy.start(
                        LaunchedProxy.LAUNCHER,
                        Map.of("CONFIGPROXY_AUTH_TOKEN_FILE", token.toString()),
                        List.of("--socket=" + folder.resolve("public"), "--api-socket=" + socket))) {
            proxy.awaitLine("Proxy API at ");
            ask(source, "POST", "/api/routes/user/ada", DATA);

            assertThat(copy("--to=unix:" + socket, "--to-token-file=" + wrong, source))
                    .isOne();
            assertThat(said(err))
                    .isEqualTo("unix:" + socket + "/api/routes: it refuses the token (expected: --to-token-file or"
                            + " CONFIGPROXY_AUTH_TOKEN to hold the one that it knows)");
            assertThat(copy("--to=unix:" + socket, "--to-token-file=" + token, source))
                    .isZero();
            assertThat(said(out)).endsWith(": 1 copied, 0 replaced, 0 already there, 0 failed");
            assertThat(old.err()).isEmpty();
        }
    }

    @Test
    void manyRoutesGoOverOneSocket() throws Exception {
        int from = freePort();
        int to = freePort();
        String source = "http://127.0.0.1:" + (from + 1);
        String destination = "http://127.0.0.1:" + (to + 1);
        try (LaunchedProxy old = LaunchedProxy.serving(from);
                LaunchedProxy proxy = LaunchedProxy.serving(to)) {
            List<String> fields = List.of("Authorization: token secret");
            try (ServerConnection api =
                    new ServerConnection(ServerAddress.parse(source, "/"), LaunchedProxy.LIMIT, 1 << 20)) {
                for (int i = 0; i < 2_000; i++) {
                    String body = "{\"target\":\"http://127.0.0.1:9\"}";
                    assertThat(api.ask("POST", "/api/routes/user/u" + i, fields, body)
                                    .status())
                            .isEqualTo(201);
                }
            }
            assertThat(copy("--to=" + destination, source)).isZero();

            assertThat(table(destination)).hasSize(2_000).isEqualTo(table(source));
            String sockets = ask(destination, "GET", "/api/connections?role=api", "");
            // One of the import's, one for each of the questions above.
            assertThat(String.valueOf(RouteJson.object(RouteJson.parse(sockets)).get("totals")))
                    .contains("api={opened=3,");
            assertThat(old.err()).isEmpty();
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void aServerThatIsNoProxyIsTold() throws Exception {
        int port = freePort();
        String url = "http://127.0.0.1:" + port;
        assertThat(copy(url)).isOne();
        assertThat(said(err)).startsWith(url + "/api/routes: no answer: ").contains("refused");
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            // The public port knows no such path.
            assertThat(copy("--to=http://127.0.0.1:" + (port + 1), url)).isOne();
            assertThat(said(err)).isEqualTo(url + "/api/routes: the answer is 404 (expected: 200)");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from=x                      | error: unknown option '--from=x'",
                "--to                          | error: option '--to' argument missing",
                "http://a:1 http://b:1         | error: arguments: [http://a:1, http://b:1] (expected: the url of one REST API)",
                "http://127.0.0.1:8001         | error: both urls are http://127.0.0.1:8001 (expected: two proxies)",
                "http://a:1/hub                | error: url 'http://a:1/hub' is invalid (expected: the address of a REST API, with"
                        + " /api/routes behind it or nothing)",
                "--from-token-file=/absent http://a:1 | error: --from-token-file names a file that cannot be used: /absent: no"
                        + " such file",
                "--timeout=0 http://a:1        | error: option '--timeout <n>' value '0' is invalid (expected: milliseconds)",
            })
    void mistakesAreTold(String words, String message) {
        assertThat(copy(words.split(" "))).isOne();
        assertThat(said(err)).isEqualTo(message);
    }

    @Test
    void theCommandHasBothSubCommands() throws Exception {
        Path jove = LaunchedProxy.LAUNCHER.resolveSibling("jove");
        List<List<String>> commands = new ArrayList<>();
        commands.add(List.of("check", "--", "configurable-http-proxy", "--port=1"));
        commands.add(List.of("import", "--help"));
        for (List<String> words : commands) {
            try (LaunchedProxy command = LaunchedProxy.start(jove, ENVIRONMENT, words)) {
                assertThat(command.exitCode()).isZero();
                assertThat(command.out()).isNotEmpty();
                assertThat(command.err()).isEmpty();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
