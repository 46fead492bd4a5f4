package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joveproxy.core.tls.TlsTestFiles.files;
import static org.joveproxy.core.tls.TlsTestFiles.listener;
import static org.joveproxy.core.tls.TlsTestFiles.path;
import static org.joveproxy.core.tls.TlsTestFiles.rules;
import static org.joveproxy.core.tls.TlsTestFiles.server;
import static org.joveproxy.core.tls.TlsTestFiles.upstream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files a role takes, and the one line that an operator gets about every mistake. */
final class TlsFilesTest {
    @TempDir
    private Path folder;

    @Test
    void keyAndChainMayShareOneFileNamedOnce() throws Exception {
        for (TlsFiles shared : new TlsFiles[] {
            files("openssl/server-all-in-one.pem", null, null), files(null, "openssl/server-all-in-one.pem", null)
        }) {
            try (ListenerTls listener = ListenerTls.load(listener(shared))) {
                assertThat(listener.expiresAt()).isAfter(Instant.parse("2100-01-01T00:00:00Z"));
            }
        }
    }

    @Test
    void filesFromWindowsAreRead() throws Exception {
        Path key = folder.resolve("windows.key");
        Files.writeString(
                key,
                "\uFEFF" + Files.readString(path("openssl/server-pkcs1.key")).replace("\n", "\r\n"));

        try (ListenerTls listener =
                ListenerTls.load(listener(new TlsFiles(key, path("openssl/server-chain.crt"), null, null)))) {
            assertThat(listener.warnings()).isEmpty();
        }
    }

    @Test
    void anEncryptedKeyServes() throws Exception {
        TlsFiles encrypted =
                files("openssl/server-pbes2-aes256-sha256.key", "openssl/server.crt", null, TlsTestFiles.PASSPHRASE);

        try (ListenerTls listener = ListenerTls.load(listener(encrypted))) {
            assertThat(listener.isNative()).isTrue();
        }
    }

    @Test
    void thePassphraseIsNotPrinted() {
        assertThat(files("openssl/server.key", null, null, "secret")).asString().doesNotContain("secret");
    }

    @Test
    void theFilesToWatchAreThoseNamed() {
        TlsFiles shared = files("openssl/server-all-in-one.pem", "openssl/server-all-in-one.pem", "openssl/root.crt");

        assertThat(shared.all()).containsExactly(path("openssl/server-all-in-one.pem"), path("openssl/root.crt"));
        assertThat(TlsFiles.NONE.all()).isEmpty();
    }

    @Test
    void aListenerNeedsKeyAndCertificate() {
        refused(TlsFiles.NONE, "neither a key nor a certificate given (expected: both)");
        refused(
                files(null, "openssl/server.crt", null),
                path("openssl/server.crt") + ": a certificate without its private key (expected: a key file too)");
        refused(
                files("openssl/server.key", null, null),
                path("openssl/server.key") + ": no certificate found (expected: a block -----BEGIN CERTIFICATE-----)");
    }

    @Test
    void anUpstreamCertificateNeedsItsKey() {
        assertThatThrownBy(() -> UpstreamTls.load(upstream(files(null, "openssl/client.crt", "openssl/root.crt"))))
                .isInstanceOf(TlsConfigException.class)
                .hasMessage(path("openssl/client.crt")
                        + ": a certificate without its private key (expected: a key file too)");
    }

    @Test
    void theKeyHasToBeThatOfTheFirstCertificate() {
        for (String other : new String[] {"openssl/client.key", "openssl/ec.key", "openssl/ed25519.key"}) {
            refused(
                    files(other, "openssl/server-chain.crt", null),
                    path(other) + ": the private key does not match the first certificate in "
                            + path("openssl/server-chain.crt"));
        }
    }

