package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.app.LaunchedProxy.freePort;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks real proxies how they are. */
@Timeout(180)
final class HealthCheckIT {
    private static final Path TLS = Path.of("..", "proxy-core", "src", "test", "resources", "tls", "openssl");
    private static final Map<String, String> ENVIRONMENT = Map.of("CONFIGPROXY_AUTH_TOKEN", "secret");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int check(String... words) {
        return HealthCheck.run(List.of(words), ENVIRONMENT, new PrintStream(out, true), new PrintStream(err, true));
    }

    @Test
    void aProxyThatServesIsHealthyAndAbsentOnesAreNot() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            assertThat(check("http://127.0.0.1:" + port + "/_chp_healthz")).isZero();
            assertThat(out).hasToString("200 {\"status\":\"OK\"}\n");
            assertThat(err).hasToString("");
            assertThat(proxy.err()).isEmpty();
        }
        assertThat(check("http://127.0.0.1:" + port + "/_chp_healthz")).isOne();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("refused");
    }

    @Test
    void theRestApiIsAskedWithMethodBodyAndToken() throws Exception {
        int port = freePort();
        String route = "http://127.0.0.1:" + (port + 1) + "/api/routes/user/zoe";
        try (LaunchedProxy proxy = LaunchedProxy.serving(port)) {
            assertThat(check("--status=403", route)).isZero();
            assertThat(check(route)).isOne();
            assertThat(check(
                            "--with-token",
                            "--method=POST",
                            "--status",
                            "201",
                            "--data={\"target\":\"http://127.0.0.1:9\",\"who\":\"zo\u00eb\"}",
                            route))
                    .isZero();
            assertThat(check("--with-token", route)).isZero();
            assertThat(check("--with-token", "--method=DELETE", "--status=204", route))
                    .isZero();
            assertThat(check("--with-token", "--status=404", route)).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"target\":\"http://127.0.0.1:9\"");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void certificatesAreNotLookedAt() throws Exception {
        int port = freePort();
        try (LaunchedProxy proxy = LaunchedProxy.serving(
                port, "--ssl-key=" + TLS.resolve("server.key"), "--ssl-cert=" + TLS.resolve("server.crt"))) {
            assertThat(check("https://127.0.0.1:" + port + "/_chp_healthz")).isZero();
            assertThat(check("http://127.0.0.1:" + port + "/_chp_healthz")).isOne();
            assertThat(proxy.err()).isEmpty();
        }
    }

    @Test
    void aUnixSocketIsAsked() throws Exception {
        Path socket = folder.resolve("s");
        try (LaunchedProxy proxy = LaunchedProxy.start("--socket=" + socket, "--api-socket=" + folder.resolve("a"))) {
            proxy.awaitLine("Proxy API at ");

            assertThat(check("unix:" + socket)).isZero();
            assertThat(out).hasToString("200 {\"status\":\"OK\"}\n");
        }
    }

    @Test
    void silenceIsNoHealth() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(check("--timeout=200", "http://127.0.0.1:" + silent.getLocalPort() + "/"))
                    .isOne();
            assertThat(err).hasToString("no answer within 200 ms\n");
        }
    }

    @Test
    void theCommandHasTheSubCommand() throws Exception {
        int port = freePort();
        Path jove = LaunchedProxy.LAUNCHER.resolveSibling("jove");
        try (LaunchedProxy proxy = LaunchedProxy.serving(port);
                LaunchedProxy check = LaunchedProxy.start(
                        jove, Map.of(), List.of("healthcheck", "http://127.0.0.1:" + port + "/_chp_healthz"))) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.out()).containsExactly("200 {\"status\":\"OK\"}");
            assertThat(proxy.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "--ip= --api-ip= --api-port=8001 --port=8000 | false | 127.0.0.1 | 8000 | -",
                "--ip=:: --port 8123                         | false | 127.0.0.1 | 8123 | -",
                "configurable-http-proxy --ip=127.0.0.9      | false | 127.0.0.9 | 8000 | -",
                "--port=8443 --redirect-port=8000 --redirect-to=443 --ssl-key=/k --ssl-cert=/c"
                        + "                                          | true  | 127.0.0.1 | 8443 | -",
                "--socket=/run/s                             | false | 127.0.0.1 | 8000 | /run/s",
                "--nonsense                                  | false | 127.0.0.1 | 8000 | -",
                "--port=x                                    | false | 127.0.0.1 | 8000 | -",
            })
    void theAddressIsTakenFromProcessOne(String words, boolean isTls, String host, int port, Path socket)
            throws Exception {
        String line = "java\0-Xmx64m\0" + Main.class.getName() + "\0" + words.replaceAll(" +", "\0") + "\0";
        Path file = Files.writeString(folder.resolve("cmdline"), line);

        assertThat(HealthCheck.ofProcess(file))
                .isEqualTo(new ServerAddress(isTls, host, port, socket, "/_chp_healthz"));
    }

    @Test
    void anotherProcessOneTellsNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("cmdline"), "/pause\0--port=1\0");

        assertThat(HealthCheck.ofProcess(file))
                .isEqualTo(HealthCheck.ofProcess(folder.resolve("absent")))
                .isEqualTo(new ServerAddress(false, "127.0.0.1", 8000, null, "/_chp_healthz"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--statuss=1      | error: unknown option '--statuss=1'",
                "--status         | error: option '--status' argument missing",
                "a b              | error: too many arguments: [a, b] (expected: one url)",
                "ftp://127.0.0.1/ | error: url 'ftp://127.0.0.1/' is invalid (expected: http://host:port/path, https://... or"
                        + " unix:/path)",
                "--status=9999    | error: option '--status <n>' value '9999' is invalid (expected: a status of HTTP)",
                "--timeout=0      | error: option '--timeout <n>' value '0' is invalid (expected: milliseconds)",
            })
    void mistakesAreTold(String words, String message) {
        assertThat(check(words.split(" "))).isOne();
        assertThat(err).hasToString(message + "\n");
    }
}
