package org.joveproxy.core.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who we say we are: a private key and the chain of certificates that vouches for it, the key's own first.
 *
 * <p>Immutable.
 *
 * @param key the private key
 * @param chain at least one certificate; the first is the key's
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

    Identity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads key and chain and checks that they belong together. Each may be in the file of the other.
     *
     * @param authorities where to look for intermediates that the chain lacks
     */
    static Identity read(TlsFiles files, List<X509Certificate> authorities, Leniency leniency)
            throws TlsConfigException {
        Path keyPath = keyPath(files);
        PemFile keyFile = PemFile.read(keyPath);
        Path certificatePath = files.certificate() == null ? keyPath : files.certificate();
        if (files.key() == null && !PrivateKeys.isIn(keyFile)) {
            throw new TlsConfigException(
                    keyPath + ": a certificate without its private key (expected: a key file too)");
        }
        PrivateKey key = PrivateKeys.read(keyFile, files.passphrase());
        List<X509Certificate> chain = new ArrayList<>(Certificates.read(certificatePath, leniency));
        if (!belongTogether(key, chain.get(0))) {
            throw new TlsConfigException(
                    keyPath + ": the private key does not match the first certificate in " + certificatePath);
        }
        complete(chain, authorities);
        return new Identity(key, chain);
    }

    private static Path keyPath(TlsFiles files) throws TlsConfigException {
        return Optional.ofNullable(files.key())
                .or(() -> Optional.ofNullable(files.certificate()))
                .orElseThrow(() -> new TlsConfigException("neither a key nor a certificate given (expected: both)"));
    }

    // Signs and verifies: the one proof that works for every kind of key.
    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        try {
            Signature signature = signature(key.getAlgorithm());
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Signature signature(String keyAlgorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (keyAlgorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "RSASSA-PSS", "EdDSA" -> keyAlgorithm;
                    default -> throw new SignatureException("no signature with " + keyAlgorithm);
                });
        if (keyAlgorithm.equals("RSASSA-PSS")) {
            signature.setParameter(PSS);
        }
        return signature;
    }

    // OpenSSL does the same for CHP: operators give a bare certificate and keep the intermediates in the CA file.
    private static void complete(List<X509Certificate> chain, List<X509Certificate> authorities) {
        Optional<X509Certificate> next = intermediateAbove(chain, authorities);
        while (next.isPresent()) {
            chain.add(next.get());
            next = intermediateAbove(chain, authorities);
        }
    }

    private static Optional<X509Certificate> intermediateAbove(
            List<X509Certificate> chain, List<X509Certificate> authorities) {
        X509Certificate last = chain.get(chain.size() - 1);
        return authorities.stream()
                .filter(authority -> !Certificates.isSelfIssued(authority) && !chain.contains(authority))
                .filter(authority -> Certificates.isIssuedBy(last, authority))
                .findFirst();
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** The authorities of {@code path}, or none when there is no such file. */
    static List<X509Certificate> authorities(@Nullable Path path, Leniency leniency) throws TlsConfigException {
        return path == null ? List.of() : Certificates.read(path, leniency);
    }
}