    @Test
    void missingAndUnreadableFilesAreNamed() {
        Path missing = folder.resolve("missing.pem");

        refused(new TlsFiles(missing, path("openssl/server.crt"), null, null), missing + ": no such file");
        refused(new TlsFiles(path("openssl/server.key"), missing, null, null), missing + ": no such file");
        refused(
                new TlsFiles(path("openssl/server.key"), path("openssl/server.crt"), missing, null),
                missing + ": no such file");
        assertThatThrownBy(
                        () -> ListenerTls.load(listener(new TlsFiles(folder, path("openssl/server.crt"), null, null))))
                .isInstanceOf(TlsConfigException.class)
                .hasMessageStartingWith(folder + ": cannot be read: ");
    }

    @Test
    void damagedCertificatesAreCounted() throws Exception {
        Path chain = folder.resolve("chain.crt");
        Files.writeString(
                chain, Files.readString(path("openssl/server.crt")) + Files.readString(path("openssl/damaged.crt")));
        TlsFiles files = new TlsFiles(path("openssl/server.key"), chain, null, null);

        assertThatThrownBy(() -> ListenerTls.load(listener(files)))
                .isInstanceOf(TlsConfigException.class)
                .hasMessageStartingWith(chain + ": certificate 2 is damaged: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void damagedBase64IsNamed() throws Exception {
        Path cut = folder.resolve("cut.crt");
        String whole = Files.readString(path("openssl/server.crt"), StandardCharsets.US_ASCII);
        Files.writeString(cut, whole.replaceFirst("[A-Za-z0-9]\n", "\n"));
        TlsFiles files = new TlsFiles(path("openssl/server.key"), cut, null, null);

        refused(files, cut + ": the block BEGIN CERTIFICATE is damaged (expected: base64)");
    }

    @Test
    void flagsWithoutEffectAreWarnedOf() throws Exception {
        TlsRules rules = new TlsRules("SSLv3", null, true, path("openssl/dhparam.pem"));

        try (ListenerTls listener = ListenerTls.load(listener(server(), rules))) {
            assertThat(listener.warnings())
                    .containsExactly(
                            "--ssl-allow-rc4: ignored, RC4 is not to be had any more",
                            "--ssl-dhparam=" + path("openssl/dhparam.pem") + ": ignored, sound parameters are built in",
                            "--ssl-protocol=SSLv3: too old to be offered, TLS 1.2 and 1.3 are used instead");
        }
    }

    @Test
    void anExpiredCertificateIsWarnedOf() throws Exception {
        TlsFiles expired = files("openssl/server.key", "openssl/expired.crt", null);

        try (ListenerTls listener = ListenerTls.load(listener(expired))) {
            assertThat(listener.expiresAt()).isEqualTo("2020-01-01T00:00:00Z");
            assertThat(listener.warnings())
                    .containsExactly(path("openssl/expired.crt") + ": the certificate expired at 2020-01-01T00:00:00Z");
        }
    }

    @Test
    void aCipherListHasToLeaveSomething() {
        assertThatThrownBy(() -> ListenerTls.load(listener(server(), rules("TLSv1_2", "RC4:NO-SUCH-SUITE"))))
                .isInstanceOf(TlsConfigException.class)
                .hasMessage("--ssl-ciphers=RC4:NO-SUCH-SUITE: no cipher suite left"
                        + " (expected: an OpenSSL cipher list with at least one that is supported)");
    }

    @Test
    void aListOfTls13SuitesAloneMeansTls13Alone() throws Exception {
        try (ListenerTls listener = ListenerTls.load(listener(server(), rules(null, "TLS_AES_256_GCM_SHA384")))) {
            assertThat(listener.versions()).containsExactly("TLSv1.3");
            assertThat(listener.cipherSuites()).containsExactly("TLS_AES_256_GCM_SHA384");
        }
    }

    private static void refused(TlsFiles files, String message) {
        assertThatThrownBy(() -> ListenerTls.load(listener(files)))
                .isInstanceOf(TlsConfigException.class)
                .hasMessage(message);
    }
}
