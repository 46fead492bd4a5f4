package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joveproxy.core.tls.TlsTestFiles.files;
import static org.joveproxy.core.tls.TlsTestFiles.path;
import static org.joveproxy.core.tls.TlsTestFiles.trustingTheRoot;

import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JupyterHub's internal_ssl with the certificates of either certipy, both ways through the proxy. */
final class OldCertipyTest {
    private static final String OLD = "certipy-0.1";
    private static final String NEW = "certipy-0.2";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void theHubReachesTheApi(String generation) throws Exception {
        try (ListenerTls api = api(generation);
                UpstreamTls hub = lenientUpstream(pair(generation, "hub-internal", "hub-ca"));
                Handshake handshake = Handshake.between(hub, api, "localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.serverCertificates()).containsExactly("CN=proxy-api");
            assertThat(handshake.clientCertificate()).isEqualTo("CN=hub-internal");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void theProxyReachesHubAndServers(String generation) throws Exception {
        for (String name : new String[] {"hub-internal", "user-ada"}) {
            String trust = name.equals("user-ada") ? "notebooks-ca" : "hub-ca";
            try (ListenerTls server = lenientListener(pair(generation, name, trust));
                    UpstreamTls proxy = proxy(generation);
                    Handshake handshake = Handshake.between(proxy, server, "127.0.0.1")) {
                assertThat(handshake.isComplete()).isTrue();
                assertThat(handshake.serverCertificates()).containsExactly("CN=" + name);
                assertThat(handshake.clientCertificate()).isEqualTo("CN=proxy-client");
            }
        }
    }

    @Test
    void aServerAddedAfterAnUpgradeOfCertipyIsReached() throws Exception {
        try (ListenerTls server = lenientListener(pair(OLD, "user-bob", "notebooks-ca"));
                UpstreamTls proxy = proxy(OLD);
                Handshake handshake = Handshake.between(proxy, server, "localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.serverCertificates()).containsExactly("CN=user-bob");
        }
    }

    // The JDK cannot read such certificates back from a session ticket; it then shakes hands in full.
    @Test
    void aSecondConnectionIsAsGoodAsTheFirst() throws Exception {
        try (ListenerTls server = lenientListener(pair(OLD, "user-ada", "notebooks-ca"));
                UpstreamTls proxy = proxy(OLD)) {
            for (int i = 0; i < 2; i++) {
                try (Handshake handshake = Handshake.between(proxy, server, "localhost")) {
                    assertThat(handshake.isComplete()).isTrue();
                    assertThat(handshake.clientCertificate()).isEqualTo("CN=proxy-client");
                }
            }
        }
    }

    @Test
    void onlyOldCertificatesNeedTheJdk() throws Exception {
        try (ListenerTls old = api(OLD);
                ListenerTls recent = api(NEW)) {
            assertThat(old.isNative()).isFalse();
            assertThat(recent.isNative()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void aServerOfAnotherNameIsRefused(String generation) throws Exception {
        for (String host : new String[] {"127.0.0.2", "jupyter-eve", "localhost.test", "::1"}) {
            try (ListenerTls server = lenientListener(pair(generation, "user-ada", "notebooks-ca"));
                    UpstreamTls proxy = proxy(generation);
                    Handshake handshake = Handshake.between(proxy, server, host)) {
                assertThat(handshake.clientFailure()).as(host).isNotNull();
                assertThat(handshake.isComplete()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void aServerOfAnotherAuthorityIsRefused(String generation) throws Exception {
        try (ListenerTls server = lenientListener(pair(generation, "stranger", "notebooks-ca"));
                UpstreamTls proxy = proxy(generation);
                Handshake handshake = Handshake.between(proxy, server, "localhost")) {
            assertThat(handshake.clientFailure())
                    .hasStackTraceContaining(generation.equals(OLD) ? "no trusted authority has issued" : "PKIX");
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @Test
    void aServerWhoseCertificateIsOverIsRefused() throws Exception {
        try (ListenerTls server = lenientListener(pair(OLD, "user-expired", "notebooks-ca"));
                UpstreamTls proxy = proxy(OLD);
                Handshake handshake = Handshake.between(proxy, server, "localhost")) {
            assertThat(handshake.clientFailure()).hasStackTraceContaining("NotAfter");
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void aClientOfAnotherAuthorityIsRefused(String generation) throws Exception {
        try (ListenerTls api = api(generation);
                UpstreamTls stranger = lenientUpstream(pair(generation, "stranger", "hub-ca"));
                Handshake handshake = Handshake.between(stranger, api, "localhost")) {
            assertThat(handshake.serverFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void aClientWithoutCertificateIsRefused(String generation) throws Exception {
        try (ListenerTls api = api(generation);
                UpstreamTls nobody = lenientUpstream(files(null, null, generation + "/hub-ca_trust.crt"));
                Handshake handshake = Handshake.between(nobody, api, "localhost")) {
            assertThat(handshake.serverFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @Test
    void aCertificateThatWasTamperedWithIsRefused() throws Exception {
        Path forged = folder.resolve("forged.crt");
        byte[] certificate = der("user-ada");
        byte[] evil = new String(certificate, StandardCharsets.ISO_8859_1)
                .replace("jupyter-ada", "jupyter-eve")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(evil).isNotEqualTo(certificate);
        Files.writeString(forged, pem(evil));
        TlsFiles files = new TlsFiles(path(OLD + "/user-ada.key"), forged, path(OLD + "/notebooks-ca_trust.crt"), null);

        try (ListenerTls server = lenientListener(files);
                UpstreamTls proxy = proxy(OLD);
                Handshake handshake = Handshake.between(proxy, server, "jupyter-eve")) {
            assertThat(handshake.clientFailure()).hasStackTraceContaining("no trusted authority has issued");
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @Test
    void rolesThatAreNotLenientTakeNoSuchFiles() {
        assertThatThrownBy(() -> ListenerTls.load(TlsTestFiles.listener(pair(OLD, "proxy-api", "proxy-api-ca"))))
                .isInstanceOf(TlsConfigException.class)
                .hasMessage(path(OLD + "/proxy-api-ca_trust.crt")
                        + ": certificate 1 says version 1 but has extensions, as certipy before 0.2 made them"
                        + " (expected: a version 3 certificate)");
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void rolesThatAreNotLenientTakeNoSuchPeersEither(SslProvider provider) throws Exception {
        TlsFiles strictServer =
                files("openssl/server.key", "openssl/server-chain.crt", NEW + "/notebooks-ca_trust.crt");
        ListenerTlsConfig strict = TlsTestFiles.listenerThatRequestsCertificates(strictServer);
        TlsFiles oldClient = new TlsFiles(
                path(OLD + "/proxy-client.key"), path(OLD + "/proxy-client.crt"), path("openssl/root.crt"), null);

        try (ListenerTls listener = ListenerTls.load(strict, provider);
                UpstreamTls client = lenientUpstream(oldClient);
                Handshake handshake = Handshake.between(client, listener, "localhost")) {
            assertThat(handshake.serverFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
        try (ListenerTls oldServer = lenientListener(pair(OLD, "user-ada", "notebooks-ca"));
                UpstreamTls client = UpstreamTls.load(TlsTestFiles.upstream(trustingTheRoot()), provider);
                Handshake handshake = Handshake.between(client, oldServer, "localhost")) {
            assertThat(handshake.clientFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @Test
    void whatThePeerGetsAreTheOriginalBytes() throws Exception {
        byte[] original = der("user-ada");

        X509Certificate certificate = OldCertipyCertificate.parse(original);

        assertThat(certificate.getEncoded()).isEqualTo(original);
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber()).isZero();
        assertThat(certificate.getExtendedKeyUsage()).hasSize(2);
        assertThat(certificate.getSubjectAlternativeNames())
                .contains(List.of(2, "jupyter-ada"), List.of(7, "127.0.0.1"));
        List<X509Certificate> authorities =
                Certificates.read(path(OLD + "/proxy-client-ca_trust.crt"), Leniency.OLD_CERTIPY);
        certificate.verify(authorities.get(1).getPublicKey());
        assertThatThrownBy(() -> certificate.verify(authorities.get(0).getPublicKey()))
                .isInstanceOf(java.security.SignatureException.class);
    }

    @Test
    void theProviderReadsOneCertificateAfterAnother() throws Exception {
        OldCertipyProvider.install();
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(der("user-ada"));
        both.writeBytes(der("user-bob"));
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        ByteArrayInputStream in = new ByteArrayInputStream(both.toByteArray());

        assertThat(factory.generateCertificate(in)).isInstanceOf(OldCertipyCertificate.class);
        assertThat(factory.generateCertificate(in)).isNotInstanceOf(OldCertipyCertificate.class);
        assertThat(in.available()).isZero();
    }

    @Test
    void theProviderRefusesWhatTheJdkRefuses() {
        OldCertipyProvider.install();

        assertThatThrownBy(() -> CertificateFactory.getInstance("X.509")
                        .generateCertificate(Files.newInputStream(path("openssl/damaged.crt"))))
                .isInstanceOf(CertificateException.class);
    }

    private static byte[] der(String name) throws TlsConfigException {
        return PemFile.read(path(OLD + "/" + name + ".crt")).blocks().get(0).data();
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }

    private static TlsFiles pair(String generation, String name, String trust) {
        String base = generation + "/";
        return files(base + name + ".key", base + name + ".crt", base + trust + "_trust.crt");
    }

    private static ListenerTls api(String generation) throws TlsConfigException {
        return lenientListener(pair(generation, "proxy-api", "proxy-api-ca"));
    }

    private static UpstreamTls proxy(String generation) throws TlsConfigException {
        return lenientUpstream(pair(generation, "proxy-client", "proxy-client-ca"));
    }

    private static ListenerTls lenientListener(TlsFiles files) throws TlsConfigException {
        return ListenerTls.load(new ListenerTlsConfig(files, true, TlsRules.DEFAULT, Leniency.OLD_CERTIPY));
    }

    private static UpstreamTls lenientUpstream(TlsFiles files) throws TlsConfigException {
        return UpstreamTls.load(new UpstreamTlsConfig(files, false, TlsRules.DEFAULT, Leniency.OLD_CERTIPY));
    }
}
