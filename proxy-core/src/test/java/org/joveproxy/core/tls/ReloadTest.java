package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joveproxy.core.tls.TlsTestFiles.files;
import static org.joveproxy.core.tls.TlsTestFiles.listener;
import static org.joveproxy.core.tls.TlsTestFiles.path;
import static org.joveproxy.core.tls.TlsTestFiles.trustingTheRoot;
import static org.joveproxy.core.tls.TlsTestFiles.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that hold something else while their role is in use. */
final class ReloadTest {
    @TempDir
    Path folder;

    static Stream<SslProvider> providers() {
        return TlsTestFiles.PROVIDERS.stream();
    }

    /** The listener's files, with these contents. */
    private TlsFiles hold(String key, String certificate) throws IOException {
        copy(key, "tls.key");
        copy(certificate, "tls.crt");
        return new TlsFiles(folder.resolve("tls.key"), folder.resolve("tls.crt"), null, null);
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(path("openssl/" + from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String keyOf(Handshake handshake) throws Exception {
        return handshake.clientSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void newConnectionsSeeTheRenewedCertificateWhileOldOnesGoOn(SslProvider provider) throws Exception {
        TlsFiles files = hold("server.key", "server-chain.crt");
        copy("intermediate.crt", "ca.crt");
        try (ListenerTls tls = ListenerTls.load(listener(files), provider);
                UpstreamTls client = trusting("ca.crt", provider);
                Handshake before = Handshake.between(client, tls, "localhost")) {
            assertThat(keyOf(before)).isEqualTo("RSA");
            hold("ec.key", "ec.crt");

            tls.reload();

            try (Handshake after = Handshake.between(client, tls, "localhost")) {
                assertThat(after.isComplete()).isTrue();
                assertThat(keyOf(after)).isEqualTo("EC");
            }
            assertThat(before.isComplete()).isTrue();
        }
    }

    private UpstreamTls trusting(String ca, SslProvider provider) throws TlsConfigException {
        return UpstreamTls.load(upstream(new TlsFiles(null, null, folder.resolve(ca), null)), provider);
    }

    @ParameterizedTest
    @CsvSource({
        "ec.key, server-chain.crt, does not match",
        "damaged.key, server-chain.crt, damaged",
        "server.key, damaged.crt, damaged",
        "server.key, not-pem.txt, no PEM block",
        "server.key, expired.crt, expired at"
    })
    void whatCannotBeUsedChangesNothing(String key, String certificate, String reason) throws Exception {
        TlsFiles files = hold("server.key", "server-chain.crt");
        try (ListenerTls tls = ListenerTls.load(listener(files));
                UpstreamTls client = UpstreamTls.load(upstream(trustingTheRoot()))) {
            String before = tls.summary();
            hold(key, certificate);

            assertThatThrownBy(tls::reload)
                    .isInstanceOf(TlsConfigException.class)
                    .hasMessageContaining(reason);

            assertThat(tls.summary()).isEqualTo(before);
            try (Handshake handshake = Handshake.between(client, tls, "localhost")) {
                assertThat(handshake.isComplete()).isTrue();
            }
        }
    }

    @Test
    void filesThatAreGoneChangeNothing() throws Exception {
        TlsFiles files = hold("server.key", "server-chain.crt");
        try (ListenerTls tls = ListenerTls.load(listener(files));
                UpstreamTls client = UpstreamTls.load(upstream(trustingTheRoot()))) {
            Files.delete(folder.resolve("tls.crt"));

            assertThatThrownBy(tls::reload).hasMessageContaining("no such file");

            try (Handshake handshake = Handshake.between(client, tls, "localhost")) {
                assertThat(handshake.isComplete()).isTrue();
            }
        }
    }

    @Test
    void anExpiredCertificateMayTakeTheOthersPlace() throws Exception {
        TlsFiles files = hold("server.key", "expired.crt");
        try (ListenerTls tls = ListenerTls.load(listener(files))) {
            tls.reload();

            assertThat(tls.warnings()).singleElement().asString().contains("expired at");
            hold("server.key", "server-chain.crt");
            tls.reload();
            assertThat(tls.warnings()).isEmpty();
        }
    }

    /** Whoever is no longer trusted must not come in by a session of before. */
    @ParameterizedTest
    @MethodSource("providers")
    void sessionsEndWithTheFilesTheyBeganWith(SslProvider provider) throws Exception {
        TlsFiles files = hold("server.key", "server-chain.crt");
        // The JDK's client keeps what is put into a session for as long as it is resumed, and no longer.
        try (ListenerTls tls = ListenerTls.load(listener(files), provider);
                UpstreamTls client = UpstreamTls.load(upstream(trustingTheRoot()), SslProvider.JDK)) {
            assertThat(connectMarking(client, tls, "first")).isNull();
            assertThat(connectMarking(client, tls, "second")).isEqualTo("first");

            tls.reload();

            assertThat(connectMarking(client, tls, "third")).isNull();
            assertThat(connectMarking(client, tls, "fourth")).isEqualTo("third");
        }
    }

    /** The mark of the session that was resumed, or null; a new session gets {@code mark}. */
    private static @Nullable Object connectMarking(UpstreamTls client, ListenerTls tls, String mark) {
        try (Handshake handshake = Handshake.between(client, tls, "localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            Object found = handshake.clientSession().getValue("mark");
            if (found == null) {
                handshake.clientSession().putValue("mark", mark);
            }
            return found;
        }
    }

    @Test
    void upstreamsAreShownTheRenewedCertificate() throws Exception {
        copy("client.key", "tls.key");
        copy("client.crt", "tls.crt");
        copy("root.crt", "ca.crt");
        TlsFiles own =
                new TlsFiles(folder.resolve("tls.key"), folder.resolve("tls.crt"), folder.resolve("ca.crt"), null);
        TlsFiles server = files("openssl/server.key", "openssl/server-chain.crt", "openssl/root.crt");
        try (ListenerTls tls = ListenerTls.load(TlsTestFiles.listenerThatRequestsCertificates(server));
                UpstreamTls client = UpstreamTls.load(upstream(own))) {
            try (Handshake handshake = Handshake.between(client, tls, "localhost")) {
                assertThat(handshake.isComplete()).isTrue();
                assertThat(handshake.clientCertificate()).isEqualTo("CN=a client");
            }
            copy("stranger.key", "tls.key");
            copy("stranger.crt", "tls.crt");

            client.reload();

            try (Handshake handshake = Handshake.between(client, tls, "localhost")) {
                assertThat(handshake.isComplete()).isFalse();
            }
            assertThat(client.summary()).contains("valid until");
        }
    }

    @Test
    void otherAuthoritiesAreTrustedFromThenOn() throws Exception {
        copy("other-root.crt", "ca.crt");
        try (ListenerTls tls = ListenerTls.load(listener(TlsTestFiles.server()));
                UpstreamTls client = trusting("ca.crt", Engine.best())) {
            assertThat(isComplete(client, tls)).isFalse();
            copy("root.crt", "ca.crt");

            client.reload();

            assertThat(isComplete(client, tls)).isTrue();
        }
    }

    private static boolean isComplete(UpstreamTls client, ListenerTls tls) {
        try (Handshake handshake = Handshake.between(client, tls, "localhost")) {
            return handshake.isComplete();
        }
    }

    @Test
    void whatIsClosedStaysClosed() throws Exception {
        TlsFiles files = hold("ec.key", "ec.crt");
        ListenerTls tls = ListenerTls.load(listener(files));
        tls.close();
        tls.close();

        tls.reload();

        assertThatThrownBy(() -> tls.newHandler(ByteBufAllocator.DEFAULT)).isInstanceOf(IllegalStateException.class);
    }
}
