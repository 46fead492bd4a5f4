package org.joveproxy.core.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads certificates from PEM files, with the JDK's own parser first and {@link OldCertipyCertificate} where allowed.
 *
 * <p>Any thread may call any method.
 */
final class Certificates {
    private static final String TYPE = "X.509";

    private Certificates() {}

    /** All certificates of the file, in order, at least one. */
    static List<X509Certificate> read(Path path, Leniency leniency) throws TlsConfigException {
        return read(PemFile.read(path), leniency);
    }

    /** All certificates of {@code pem}, in order, at least one. */
    static List<X509Certificate> read(PemFile pem, Leniency leniency) throws TlsConfigException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : pem.blocksThatEndIn("CERTIFICATE")) {
            certificates.add(parse(pem.path(), certificates.size() + 1, block.data(), leniency));
        }
        if (certificates.isEmpty()) {
            throw new TlsConfigException(
                    pem.path() + ": no certificate found (expected: a block -----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate parse(Path path, int number, byte[] data, Leniency leniency)
            throws TlsConfigException {
        try {
            return parseStrictly(data);
        } catch (CertificateException e) {
            if (!OldCertipyCertificate.looksLike(data)) {
                throw new TlsConfigException(path + ": certificate " + number + " is damaged: " + e.getMessage(), e);
            }
            if (leniency == Leniency.NONE) {
                throw new TlsConfigException(
                        path + ": certificate " + number + " says version 1 but has extensions, as certipy before 0.2"
                                + " made them (expected: a version 3 certificate)",
                        e);
            }
        }
        try {
            return OldCertipyCertificate.parse(data);
        } catch (CertificateException e) {
            throw new TlsConfigException(path + ": certificate " + number + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Parses one certificate with a parser that knows no leniency. */
    static X509Certificate parseStrictly(byte[] data) throws CertificateException {
        return (X509Certificate) strictFactory().generateCertificate(new ByteArrayInputStream(data));
    }

    /** The first factory of this JVM that is not {@link OldCertipyProvider}'s. */
    static CertificateFactory strictFactory() throws CertificateException {
        Provider[] providers = Security.getProviders("CertificateFactory." + TYPE);
        if (providers != null) {
            for (Provider provider : providers) {
                if (!(provider instanceof OldCertipyProvider)) {
                    return CertificateFactory.getInstance(TYPE, provider);
                }
            }
        }
        throw new CertificateException(new NoSuchAlgorithmException(TYPE));
    }

    /** Whether {@code certificate} names itself as its issuer. */
    static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** Whether {@code issuer} has the issuer's name of {@code certificate} and made its signature. */
    static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
