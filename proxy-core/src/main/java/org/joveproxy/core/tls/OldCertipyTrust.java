package org.joveproxy.core.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Verifies peers where certificates of an old certipy are taken, see {@link Leniency#OLD_CERTIPY}.
 *
 * <p>The JDK's own check cannot do it: it parses every certificate anew. A chain of proper certificates that ends at a
 * proper authority is still left to it, whatever it says. For the others this class asks for all that OpenSSL asks
 * for: names that link up to a trusted authority, signatures, dates, the use allowed by key usage and extended key
 * usage, the right to sign and the length of the path, no critical extension left unread, no weak signature or key;
 * and for servers the host. It does not ask for revocation, as neither of them does by default.
 *
 * <p>Immutable.
 */
final class OldCertipyTrust extends X509ExtendedTrustManager {
    private static final int LONGEST_PATH = 10;
    private static final int SHORTEST_RSA_KEY = 1024;
    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final String ANY_USE = "2.5.29.37.0";
    // What hasUnsupportedCriticalExtension calls supported but only the JDK's own check would heed.
    private static final Set<String> UNHEEDED = Set.of(NAME_CONSTRAINTS, "2.5.29.36", "2.5.29.54");
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;

    private enum Purpose {
        SERVER("1.3.6.1.5.5.7.3.1"),
        CLIENT("1.3.6.1.5.5.7.3.2");

        private final String use;

        Purpose(String use) {
            this.use = use;
        }
    }

    private final List<X509Certificate> authorities;
    private final @Nullable X509ExtendedTrustManager proper;

    /**
     * @param authorities whom to trust, of either kind
     * @param proper the JDK's check with the proper ones of them, or null when there are none
     */
    OldCertipyTrust(List<X509Certificate> authorities, @Nullable X509ExtendedTrustManager proper) {
        this.authorities = List.copyOf(authorities);
        this.proper = proper;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509ExtendedTrustManager check = properCheck(chain);
        if (check != null) {
            check.checkServerTrusted(chain, authType, engine);
            return;
        }
        verify(chain, Purpose.SERVER);
        String host = engine.getPeerHost();
        if ("HTTPS".equals(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                && (host == null || !HostNames.match(chain[0], host))) {
            throw new CertificateException("the certificate is not for " + host);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509ExtendedTrustManager check = properCheck(chain);
        if (check != null) {
            check.checkClientTrusted(chain, authType, engine);
            return;
        }
        verify(chain, Purpose.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server cannot be verified without its host");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a client cannot be verified outside of its connection");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(X509Certificate[]::new);
    }

    // Null for a chain with an improper certificate in it or above it.
    private @Nullable X509ExtendedTrustManager properCheck(X509Certificate[] chain) {
        boolean isImproper = Arrays.stream(chain).anyMatch(OldCertipyCertificate.class::isInstance)
                || authorityAbove(chain[chain.length - 1])
                        .filter(OldCertipyCertificate.class::isInstance)
                        .isPresent();
        return isImproper ? null : proper;
    }

    private Optional<X509Certificate> authorityAbove(X509Certificate certificate) {
        return authorities.stream()
                .filter(authority -> authority.equals(certificate) || Certificates.isIssuedBy(certificate, authority))
                .findFirst();
    }

    private void verify(X509Certificate[] chain, Purpose purpose) throws CertificateException {
        X509Certificate certificate = chain[0];
        checkOne(certificate, purpose);
        checkMayUse(certificate, DIGITAL_SIGNATURE, "sign");
        int intermediates = 0;
        Optional<X509Certificate> authority = authorityAbove(certificate);
        while (authority.isEmpty()) {
            certificate = issuerIn(chain, certificate);
            checkIssuer(certificate, intermediates, purpose, false);
            if (++intermediates > LONGEST_PATH) {
                throw new CertificateException("the chain of certificates is too long");
            }
            authority = authorityAbove(certificate);
        }
        if (!authority.get().equals(chain[0])) {
            checkIssuer(authority.get(), intermediates, purpose, true);
        }
    }

    private static X509Certificate issuerIn(X509Certificate[] chain, X509Certificate certificate)
            throws CertificateException {
        return Arrays.stream(chain)
                .filter(candidate -> !candidate.equals(certificate))
                .filter(candidate -> Certificates.isIssuedBy(certificate, candidate))
                .findFirst()
                .orElseThrow(() -> new CertificateException(
                        "no trusted authority has issued " + certificate.getSubjectX500Principal()));
    }

    private static void checkIssuer(X509Certificate issuer, int intermediatesBelow, Purpose purpose, boolean isTrusted)
            throws CertificateException {
        checkOne(issuer, purpose);
        checkMayUse(issuer, KEY_CERT_SIGN, "issue certificates");
        if (longestPath(issuer, isTrusted) < intermediatesBelow) {
            throw new CertificateException(issuer.getSubjectX500Principal() + " may not issue this certificate");
        }
    }

    // An authority without extensions is as old as X.509 version 1 and good when it is trusted by itself.
    private static int longestPath(X509Certificate issuer, boolean isTrusted) {
        boolean isSilent = issuer.getExtensionValue("2.5.29.19") == null;
        return isSilent && isTrusted ? UNLIMITED : issuer.getBasicConstraints();
    }

    private static void checkOne(X509Certificate certificate, Purpose purpose) throws CertificateException {
        certificate.checkValidity();
        checkExtendedUse(certificate, purpose);
        checkCriticalExtensions(certificate);
        checkStrength(certificate);
    }

    private static void checkExtendedUse(X509Certificate certificate, Purpose purpose) throws CertificateException {
        List<String> uses = certificate.getExtendedKeyUsage();
        if (uses != null && !uses.contains(purpose.use) && !uses.contains(ANY_USE)) {
            throw new CertificateException(certificate.getSubjectX500Principal() + " is not for use as a "
                    + purpose.name().toLowerCase(Locale.ROOT));
        }
    }

    private static void checkMayUse(X509Certificate certificate, int bit, String what) throws CertificateException {
        boolean @Nullable [] usage = certificate.getKeyUsage();
        if (usage != null && !usage[bit]) {
            throw new CertificateException(certificate.getSubjectX500Principal() + " may not " + what);
        }
    }

    private static void checkCriticalExtensions(X509Certificate certificate) throws CertificateException {
        Set<String> unread = new HashSet<>(
                Optional.ofNullable(certificate.getCriticalExtensionOIDs()).orElse(Set.of()));
        unread.retainAll(UNHEEDED);
        if (certificate.hasUnsupportedCriticalExtension() || !unread.isEmpty()) {
            throw new CertificateException(
                    certificate.getSubjectX500Principal() + " has a critical extension that is not understood");
        }
    }

    private static void checkStrength(X509Certificate certificate) throws CertificateException {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean isWeakSignature = !Certificates.isSelfIssued(certificate)
                && (signature.startsWith("MD") || signature.startsWith("SHA1WITH"));
        boolean isWeakKey = certificate.getPublicKey() instanceof RSAKey rsa
                && rsa.getModulus().bitLength() < SHORTEST_RSA_KEY;
        if (isWeakSignature || isWeakKey) {
            throw new CertificateException(certificate.getSubjectX500Principal() + " is too weak");
        }
    }
}
