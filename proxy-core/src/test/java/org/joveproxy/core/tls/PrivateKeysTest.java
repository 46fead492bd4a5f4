package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format that OpenSSL writes keys in, and what operators are told about those that are no use. */
final class PrivateKeysTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "server-pkcs1.key",
                "server-all-in-one.pem",
                "server-pbes2-aes256-sha256.key",
                "server-pbes2-aes192-sha512.key",
                "server-pbes2-aes128-sha1.key",
                "server-pbes2-aes128-sha384.key",
                "server-pbes2-des3-sha224.key",
                "server-pbes1-sha1-des3.key",
                "server-legacy-aes128.key",
                "server-legacy-aes192.key",
                "server-legacy-aes256.key",
                "server-legacy-des3.key"
            })
    void everyFormatOfTheServersKeyIsTheSameKey(String file) throws Exception {
        assertThat(read(file, TlsTestFiles.PASSPHRASE)).isEqualTo(read("server.key", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec-sec1.key", "ec-legacy-aes128.key"})
    void everyFormatOfTheEcKeyIsTheSameKey(String file) throws Exception {
        ECPrivateKey key = (ECPrivateKey) read(file, TlsTestFiles.PASSPHRASE);

        assertThat(key.getS()).isEqualTo(((ECPrivateKey) read("ec.key", null)).getS());
    }

    @ParameterizedTest
    @CsvSource({"ed25519.key, EdDSA", "rsa-pss.key, RSASSA-PSS"})
    void otherKindsOfKeyAreRead(String file, String algorithm) throws Exception {
        assertThat(read(file, null).getAlgorithm()).isEqualTo(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server-pbes2-aes256-sha256.key", "server-pbes1-sha1-des3.key", "server-legacy-des3.key"})
    void anEncryptedKeyNeedsItsPassphrase(String file) {
        String expected = path(file) + ": the private key is encrypted (expected: its passphrase too)";

        assertThatThrownBy(() -> read(file, null)).hasMessage(expected);
        assertThatThrownBy(() -> read(file, "")).hasMessage(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server-pbes2-aes256-sha256.key",
                "server-pbes2-des3-sha224.key",
                "server-pbes1-sha1-des3.key",
                "server-legacy-aes256.key",
                "server-legacy-des3.key",
                "ec-legacy-aes128.key"
            })
    void aWrongPassphraseIsToldApart(String file) {
        for (int i = 0; i < 20; i++) {
            String wrong = "wrong " + i;

            assertThatThrownBy(() -> read(file, wrong))
                    .isInstanceOf(TlsConfigException.class)
                    .hasMessage(path(file) + ": wrong passphrase, or the private key is damaged");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server-scrypt.key | : encryption of the private key with 1.3.6.1.4.1.11591.4.11 is not supported",
                "server-camellia.key | : encryption of the private key with 1.2.392.200011.61.1.1.1.2 is not supported",
                "ec-explicit.key | : the EC key spells out its curve (expected: a named curve such as prime256v1)",
                "x25519.key | : a private key of the kind 1.3.101.110 is no use (expected: PKCS#8, PKCS#1 or SEC1",
                "damaged.key | : the private key is damaged",
                "server.crt | : no private key found (expected: a block such as -----BEGIN PRIVATE KEY-----)",
                "not-pem.txt | : no PEM block found (expected: -----BEGIN …----- and its end)"
            })
    void whatIsNoUseIsNamed(String file, String message) {
        assertThatThrownBy(() -> read(file, TlsTestFiles.PASSPHRASE))
                .isInstanceOf(TlsConfigException.class)
                .hasMessageStartingWith(path(file) + message)
                .hasMessageNotContaining("\n");
    }

    private static PrivateKey read(String file, @Nullable String passphrase) throws TlsConfigException {
        return PrivateKeys.read(PemFile.read(path(file)), passphrase);
    }

    private static Path path(String file) {
        return TlsTestFiles.path("openssl/" + file);
    }
}
