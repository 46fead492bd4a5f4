package org.joveproxy.loadtest.stage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A key and a self-signed certificate for a proxy under test, made by the JDK's own tool. Lives in a temporary folder until
 * it is closed.
 */
public final class TestCertificate implements AutoCloseable {
    private static final String PASSWORD = "of no use";
    private static final String ALIAS = "proxy";

    private final Path folder;

    private TestCertificate(Path folder) {
        this.folder = folder;
    }

    /** Makes one, which takes about a second. */
    public static TestCertificate make() throws IOException, InterruptedException {
        TestCertificate certificate = new TestCertificate(Files.createTempDirectory("loadtest"));
        Path store = certificate.folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        // Those who ask for a name ask for this one.
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + output.strip());
        }
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
            Files.writeString(certificate.key(), pem("PRIVATE KEY", key.getEncoded()));
            Files.writeString(
                    certificate.certificate(),
                    pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("reading the key store: " + e.getMessage(), e);
        }
        return certificate;
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    /** The private key, in PEM (PKCS 8). */
    public Path key() {
        return folder.resolve("key.pem");
    }

    /** The certificate, in PEM. */
    public Path certificate() {
        return folder.resolve("certificate.pem");
    }

    @Override
    public void close() throws IOException {
        for (String name : new String[] {"store.p12", "key.pem", "certificate.pem"}) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }
}
