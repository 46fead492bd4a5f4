package org.joveproxy.core.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files that one role of the proxy was given.
 *
 * <p>Key and certificates may share one file; then it is enough to name it once. Immutable.
 *
 * @param key the private key: PKCS#8, PKCS#1 or SEC1, plain or encrypted
 * @param certificate the certificate of that key, followed by its intermediates if there are any
 * @param ca the authorities to trust; missing intermediates of {@code certificate} are taken from here too
 * @param passphrase what an encrypted key was encrypted with; the empty text means none
 */
public record TlsFiles(
        @Nullable Path key,
        @Nullable Path certificate,
        @Nullable Path ca,
        @Nullable String passphrase) {
    /** No file at all. */
    public static final TlsFiles NONE = new TlsFiles(null, null, null, null);

    /** The files named, each once: those to watch for a renewal. */
    public List<Path> all() {
        return Stream.of(key, certificate, ca)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    boolean namesAnIdentity() {
        return key != null || certificate != null;
    }

    /** Names the files and keeps the passphrase to itself. */
    @Override
    public String toString() {
        String secret = passphrase == null ? "no passphrase" : "a passphrase";
        return "TlsFiles[key=" + key + ", certificate=" + certificate + ", ca=" + ca + ", " + secret + "]";
    }
}
