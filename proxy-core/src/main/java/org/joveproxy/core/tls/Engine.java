package org.joveproxy.core.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which TLS implementation a role uses, with which versions and cipher suites.
 *
 * <p>BoringSSL is several times faster than the JDK, so it is taken wherever it can do what was asked for. Immutable.
 *
 * @param provider Netty's name of the implementation
 * @param versions the versions of TLS to speak
 * @param suites the cipher suites, most wanted first, those of TLS 1.3 included
 */
record Engine(SslProvider provider, List<String> versions, List<String> suites) {
    private static final Set<Integer> NATIVE_CURVE_BITS = Set.of(256, 384, 521);

    /**
     * Chooses for {@code rules}.
     *
     * @param preferred {@link SslProvider#OPENSSL_REFCNT} or {@link SslProvider#JDK}; the second also steps in where the
     *     first cannot do what was asked for
     */
    static Engine choose(SslProvider preferred, TlsRules rules, @Nullable Identity identity, List<String> warnings)
            throws TlsConfigException {
        List<String> versions = TlsVersions.of(rules.protocol(), warnings);
        CipherList ciphers = new CipherList(rules.ciphers());
        if (preferred == SslProvider.OPENSSL_REFCNT && canBeNative(identity, versions, ciphers)) {
            Engine engine = with(preferred, OpenSsl.availableJavaCipherSuites(), versions, ciphers);
            if (!engine.versions().isEmpty()) {
                return engine;
            }
        }
        Engine engine = with(SslProvider.JDK, suitesOfTheJdk(), versions, ciphers);
        if (engine.versions().isEmpty()) {
            throw new TlsConfigException("--ssl-ciphers=" + ciphers
                    + ": no cipher suite left (expected: an OpenSSL cipher list with at least one that is supported)");
        }
        return engine;
    }

    /** BoringSSL where its library could be loaded, else the JDK. */
    static SslProvider best() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    // BoringSSL offers all suites of TLS 1.3 or none, and has neither Ed25519 nor RSA-PSS certificates.
    private static boolean canBeNative(@Nullable Identity identity, List<String> versions, CipherList ciphers) {
        boolean wantsAllOfTls13 = !versions.contains(TlsVersions.TLS_1_3)
                || new HashSet<>(ciphers.suitesOfTls13()).containsAll(CipherList.TLS_1_3);
        return OpenSsl.isAvailable() && wantsAllOfTls13 && (identity == null || hasNativeKey(identity));
    }

    private static boolean hasNativeKey(Identity identity) {
        if (identity.key() instanceof ECKey key) {
            return NATIVE_CURVE_BITS.contains(key.getParams().getOrder().bitLength());
        }
        return identity.key().getAlgorithm().equals("RSA");
    }

    private static Engine with(
            SslProvider provider, Collection<String> supported, List<String> versions, CipherList ciphers)
            throws TlsConfigException {
        List<String> usable = new ArrayList<>();
        List<String> suites = new ArrayList<>();
        if (versions.contains(TlsVersions.TLS_1_3)) {
            addVersion(
                    TlsVersions.TLS_1_3,
                    ciphers.suitesOfTls13().stream().filter(supported::contains).toList(),
                    usable,
                    suites);
        }
        if (versions.contains(TlsVersions.TLS_1_2)) {
            addVersion(TlsVersions.TLS_1_2, ciphers.suitesOfTls12(supported), usable, suites);
        }
        return new Engine(provider, usable, suites);
    }

    private static void addVersion(String version, List<String> its, List<String> versions, List<String> suites) {
        if (!its.isEmpty()) {
            versions.add(version);
            suites.addAll(its);
        }
    }

    private static List<String> suitesOfTheJdk() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Empty, not null: nobody shakes hands with this one, so it need not read the trust store.
            context.init(new KeyManager[0], new TrustManager[0], null);
            return Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}
