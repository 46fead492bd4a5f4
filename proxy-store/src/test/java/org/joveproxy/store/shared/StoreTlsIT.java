package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Objects;
import org.joveproxy.core.testing.RedisServer;
import org.joveproxy.store.shared.ReplicaProcess.State;
import org.joveproxy.store.shared.Replicas.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis behind TLS. Whom a replica trusts is what its JVM trusts, so each has a process of its own. */
class StoreTlsIT {
    private static final String PATH = "/user/ada";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private RedisServer redis;

    @BeforeEach
    void startRedis() throws IOException {
        redis = RedisServer.startTls();
    }

    @AfterEach
    void endRedis() throws IOException {
        redis.close();
    }

    /** The options of a JVM that trusts the authority in the file {@code name} and nobody else. */
    private String[] trusting(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in =
                Objects.requireNonNull(RedisServer.class.getResourceAsStream("/tls/openssl/" + name), name)) {
            store.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path file = folder.resolve(name + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return new String[] {
            "-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=changeit",
        };
    }

    @Test
    void routesAreSharedOverTls() throws Exception {
        try (Replicas replicas = new Replicas();
                ReplicaProcess child = new ReplicaProcess(redis.tlsUrl(), trusting("root.crt"))) {
            Replicas.await().until(() -> child.state(PATH).isWorking());
            Member other = replicas.join(redis.url());

            other.put(PATH, "http://a:1");

            assertThat(child.state(PATH)).isEqualTo(new State(true, true, "http://a:1", ""));
        }
    }

    @Test
    void aCertificateOfSomebodyUnknownIsRefusedInWords() throws Exception {
        try (ReplicaProcess child = new ReplicaProcess(redis.tlsUrl(), trusting("other-root.crt"))) {
            Replicas.await().until(() -> child.state(PATH).detail().contains("certificate"));

            assertThat(child.state(PATH).detail())
                    .isEqualTo("the certificate is not trusted: unable to find valid certification path to requested"
                            + " target");
            assertThat(child.state(PATH).isReady()).isFalse();
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedInWords() throws Exception {
        String url = redis.tlsUrl().replace("127.0.0.1", "127.0.0.2");
        try (ReplicaProcess child = new ReplicaProcess(url, trusting("root.crt"))) {
            Replicas.await().until(() -> child.state(PATH).detail().contains("certificate"));

            assertThat(child.state(PATH).detail()).contains("127.0.0.2");
            assertThat(child.state(PATH).isReady()).isFalse();
        }
    }

    @Test
    void aServerWithoutTlsIsRefused() throws Exception {
        String url = redis.url().replace("redis://", "rediss://");
        try (ReplicaProcess child = new ReplicaProcess(url, trusting("root.crt"))) {
            Replicas.await().until(() -> !child.state(PATH).detail().equals("not connected yet"));

            assertThat(child.state(PATH).isReady()).isFalse();
            assertThat(child.state(PATH).detail()).isNotEmpty();
        }
    }
}
