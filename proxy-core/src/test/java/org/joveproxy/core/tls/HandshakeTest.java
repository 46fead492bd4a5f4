package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.joveproxy.core.tls.TlsTestFiles.files;
import static org.joveproxy.core.tls.TlsTestFiles.listener;
import static org.joveproxy.core.tls.TlsTestFiles.listenerThatRequestsCertificates;
import static org.joveproxy.core.tls.TlsTestFiles.protocol;
import static org.joveproxy.core.tls.TlsTestFiles.rules;
import static org.joveproxy.core.tls.TlsTestFiles.server;
import static org.joveproxy.core.tls.TlsTestFiles.trustingTheRoot;
import static org.joveproxy.core.tls.TlsTestFiles.upstream;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our listeners and our upstream connections, each on either engine, as the other side sees them. */
final class HandshakeTest {
    private static final String NAMED = "listener on {0}, upstream on {1}";

    static Stream<Arguments> engines() {
        return TlsTestFiles.PROVIDERS.stream()
                .flatMap(one -> TlsTestFiles.PROVIDERS.stream().map(other -> Arguments.of(one, other)));
    }

    @Test
    void boringSslIsThereAndIsPreferred() throws Exception {
        assertThat(OpenSsl.isAvailable()).isTrue();
        try (ListenerTls listener = ListenerTls.load(listener(server()));
                UpstreamTls upstream = UpstreamTls.load(UpstreamTlsConfig.DEFAULT)) {
            assertThat(listener.isNative()).isTrue();
            assertThat(upstream.isNative()).isTrue();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void everyNameAndAddressOfTheCertificateIsGood(SslProvider one, SslProvider other) throws Exception {
        for (String host : new String[] {
            "localhost",
            "LOCALHOST",
            "proxy.test",
            "proxy.test.",
            "any.wild.test",
            "127.0.0.1",
            "::1",
            "[::1]",
            "[0:0::0:1]"
        }) {
            try (Pair pair = Pair.of(listener(server()), one, upstream(trustingTheRoot()), other);
                    Handshake handshake = pair.connect(host)) {
                assertThat(handshake.clientFailure()).as(host).isNull();
                assertThat(handshake.isComplete()).as(host).isTrue();
                assertThat(handshake.protocol()).isEqualTo("TLSv1.3");
                assertThat(handshake.serverCertificates())
                        .containsExactly("CN=proxy.test", "CN=Jove test intermediate");
            }
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void everyOtherNameOrAddressIsRefused(SslProvider one, SslProvider other) throws Exception {
        for (String host : new String[] {"other.test", "wild.test", "a.b.wild.test", "127.0.0.2", "::2", "test"}) {
            try (Pair pair = Pair.of(listener(server()), one, upstream(trustingTheRoot()), other);
                    Handshake handshake = pair.connect(host)) {
                assertThat(handshake.clientFailure()).as(host).isNotNull();
                assertThat(handshake.isComplete()).as(host).isFalse();
            }
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void aServerOfAnUnknownAuthorityIsRefused(SslProvider one, SslProvider other) throws Exception {
        TlsFiles trustingAnother = files(null, null, "openssl/other-root.crt");

        try (Pair pair = Pair.of(listener(server()), one, upstream(trustingAnother), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.clientFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void withoutAuthoritiesTheJavaTrustStoreDecides(SslProvider one, SslProvider other) throws Exception {
        try (Pair pair = Pair.of(listener(server()), one, UpstreamTlsConfig.DEFAULT, other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.clientFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void anExpiredServerIsRefused(SslProvider one, SslProvider other) throws Exception {
        TlsFiles expired = files("openssl/server.key", "openssl/expired.crt", null);

        try (Pair pair = Pair.of(listener(expired), one, upstream(trustingTheRoot()), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.clientFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void insecureTakesAnyServer(SslProvider one, SslProvider other) throws Exception {
        TlsFiles expired = files("openssl/server.key", "openssl/expired.crt", null);
        UpstreamTlsConfig insecure = new UpstreamTlsConfig(TlsFiles.NONE, true, TlsRules.DEFAULT, Leniency.NONE);

        try (Pair pair = Pair.of(listener(expired), one, insecure, other);
                Handshake handshake = pair.connect("other.test")) {
            assertThat(handshake.isComplete()).isTrue();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void aClientThatIsNotAskedShowsNothing(SslProvider one, SslProvider other) throws Exception {
        TlsFiles client = files("openssl/client.key", "openssl/client.crt", "openssl/root.crt");

        try (Pair pair = Pair.of(listener(server()), one, upstream(client), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            assertThatThrownBy(handshake::clientCertificate).isInstanceOf(SSLPeerUnverifiedException.class);
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void aClientOfTheAuthorityIsLetIn(SslProvider one, SslProvider other) throws Exception {
        TlsFiles client = files("openssl/client.key", "openssl/client.crt", "openssl/root.crt");

        try (Pair pair = Pair.of(requiring("openssl/root.crt"), one, upstream(client), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.clientCertificate()).isEqualTo("CN=a client");
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void aClientWithoutCertificateIsRefusedWhenOneIsRequested(SslProvider one, SslProvider other) throws Exception {
        try (Pair pair = Pair.of(requiring("openssl/root.crt"), one, upstream(trustingTheRoot()), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.serverFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void aClientOfAnotherAuthorityIsRefused(SslProvider one, SslProvider other) throws Exception {
        TlsFiles stranger = files("openssl/stranger.key", "openssl/stranger.crt", "openssl/root.crt");

        try (Pair pair = Pair.of(requiring("openssl/root.crt"), one, upstream(stranger), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.serverFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void requestingWithoutAuthoritiesMeansTheJavaTrustStore(SslProvider one, SslProvider other) throws Exception {
        TlsFiles client = files("openssl/client.key", "openssl/client.crt", "openssl/root.crt");
        ListenerTlsConfig listener = listenerThatRequestsCertificates(server());

        try (Pair pair = Pair.of(listener, one, upstream(client), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.serverFailure()).isNotNull();
            assertThat(handshake.isComplete()).isFalse();
        }
    }

    private static ListenerTlsConfig requiring(String ca) {
        return listenerThatRequestsCertificates(files("openssl/server.key", "openssl/server-chain.crt", ca));
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void intermediatesComeFromTheAuthoritiesWhenTheCertificateStandsAlone(SslProvider one, SslProvider other)
            throws Exception {
        TlsFiles bare = files("openssl/server.key", "openssl/server.crt", "openssl/intermediate.crt");

        try (Pair pair = Pair.of(listener(bare), one, upstream(trustingTheRoot()), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.serverCertificates()).containsExactly("CN=proxy.test", "CN=Jove test intermediate");
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"localhost, JDK", "a.wild.test, JDK", "localhost, OPENSSL_REFCNT", "a.wild.test, OPENSSL_REFCNT"})
    void namesAreToldToTheServer(String host, SslProvider provider) throws Exception {
        try (Pair pair = Pair.of(listener(server()), SslProvider.JDK, upstream(trustingTheRoot()), provider);
                Handshake handshake = pair.connect(host)) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.serverNames()).containsExactly(host);
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"127.0.0.1, JDK", "[::1], JDK", "127.0.0.1, OPENSSL_REFCNT", "[::1], OPENSSL_REFCNT"})
    void addressesAreNotToldToTheServer(String host, SslProvider provider) throws Exception {
        try (Pair pair = Pair.of(listener(server()), SslProvider.JDK, upstream(trustingTheRoot()), provider);
                Handshake handshake = pair.connect(host)) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.serverNames()).isEmpty();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void http11IsTheProtocol(SslProvider one, SslProvider other) throws Exception {
        try (Pair pair = Pair.of(listener(server()), one, upstream(trustingTheRoot()), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.applicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @ParameterizedTest
    @CsvSource({"JDK", "OPENSSL_REFCNT"})
    void aClientThatOffersHttp2OnlyIsServedWithoutAProtocol(SslProvider provider) throws Exception {
        SslContext client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();

        try (ListenerTls listener = ListenerTls.load(listener(server()), provider);
                Handshake handshake = Handshake.between(client, listener)) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.applicationProtocol()).isNull();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void sessionsOfEitherVersionAreResumed(SslProvider one, SslProvider other) throws Exception {
        for (String version : new String[] {"TLSv1_2", "TLSv1_3"}) {
            try (Pair pair = Pair.of(listener(server(), protocol(version)), one, upstream(trustingTheRoot()), other)) {
                long firstWasThere;
                try (Handshake first = pair.connect("localhost")) {
                    assertThat(first.isComplete()).isTrue();
                    first.clientSession().putValue("mark", "first");
                    firstWasThere = System.currentTimeMillis();
                }

                try (Handshake second = pair.connect("localhost")) {
                    assertThat(second.isComplete()).isTrue();
                    assertThat(second.clientSession().getValue("mark"))
                            .as(version)
                            .isEqualTo("first");
                    // Not equal to the first's: a ticket can make its session a moment after the handshake.
                    assertThat(second.clientSession().getCreationTime()).isLessThanOrEqualTo(firstWasThere);
                }
            }
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void sessionsOfClientsWithACertificateAreResumed(SslProvider one, SslProvider other) throws Exception {
        TlsFiles client = files("openssl/client.key", "openssl/client.crt", "openssl/root.crt");

        try (Pair pair = Pair.of(requiring("openssl/root.crt"), one, upstream(client), other)) {
            try (Handshake first = pair.connect("localhost")) {
                assertThat(first.isComplete()).isTrue();
                first.clientSession().putValue("mark", "first");
            }

            try (Handshake second = pair.connect("localhost")) {
                assertThat(second.isComplete()).isTrue();
                assertThat(second.clientSession().getValue("mark")).isEqualTo("first");
                assertThat(second.clientCertificate()).isEqualTo("CN=a client");
            }
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void theVersionAskedForIsSpoken(SslProvider one, SslProvider other) throws Exception {
        try (Pair pair = Pair.of(listener(server(), protocol("TLSv1_2")), one, upstream(trustingTheRoot()), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.isComplete()).isTrue();
            assertThat(handshake.protocol()).isEqualTo("TLSv1.2");
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void theListenersOrderOfCiphersDecides(SslProvider one, SslProvider other) throws Exception {
        TlsRules rules = rules("TLSv1_2", "AES256+ECDHE+aRSA+AESGCM:CHACHA20:AESGCM");

        try (Pair pair = Pair.of(listener(server(), rules), one, upstream(trustingTheRoot()), other);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(handshake.cipherSuite()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        }
    }

    @Test
    void listsThatBoringSslCannotServeAreServedByTheJdk() throws Exception {
        for (TlsRules rules : new TlsRules[] {
            rules("TLSv1_2", "DHE-RSA-AES128-GCM-SHA256"),
            rules(null, "TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256")
        }) {
            try (Pair pair = Pair.of(
                            listener(server(), rules),
                            SslProvider.OPENSSL_REFCNT,
                            upstream(trustingTheRoot()),
                            SslProvider.JDK);
                    Handshake handshake = pair.connect("localhost")) {
                assertThat(pair.listener().isNative()).isFalse();
                assertThat(handshake.isComplete()).isTrue();
                assertThat(handshake.cipherSuite()).containsIgnoringCase("AES_128_GCM");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openssl/ec.key, openssl/ec.crt, true",
        "openssl/ed25519.key, openssl/ed25519.crt, false",
        "openssl/rsa-pss.key, openssl/rsa-pss.crt, false"
    })
    void everyKindOfKeyServes(String key, String certificate, boolean isNative) throws Exception {
        TlsFiles files = files(key, certificate, "openssl/intermediate.crt");

        try (Pair pair = Pair.of(
                        listener(files), SslProvider.OPENSSL_REFCNT, upstream(trustingTheRoot()), SslProvider.JDK);
                Handshake handshake = pair.connect("localhost")) {
            assertThat(pair.listener().isNative()).isEqualTo(isNative);
            assertThat(handshake.isComplete()).isTrue();
        }
    }

    @ParameterizedTest(name = NAMED)
    @MethodSource("engines")
    void connectionsOutliveTheirContext(SslProvider one, SslProvider other) throws Exception {
        Pair pair = Pair.of(listener(server()), one, upstream(trustingTheRoot()), other);

        try (Handshake handshake = pair.connect("localhost")) {
            pair.close();

            assertThat(handshake.isComplete()).isTrue();
        }
    }

    private record Pair(ListenerTls listener, UpstreamTls upstream) implements AutoCloseable {
        static Pair of(ListenerTlsConfig listener, SslProvider one, UpstreamTlsConfig upstream, SslProvider other)
                throws TlsConfigException {
            return new Pair(ListenerTls.load(listener, one), UpstreamTls.load(upstream, other));
        }

        Handshake connect(String host) {
            return Handshake.between(upstream, listener, host);
        }

        @Override
        public void close() {
            listener.close();
            upstream.close();
        }
    }
}
