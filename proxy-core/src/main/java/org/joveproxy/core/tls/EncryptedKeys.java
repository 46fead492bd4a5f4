package org.joveproxy.core.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decrypts private keys: PKCS#8 with PBES2 (RFC 8018) or the older PBES1, and the legacy form with {@code DEK-Info}
 * (RFC 1421) that OpenSSL writes for PKCS#1 and SEC1.
 *
 * <p>PBES2 is read here and not by the JDK, which knows AES with keys of 128 and 256 bits alone.
 *
 * <p>Any thread may call any method.
 */
final class EncryptedKeys {
    private static final String PBES2 = "1.2.840.113549.1.5.13";
    private static final String PBKDF2 = "1.2.840.113549.1.5.12";
    private static final String HMAC_SHA1 = "1.2.840.113549.2.7";
    private static final Map<String, String> PSEUDO_RANDOM_FUNCTIONS = Map.of(
            HMAC_SHA1,
            "PBKDF2WithHmacSHA1",
            "1.2.840.113549.2.8",
            "PBKDF2WithHmacSHA224",
            "1.2.840.113549.2.9",
            "PBKDF2WithHmacSHA256",
            "1.2.840.113549.2.10",
            "PBKDF2WithHmacSHA384",
            "1.2.840.113549.2.11",
            "PBKDF2WithHmacSHA512");
    private static final Map<String, BlockCipher> PBES2_CIPHERS = Map.of(
            "2.16.840.1.101.3.4.1.2", new BlockCipher("AES", 16),
            "2.16.840.1.101.3.4.1.22", new BlockCipher("AES", 24),
            "2.16.840.1.101.3.4.1.42", new BlockCipher("AES", 32),
            "1.2.840.113549.3.7", new BlockCipher("DESede", 24));
    private static final Map<String, BlockCipher> LEGACY_CIPHERS = Map.of(
            "AES-128-CBC", new BlockCipher("AES", 16),
            "AES-192-CBC", new BlockCipher("AES", 24),
            "AES-256-CBC", new BlockCipher("AES", 32),
            "DES-EDE3-CBC", new BlockCipher("DESede", 24),
            "DES-CBC", new BlockCipher("DES", 8));
    private static final String EXPECTED =
            " is not supported (expected: PBES2 with PBKDF2 and AES-CBC or DES-EDE3-CBC, or the legacy form of these)";

    private record BlockCipher(String name, int keyBytes) {
        byte[] decrypt(byte[] key, byte[] iv, byte[] data) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance(name + "/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, name), new IvParameterSpec(iv));
            return cipher.doFinal(data);
        }
    }

    private EncryptedKeys() {}

    static boolean isEncrypted(PemFile.Block block) {
        return block.label().equals("ENCRYPTED PRIVATE KEY") || block.headers().containsKey("DEK-Info");
    }

    /** The data of {@code block} in the clear. A wrong passphrase shows as an exception or as data without sense. */
    static byte[] decrypt(Path path, PemFile.Block block, String passphrase)
            throws GeneralSecurityException, TlsConfigException {
        String info = block.headers().get("DEK-Info");
        return info == null
                ? decryptPkcs8(path, block.data(), passphrase)
                : decryptLegacy(path, info, block.data(), passphrase);
    }

    // EncryptedPrivateKeyInfo ::= SEQUENCE { SEQUENCE { algorithm, parameters }, OCTET STRING }
    private static byte[] decryptPkcs8(Path path, byte[] pkcs8, String passphrase)
            throws GeneralSecurityException, TlsConfigException {
        Der info = new Der(pkcs8).enter(Der.SEQUENCE);
        Der algorithm = info.enter(Der.SEQUENCE);
        byte[] data = info.content(Der.OCTET_STRING);
        if (algorithm.objectIdentifier().equals(PBES2)) {
            return decryptPbes2(path, algorithm.enter(Der.SEQUENCE), data, passphrase);
        }
        return decryptPbes1(path, pkcs8, passphrase);
    }

    private static byte[] decryptPbes2(Path path, Der parameters, byte[] data, String passphrase)
            throws GeneralSecurityException, TlsConfigException {
        Der derivation = parameters.enter(Der.SEQUENCE);
        Der scheme = parameters.enter(Der.SEQUENCE);
        String function = derivation.objectIdentifier();
        String cipherName = scheme.objectIdentifier();
        BlockCipher cipher = PBES2_CIPHERS.get(cipherName);
        if (!function.equals(PBKDF2) || cipher == null) {
            String culprit = cipher == null ? cipherName : function;
            throw new TlsConfigException(path + ": encryption of the private key with " + culprit + EXPECTED);
        }
        byte[] key = pbkdf2(derivation.enter(Der.SEQUENCE), passphrase, cipher.keyBytes());
        return cipher.decrypt(key, scheme.content(Der.OCTET_STRING), data);
    }

    // PBKDF2-params ::= SEQUENCE { salt, iterationCount, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1 }
    private static byte[] pbkdf2(Der parameters, String passphrase, int keyBytes) throws GeneralSecurityException {
        byte[] salt = parameters.content(Der.OCTET_STRING);
        int iterations = parameters.number();
        if (parameters.nextIs(Der.INTEGER)) {
            parameters.number();
        }
        String function = parameters.hasMore() ? parameters.enter(Der.SEQUENCE).objectIdentifier() : HMAC_SHA1;
        String algorithm = PSEUDO_RANDOM_FUNCTIONS.get(function);
        if (algorithm == null) {
            throw new GeneralSecurityException("unknown pseudo-random function " + function);
        }
        PBEKeySpec spec = new PBEKeySpec(passphrase.toCharArray(), salt, iterations, keyBytes * Byte.SIZE);
        return SecretKeyFactory.getInstance(algorithm).generateSecret(spec).getEncoded();
    }

    private static byte[] decryptPbes1(Path path, byte[] pkcs8, String passphrase)
            throws GeneralSecurityException, TlsConfigException {
        EncryptedPrivateKeyInfo info;
        Key key;
        try {
            info = new EncryptedPrivateKeyInfo(pkcs8);
            key = SecretKeyFactory.getInstance(info.getAlgName())
                    .generateSecret(new PBEKeySpec(passphrase.toCharArray()));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new TlsConfigException(path + ": the encryption of the private key" + EXPECTED, e);
        }
        return info.getKeySpec(key).getEncoded();
    }

    private static byte[] decryptLegacy(Path path, String info, byte[] data, String passphrase)
            throws GeneralSecurityException, TlsConfigException {
        String[] parts = info.split(",", 2);
        BlockCipher cipher = LEGACY_CIPHERS.get(parts[0].strip().toUpperCase(Locale.ROOT));
        if (cipher == null || parts.length < 2) {
            throw new TlsConfigException(path + ": encryption of the private key with " + parts[0] + EXPECTED);
        }
        byte[] iv = HexFormat.of().parseHex(parts[1].strip());
        return cipher.decrypt(legacyKey(passphrase, Arrays.copyOf(iv, 8), cipher.keyBytes()), iv, data);
    }

    // OpenSSL's EVP_BytesToKey with MD5 and one round: D1 = MD5(pass salt), D2 = MD5(D1 pass salt), …
    private static byte[] legacyKey(String passphrase, byte[] salt, int keyBytes) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        byte[] digest = {};
        while (key.size() < keyBytes) {
            md5.update(digest);
            md5.update(passphrase.getBytes(StandardCharsets.UTF_8));
            digest = md5.digest(salt);
            key.writeBytes(digest);
        }
        return Arrays.copyOf(key.toByteArray(), keyBytes);
    }
}
