package org.joveproxy.core.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a role has loaded from its files and rules, and the settings that a listener and upstreams share.
 *
 * <p>Immutable.
 *
 * @param files where all this was read from
 * @param identity who we say we are, or null for a client that shows no certificate
 * @param authorities whom to trust; empty for the Java trust store
 * @param engine the TLS implementation chosen
 * @param warnings what the operator should know, one line each
 */
record Material(
        TlsFiles files,
        @Nullable Identity identity,
        List<X509Certificate> authorities,
        Engine engine,
        List<String> warnings) {
    // Enough for everybody behind one proxy, and bounded: a session costs one to three kilobytes.
    private static final int SESSIONS = 2_048;
    private static final long SESSION_SECONDS = TimeUnit.HOURS.toSeconds(1);

    Material {
        authorities = List.copyOf(authorities);
        warnings = List.copyOf(warnings);
    }

    /** Reads the files of one role and chooses its engine, {@code preferred} if that one can do it. */
    static Material load(
            TlsFiles files, boolean needsIdentity, TlsRules rules, Leniency leniency, SslProvider preferred)
            throws TlsConfigException {
        List<String> warnings = new ArrayList<>();
        noteIgnored(rules, warnings);
        List<X509Certificate> authorities = Identity.authorities(files.ca(), leniency);
        Identity identity =
                needsIdentity || files.namesAnIdentity() ? Identity.read(files, authorities, leniency) : null;
        SslProvider provider = hasOldCertipy(identity, authorities) ? SslProvider.JDK : preferred;
        String trouble = identity == null ? null : trouble(identity, files);
        if (trouble != null) {
            warnings.add(trouble);
        }
        Engine engine = Engine.choose(provider, rules, identity, warnings);
        return new Material(files, identity, authorities, engine, warnings);
    }

    private static void noteIgnored(TlsRules rules, List<String> warnings) throws TlsConfigException {
        if (rules.allowsRc4()) {
            warnings.add("--ssl-allow-rc4: ignored, RC4 is not to be had any more");
        }
        if (rules.dhparam() != null) {
            PemFile.read(rules.dhparam());
            warnings.add("--ssl-dhparam=" + rules.dhparam() + ": ignored, sound parameters are built in");
        }
    }

    private static @Nullable String trouble(Identity identity, TlsFiles files) {
        X509Certificate certificate = identity.certificate();
        String file = String.valueOf(files.certificate() == null ? files.key() : files.certificate());
        try {
            certificate.checkValidity();
            return null;
        } catch (CertificateExpiredException e) {
            return file + ": the certificate expired at "
                    + certificate.getNotAfter().toInstant();
        } catch (CertificateNotYetValidException e) {
            return file + ": the certificate is not valid before "
                    + certificate.getNotBefore().toInstant();
        }
    }

    /** Why nobody should believe our certificate now, or null when it is valid or there is none. */
    @Nullable
    String trouble() {
        return identity == null ? null : trouble(identity, files);
    }

    /** Whose certificate we show and until when it is valid, for the log; or that there is none. */
    String summary() {
        if (identity == null) {
            return authorities.size() + " authorities, no certificate of our own";
        }
        X509Certificate certificate = identity.certificate();
        return certificate.getSubjectX500Principal() + ", valid until "
                + certificate.getNotAfter().toInstant();
    }

    /** When our own certificate ends, or null when there is none. */
    @Nullable
    Instant expiresAt() {
        return identity == null ? null : identity.certificate().getNotAfter().toInstant();
    }

    private static boolean hasOldCertipy(@Nullable Identity identity, List<X509Certificate> authorities) {
        Stream<X509Certificate> own = identity == null ? Stream.of() : identity.chain().stream();
        return Stream.concat(own, authorities.stream()).anyMatch(OldCertipyCertificate.class::isInstance);
    }

    boolean isNative() {
        return engine.provider() != SslProvider.JDK;
    }

    /** Shows {@code whom}; BoringSSL gets to keep it in its own form instead of reading it at every handshake. */
    KeyManagerFactory keyManagers(Identity whom) {
        KeyManagerFactory factory = new FixedKeyManagerFactory(whom);
        return isNative() ? new OpenSslCachingX509KeyManagerFactory(factory) : factory;
    }

    /** Trusts {@link #authorities}, with their peculiarities. */
    void trustAuthorities(SslContextBuilder builder) throws SSLException {
        if (hasOldCertipy(identity, authorities)) {
            OldCertipyProvider.install();
            builder.trustManager(new OldCertipyTrust(authorities, javaTrust()));
        } else if (!authorities.isEmpty()) {
            builder.trustManager(authorities);
        }
    }

    // The JDK's own check with the proper authorities, with the Java trust store when no authority was given, or null
    // when all that were given are improper: the JDK's check breaks down without anybody to trust.
    private @Nullable X509ExtendedTrustManager javaTrust() throws SSLException {
        List<X509Certificate> proper = authorities.stream()
                .filter(authority -> !(authority instanceof OldCertipyCertificate))
                .toList();
        if (proper.isEmpty() && !authorities.isEmpty()) {
            return null;
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(proper.isEmpty() ? null : keyStore(proper));
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new SSLException("this Java verifies no X.509 certificates"));
        } catch (GeneralSecurityException | IOException e) {
            throw new SSLException("cannot use the authorities", e);
        }
    }

    private static KeyStore keyStore(List<X509Certificate> certificates) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate certificate : certificates) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        return store;
    }

    /** Builds the context with what both roles have in common. */
    SslContext build(SslContextBuilder builder) throws SSLException {
        SslContext context = builder.sslProvider(engine.provider())
                .protocols(engine.versions())
                .ciphers(engine.suites())
                .applicationProtocolConfig(http11())
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_SECONDS)
                .build();
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            // No keys of our own: BoringSSL makes them and changes them every other day. Netty has tickets off for
            // TLS 1.2 until somebody sets keys.
            sessions.setTicketKeys();
        }
        return context;
    }

    // Node offers exactly this on both sides. A peer that knows only other protocols is served all the same.
    private static ApplicationProtocolConfig http11() {
        return new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_1_1);
    }
}
