package org.joveproxy.core.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key from the blocks of a PEM file: PKCS#8, PKCS#1 (RSA) and SEC1 (EC), plain or encrypted.
 *
 * <p>The JDK reads PKCS#8 only. The older two are the inner part of it and get the outer part put around them.
 *
 * <p>Any thread may call any method.
 */
final class PrivateKeys {
    private static final String EXPECTED =
            " (expected: PKCS#8, PKCS#1 or SEC1 with an RSA, EC, RSA-PSS or Ed25519 key)";
    private static final Map<String, String> ALGORITHMS = Map.of(
            "1.2.840.113549.1.1.1", "RSA",
            "1.2.840.113549.1.1.10", "RSASSA-PSS",
            "1.2.840.10045.2.1", "EC",
            "1.3.101.112", "EdDSA",
            "1.3.101.113", "EdDSA");
    private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
    private static final byte[] RSA = {
        Der.SEQUENCE,
        13,
        Der.OBJECT_IDENTIFIER,
        9,
        0x2A,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xF7,
        0x0D,
        1,
        1,
        1,
        5,
        0
    };
    private static final byte[] EC = {Der.OBJECT_IDENTIFIER, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private PrivateKeys() {}

    static boolean isIn(PemFile pem) {
        return !pem.blocksThatEndIn("PRIVATE KEY").isEmpty();
    }

    /** The first private key of {@code pem}. */
    static PrivateKey read(PemFile pem, @Nullable String passphrase) throws TlsConfigException {
        if (!isIn(pem)) {
            throw new TlsConfigException(
                    pem.path() + ": no private key found (expected: a block such as -----BEGIN PRIVATE KEY-----)");
        }
        PemFile.Block block = pem.blocksThatEndIn("PRIVATE KEY").get(0);
        if (EncryptedKeys.isEncrypted(block)) {
            return decrypted(pem, block, passphrase);
        }
        try {
            return decoded(pem.path(), block.label(), block.data());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new TlsConfigException(pem.path() + ": the private key is damaged", e);
        }
    }

    private static PrivateKey decrypted(PemFile pem, PemFile.Block block, @Nullable String passphrase)
            throws TlsConfigException {
        if (passphrase == null || passphrase.isEmpty()) {
            throw new TlsConfigException(pem.path() + ": the private key is encrypted (expected: its passphrase too)");
        }
        try {
            byte[] data = EncryptedKeys.decrypt(pem.path(), block, passphrase);
            String label = block.label().equals("ENCRYPTED PRIVATE KEY") ? "PRIVATE KEY" : block.label();
            return decoded(pem.path(), label, data);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new TlsConfigException(pem.path() + ": wrong passphrase, or the private key is damaged", e);
        }
    }

    private static PrivateKey decoded(Path path, String label, byte[] data)
            throws GeneralSecurityException, TlsConfigException {
        return switch (label) {
            case "PRIVATE KEY" -> fromPkcs8(path, data);
            case "RSA PRIVATE KEY" -> fromPkcs8(path, pkcs8(RSA, data));
            case "EC PRIVATE KEY" -> fromPkcs8(path, pkcs8(curveOf(path, data), data));
            default -> throw new TlsConfigException(path + ": BEGIN " + label + " is not supported" + EXPECTED);
        };
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return Der.element(Der.SEQUENCE, VERSION_0, algorithm, Der.element(Der.OCTET_STRING, key));
    }

    // RFC 5915: ECPrivateKey ::= SEQUENCE { version, privateKey, [0] parameters OPTIONAL, [1] publicKey OPTIONAL }
    private static byte[] curveOf(Path path, byte[] sec1) throws GeneralSecurityException, TlsConfigException {
        Der key = new Der(sec1).enter(Der.SEQUENCE);
        key.number();
        key.content(Der.OCTET_STRING);
        Der parameters = key.enter(Der.explicit(0));
        if (!parameters.nextIs(Der.OBJECT_IDENTIFIER)) {
            throw new TlsConfigException(
                    path + ": the EC key spells out its curve (expected: a named curve such as prime256v1)");
        }
        return Der.element(Der.SEQUENCE, EC, parameters.whole());
    }

    private static PrivateKey fromPkcs8(Path path, byte[] pkcs8) throws GeneralSecurityException, TlsConfigException {
        Der key = new Der(pkcs8).enter(Der.SEQUENCE);
        key.number();
        String identifier = key.enter(Der.SEQUENCE).objectIdentifier();
        String algorithm = ALGORITHMS.get(identifier);
        if (algorithm == null) {
            throw new TlsConfigException(path + ": a private key of the kind " + identifier + " is no use" + EXPECTED);
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }
}
