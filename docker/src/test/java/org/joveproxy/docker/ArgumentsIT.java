package org.joveproxy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command line that charts and hubs start the proxy with. */
@Timeout(300)
final class ArgumentsIT {
    private static final String CHART = "--ip= --api-ip= --api-port=8001 --default-target=http://hub:8081"
            + " --error-target=http://hub:8081/hub/error ";
    private static final String TLS = "--redirect-port=8000 --redirect-to=443 ";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHART + "--port=8000",
                CHART + "--port=8443 " + TLS + "--ssl-key=/etc/chp/tls/tls.key --ssl-cert=/etc/chp/tls/tls.crt",
                CHART + "--port=8443 " + TLS + "--ssl-key=/etc/chp/tls/my.key --ssl-cert=/etc/chp/tls/my.crt",
                CHART + "--port=8000 --log-level=debug",
                CHART + "--port=8000 --host-routing",
                CHART
                        + "--port=8000 --metrics-port=8002 --auto-rewrite --custom-header=X-A:b --error-target=http://x/y",
                "--ip= --api-ip= --api-port=8001 --default-target=http://hub:$(HUB_SERVICE_PORT)"
                        + " --error-target=http://hub:$(HUB_SERVICE_PORT)/hub/error --port=8000",
            })
    void theChartsCommandServes(String words) throws Exception {
        try (JoveContainer container = JoveContainer.commanded(words.split(" ")).host(this::secret)) {
            container.start();

            serves(container);
        }
    }

    /** What the hub's own way of starting the proxy is: two words for each flag, an empty one among them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--ip|''|--port|8000|--api-ip|127.0.0.1|--api-port|8001|--error-target|http://127.0.0.1:8081/hub/error"
                        + "|--log-level|info",
                "--ip|''|--port|8000|--api-ip|127.0.0.1|--api-port|8001|--error-target|http://127.0.0.1:8081/hub/error"
                        + "|--log-level|debug|--host-routing|--ssl-key|/etc/chp/tls/my.key|--ssl-cert|/etc/chp/tls/my.crt",
                "--ip|localhost|--port|8000|--api-ip|localhost|--api-port|8001|--error-target"
                        + "|http://127.0.0.1:8081/hub/error|--log-level|warn",
            })
    void theHubsCommandServes(String words) throws Exception {
        String[] arguments = words.replace("''", "").split("\\|", -1);
        try (JoveContainer container = JoveContainer.commanded(arguments).host(this::secret)) {
            container.start();

            serves(container);
        }
    }

    @Test
    void theHubsUnixSocketsServe() {
        String[] words =
                "--socket /dev/shm/p --api-socket /dev/shm/a --error-target http://x/ --log-level info".split(" ");
        try (JoveContainer container = JoveContainer.commanded(words)) {
            container.start();

            assertThat(container.check("--status=404", "unix:/dev/shm/a").getExitCode())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--port=8000", "configurable-http-proxy --ip=:: --port=8000"})
    void theEntryPointTakesFlagsAndTheCommandsName(String words) throws Exception {
        String[] arguments = words.isEmpty() ? new String[0] : words.split(" ");
        try (JoveContainer container = JoveContainer.with(arguments)) {
            container.start();

            serves(container);
            // From outside: the entry point has the REST API listen on all interfaces.
            assertThat(Http.get(container, JoveContainer.API_PORT, "/api/routes"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(Http.get(container, JoveContainer.PORT, "/_chp_healthz"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("{\"status\":\"OK\"}");
        }
    }

    @Test
    void theEntryPointLeavesAnAddressOfTheApiAlone() throws Exception {
        try (JoveContainer container = JoveContainer.with("--api-ip=127.0.0.1")) {
            container.start();

            assertThat(container.getLogs()).contains("Proxy API at http://127.0.0.1:8001/api/routes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh -c true", "--nonsense", "--metrics-port 8002x", "--redirect-port=80"})
    void nonsenseEndsWithOne(String words) {
        try (JoveContainer container = JoveContainer.with(words.split(" ")).unwatched()) {
            container.start();

            assertThat(container.exitCode()).isOne();
        }
    }

    private static void serves(JoveContainer container) throws IOException {
        assertThat(container.check().getStdout()).isEqualTo("200 {\"status\":\"OK\"}\n");
        String api = "http://127.0.0.1:8001/api/routes";
        assertThat(container.check("--status=403", api).getExitCode()).isZero();
        assertThat(container.check("--with-token", api).getExitCode()).isZero();
    }

    private void secret(com.github.dockerjava.api.model.HostConfig host) {
        Path tls = Path.of(Objects.requireNonNull(System.getProperty("tls")));
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (String name : new String[] {"tls", "my"}) {
                Files.copy(tls.resolve("server-pkcs1.key"), folder.resolve(name + ".key"));
                Files.copy(tls.resolve("server.crt"), folder.resolve(name + ".crt"));
                Files.setPosixFilePermissions(
                        folder.resolve(name + ".key"), PosixFilePermissions.fromString("rw-r--r--"));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot make the secret", e);
        }
        host.withBinds(new Bind(folder.toString(), new Volume("/etc/chp/tls"), AccessMode.ro));
    }
}
