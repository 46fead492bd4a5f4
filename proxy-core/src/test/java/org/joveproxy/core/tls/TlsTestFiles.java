package org.joveproxy.core.tls;

import io.netty.handler.ssl.SslProvider;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys and certificates of the tests, see the README beside them.
 *
 * <p>Any thread may call any method.
 */
final class TlsTestFiles {
    static final String PASSPHRASE = "correct horse";
    static final List<SslProvider> PROVIDERS = List.of(SslProvider.OPENSSL_REFCNT, SslProvider.JDK);

    private TlsTestFiles() {}

    static Path path(String name) {
        URL url = TlsTestFiles.class.getResource("/tls/" + name);
        if (url == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: a file of the test data)");
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files of a role; a null name means no such file. */
    static TlsFiles files(@Nullable String key, @Nullable String certificate, @Nullable String ca) {
        return files(key, certificate, ca, null);
    }

    static TlsFiles files(
            @Nullable String key, @Nullable String certificate, @Nullable String ca, @Nullable String passphrase) {
        return new TlsFiles(pathOrNull(key), pathOrNull(certificate), pathOrNull(ca), passphrase);
    }

    private static @Nullable Path pathOrNull(@Nullable String name) {
        return name == null ? null : path(name);
    }

    static ListenerTlsConfig listener(TlsFiles files) {
        return new ListenerTlsConfig(files, false, TlsRules.DEFAULT, Leniency.NONE);
    }

    static ListenerTlsConfig listener(TlsFiles files, TlsRules rules) {
        return new ListenerTlsConfig(files, false, rules, Leniency.NONE);
    }

    static ListenerTlsConfig listenerThatRequestsCertificates(TlsFiles files) {
        return new ListenerTlsConfig(files, true, TlsRules.DEFAULT, Leniency.NONE);
    }

    static UpstreamTlsConfig upstream(TlsFiles files) {
        return new UpstreamTlsConfig(files, false, TlsRules.DEFAULT, Leniency.NONE);
    }

    static TlsRules protocol(String protocol) {
        return new TlsRules(protocol, null, false, null);
    }

    static TlsRules rules(@Nullable String protocol, @Nullable String ciphers) {
        return new TlsRules(protocol, ciphers, false, null);
    }

    /** The usual listener: proxy.test, localhost and the loopback addresses, signed by the intermediate. */
    static TlsFiles server() {
        return files("openssl/server.key", "openssl/server-chain.crt", null);
    }

    /** A client that trusts the root and has no certificate. */
    static TlsFiles trustingTheRoot() {
        return files(null, null, "openssl/root.crt");
    }
}
