package org.joveproxy.core.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Principal;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as certipy before 0.2 made it: it says version 1 and has the extensions of version 3.
 *
 * <p>OpenSSL, and so Node and Python, take such a certificate; the JDK's parser refuses it. This one shows the fields
 * and extensions that the parser finds in a copy with the version put in. What was signed, and what is sent, are the
 * original bytes.
 *
 * <p>Immutable.
 */
final class OldCertipyCertificate extends X509Certificate {
    private static final long serialVersionUID = 1;
    // [0] EXPLICIT INTEGER 2 means version 3 (RFC 5280 4.1)
    private static final byte[] VERSION_3 = {(byte) Der.explicit(0), 3, Der.INTEGER, 1, 2};

    private final byte[] encoded;
    private final byte[] signedPart;
    private final transient X509Certificate content;

    private OldCertipyCertificate(byte[] encoded, byte[] signedPart, X509Certificate content) {
        this.encoded = encoded;
        this.signedPart = signedPart;
        this.content = content;
    }

    /** Whether {@code data} is a certificate without a version and with extensions. */
    static boolean looksLike(byte[] data) {
        try {
            Der fields = new Der(data).enter(Der.SEQUENCE).enter(Der.SEQUENCE);
            if (fields.nextIs(Der.explicit(0))) {
                return false;
            }
            while (fields.hasMore() && !fields.nextIs(Der.explicit(3))) {
                fields.whole();
            }
            return fields.hasMore();
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static OldCertipyCertificate parse(byte[] data) throws CertificateException {
        try {
            Der certificate = new Der(data).enter(Der.SEQUENCE);
            byte[] signedPart = certificate.whole();
            byte[] fields = new Der(signedPart).content(Der.SEQUENCE);
            byte[] withVersion =
                    Der.element(Der.SEQUENCE, Der.element(Der.SEQUENCE, VERSION_3, fields), certificate.rest());
            return new OldCertipyCertificate(data.clone(), signedPart, Certificates.parseStrictly(withVersion));
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateParsingException(e.getMessage(), e);
        }
    }

    @Override
    public byte[] getEncoded() {
        return encoded.clone();
    }

    @Override
    public byte[] getTBSCertificate() {
        return signedPart.clone();
    }

    @Override
    public void verify(PublicKey key)
            throws CertificateException, NoSuchAlgorithmException, InvalidKeyException, NoSuchProviderException,
                    SignatureException {
        verify(key, Signature.getInstance(getSigAlgName()));
    }

    @Override
    public void verify(PublicKey key, String provider)
            throws CertificateException, NoSuchAlgorithmException, InvalidKeyException, NoSuchProviderException,
                    SignatureException {
        verify(key, Signature.getInstance(getSigAlgName(), provider));
    }

    @Override
    public void verify(PublicKey key, @Nullable Provider provider)
            throws CertificateException, NoSuchAlgorithmException, InvalidKeyException, SignatureException {
        verify(
                key,
                provider == null
                        ? Signature.getInstance(getSigAlgName())
                        : Signature.getInstance(getSigAlgName(), provider));
    }

    private void verify(PublicKey key, Signature signature) throws InvalidKeyException, SignatureException {
        signature.initVerify(key);
        signature.update(signedPart);
        if (!signature.verify(getSignature())) {
            throw new SignatureException("signature does not match");
        }
    }

    @Override
    public int getVersion() {
        return content.getVersion();
    }

    @Override
    public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
        content.checkValidity();
    }

    @Override
    public void checkValidity(Date date) throws CertificateExpiredException, CertificateNotYetValidException {
        content.checkValidity(date);
    }

    @Override
    public BigInteger getSerialNumber() {
        return content.getSerialNumber();
    }

    @Override
    @Deprecated
    public Principal getIssuerDN() {
        return content.getIssuerX500Principal();
    }

    @Override
    public X500Principal getIssuerX500Principal() {
        return content.getIssuerX500Principal();
    }

    @Override
    @Deprecated
    public Principal getSubjectDN() {
        return content.getSubjectX500Principal();
    }

    @Override
    public X500Principal getSubjectX500Principal() {
        return content.getSubjectX500Principal();
    }

    @Override
    public Date getNotBefore() {
        return content.getNotBefore();
    }

    @Override
    public Date getNotAfter() {
        return content.getNotAfter();
    }

    @Override
    public byte[] getSignature() {
        return content.getSignature();
    }

    @Override
    public String getSigAlgName() {
        return content.getSigAlgName();
    }

    @Override
    public String getSigAlgOID() {
        return content.getSigAlgOID();
    }

    @Override
    public byte @Nullable [] getSigAlgParams() {
        return content.getSigAlgParams();
    }

    @Override
    public boolean @Nullable [] getIssuerUniqueID() {
        return content.getIssuerUniqueID();
    }

    @Override
    public boolean @Nullable [] getSubjectUniqueID() {
        return content.getSubjectUniqueID();
    }

    @Override
    public boolean @Nullable [] getKeyUsage() {
        return content.getKeyUsage();
    }

    @Override
    public @Nullable List<String> getExtendedKeyUsage() throws CertificateParsingException {
        return content.getExtendedKeyUsage();
    }

    @Override
    public int getBasicConstraints() {
        return content.getBasicConstraints();
    }

    @Override
    public @Nullable Collection<List<?>> getSubjectAlternativeNames() throws CertificateParsingException {
        return content.getSubjectAlternativeNames();
    }

    @Override
    public PublicKey getPublicKey() {
        return content.getPublicKey();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return content.hasUnsupportedCriticalExtension();
    }

    @Override
    public @Nullable Set<String> getCriticalExtensionOIDs() {
        return content.getCriticalExtensionOIDs();
    }

    @Override
    public @Nullable Set<String> getNonCriticalExtensionOIDs() {
        return content.getNonCriticalExtensionOIDs();
    }

    @Override
    public byte @Nullable [] getExtensionValue(String oid) {
        return content.getExtensionValue(oid);
    }

    @Override
    public String toString() {
        return "OldCertipyCertificate[subject=" + getSubjectX500Principal() + ", issuer=" + getIssuerX500Principal()
                + "]";
    }
}
