package org.joveproxy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;

/** What a pod asks of a container. */
@Timeout(300)
final class PodIT {
    private static final long MOST_BYTES = 120_000_000;

    @TempDir
    Path folder;

    @Test
    void theImageIsSmallAndNobodys() {
        InspectImageResponse image = client().inspectImageCmd(image()).exec();

        assertThat(image.getSize()).isLessThan(MOST_BYTES);
        assertThat(Objects.requireNonNull(image.getConfig()).getUser()).isEqualTo("65534:65534");
        assertThat(image.getConfig().getLabels())
                .containsKeys("org.opencontainers.image.title", "org.opencontainers.image.revision");
        assertThat(image.getConfig().getEnv()).contains("JOVE_STATE_DIR=auto");
        assertThat(image.getConfig().getVolumes()).isNullOrEmpty();
    }

    @Test
    void thereIsNoShell() throws Exception {
        try (JoveContainer container = JoveContainer.with()) {
            container.start();

            for (String shell : new String[] {"sh", "bash", "/bin/sh", "busybox"}) {
                assertThat(container.execInContainer(shell, "-c", "true").getExitCode())
                        .as(shell)
                        .isNotZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"65534:65534", "1001:0", "1000650000:0", "0:0"})
    void anyUserServesAndWritesNothing(String user) throws Exception {
        try (JoveContainer container = JoveContainer.with().user(user)) {
            container.start();

            assertThat(Http.get(container, JoveContainer.PORT, "/_chp_readyz")).startsWith("HTTP/1.1 200 ");
            assertThat(container.getLogs()).doesNotContain("WARN").doesNotContain("warn:");
        }
    }

    /** With a root that can be written to, nothing is written there either. */
    @Test
    void nothingIsWrittenToTheRoot() {
        try (JoveContainer container = JoveContainer.with().host(config -> config.withReadonlyRootfs(false))) {
            container.start();
            container.check();

            assertThat(client().containerDiffCmd(container.getContainerId()).exec())
                    .isNullOrEmpty();
        }
    }

    @Test
    void theArchiveOfClassesIsUsed() throws Exception {
        try (JoveContainer container =
                JoveContainer.with().withEnv("JOVE_JAVA_OPTS", "-XX:AOTMode=on -Xlog:aot=info")) {
            container.start();

            assertThat(container.getLogs()).contains("Using AOT-linked classes: true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItAtOnceWithTwo(String signal) throws Exception {
        try (JoveContainer container = JoveContainer.with()) {
            container.start();
            long start = System.nanoTime();

            container.signal(signal);

            assertThat(container.exitCode()).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void theTokenMayBeInAFile() throws Exception {
        Files.writeString(folder.resolve("token"), JoveContainer.TOKEN + "\n");
        open(folder);
        try (JoveContainer container = JoveContainer.with()
                .withEnv("CONFIGPROXY_AUTH_TOKEN", "")
                .withEnv("CONFIGPROXY_AUTH_TOKEN_FILE", "/run/secrets/token")
                .host(config -> config.withBinds(bind("/run/secrets")))) {
            container.start();

            assertThat(Http.get(container, JoveContainer.API_PORT, "/api/routes"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(container
                            .check("--status=403", "http://127.0.0.1:8001/api/routes")
                            .getExitCode())
                    .isZero();
            assertThat(container
                            .check("--with-token", "http://127.0.0.1:8001/api/routes")
                            .getExitCode())
                    .isZero();
        }
    }

    @Test
    void twoTokensAreAMistake() {
        try (JoveContainer container = JoveContainer.with()
                .withEnv("CONFIGPROXY_AUTH_TOKEN_FILE", "/x")
                .unwatched()) {
            container.start();

            assertThat(container.exitCode()).isOne();
            assertThat(container.getLogs())
                    .contains("both CONFIGPROXY_AUTH_TOKEN and CONFIGPROXY_AUTH_TOKEN_FILE are set");
        }
    }

    @Test
    void theEngineSeesThatItIsHealthy() {
        try (JoveContainer container = JoveContainer.with("--port=8123")
                .withCreateContainerCmdModifier(
                        create -> create.withHealthcheck(new com.github.dockerjava.api.model.HealthCheck()
                                .withInterval(Duration.ofSeconds(1).toNanos())))) {
            container.start();

            await().atMost(Duration.ofSeconds(60)).until(container::isHealthy);
        }
    }

    // ---- routes in the memory that a pod's containers share

    @Test
    void routesSurviveTheContainerInItsPod() throws Exception {
        String route = "{\"target\": \"http://127.0.0.1:8001\", \"jupyterhub\": true}";
        try (JoveContainer sandbox = JoveContainer.with()
                .withEnv("JOVE_STATE_DIR", "none")
                .host(config -> config.withIpcMode("shareable"))) {
            sandbox.start();
            try (JoveContainer first = inThePodOf(sandbox)) {
                first.start();
                assertThat(Http.ask(first, JoveContainer.API_PORT, "POST", "/api/routes/user/zoe", route))
                        .startsWith("HTTP/1.1 201 ");
                first.signal("KILL");
                assertThat(first.exitCode()).isEqualTo(137);
            }
            try (JoveContainer second = inThePodOf(sandbox)) {
                second.start();
                assertThat(Http.get(second, JoveContainer.API_PORT, "/api/routes"))
                        .contains("\"/user/zoe\":{\"target\":\"http://127.0.0.1:8001\",\"jupyterhub\":true");
                assertThat(second.getLogs()).contains("Restored 1 routes from /dev/shm/jove");
                // It serves: the answer is that of its own REST API, which knows no such path.
                assertThat(Http.get(second, JoveContainer.PORT, "/user/zoe")).startsWith("HTTP/1.1 404 ");
            }
            try (JoveContainer elsewhere = JoveContainer.with()) {
                elsewhere.start();
                assertThat(Http.get(elsewhere, JoveContainer.API_PORT, "/api/routes"))
                        .doesNotContain("zoe");
            }
        }
    }

    private static JoveContainer inThePodOf(JoveContainer sandbox) {
        return JoveContainer.with().host(config -> config.withIpcMode("container:" + sandbox.getContainerId()));
    }

    // ---- TLS from a secret

    @Test
    void aSecretThatIsSwappedIsServedWithoutARestart() throws Exception {
        Path tls = Path.of(Objects.requireNonNull(System.getProperty("tls")));
        version("1", tls.resolve("server.key"), tls.resolve("server.crt"));
        version("2", tls.resolve("rsa-pss.key"), tls.resolve("rsa-pss.crt"));
        version("3", tls.resolve("ec-sec1.key"), tls.resolve("ec.crt"));
        swap("1");
        for (String name : new String[] {"tls.key", "tls.crt"}) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
        }
        open(folder);
        try (JoveContainer container = JoveContainer.with(
                        "--ssl-key=/etc/chp/tls/tls.key", "--ssl-cert=/etc/chp/tls/tls.crt")
                .host(config -> config.withBinds(bind("/etc/chp/tls")))) {
            container.start();
            assertThat(publicKeyOf(container)).isEqualTo("RSA");

            swap("3");

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> publicKeyOf(container).equals("EC"));
            assertThat(container.check("https://127.0.0.1:8000/_chp_healthz").getStdout())
                    .startsWith("200");
            assertThat(container.getLogs()).contains("TLS on the public port was read again and is in force");

            // An RSA-PSS key is good for the JDK's engine, which then takes BoringSSL's place.
            swap("2");
            container.signal("HUP");

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> publicKeyOf(container).startsWith("RSASSA-PSS"));
        }
    }

    private void version(String name, Path key, Path certificate) throws IOException {
        Path data = Files.createDirectory(folder.resolve(".." + name));
        Files.copy(key, data.resolve("tls.key"));
        Files.copy(certificate, data.resolve("tls.crt"));
        open(data);
    }

    /** As a kubelet does it: a new link takes the old one's place at once. */
    private void swap(String name) throws IOException {
        Path fresh = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(".." + name));
        Files.move(
                fresh, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }

    private Bind bind(String where) {
        return new Bind(folder.toString(), new Volume(where), AccessMode.ro);
    }

    private static String publicKeyOf(JoveContainer container) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        try (Socket plain = new Socket(container.getHost(), container.getMappedPort(JoveContainer.PORT));
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, "proxy", JoveContainer.PORT, true)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
        }
    }

    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    private static String image() {
        return Objects.requireNonNull(System.getProperty("jove.image"));
    }
}
