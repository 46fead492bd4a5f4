package org.joveproxy.core.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which versions and ciphers of TLS to speak, in the words of CHP's flags.
 *
 * <p>CHP reads these flags for the public listener and for the API's. It never applies them to its own requests to
 * upstreams. Immutable.
 *
 * @param protocol {@code --ssl-protocol}: an OpenSSL method name such as {@code TLSv1_2}; null for TLS 1.2 and 1.3
 * @param ciphers {@code --ssl-ciphers}: an OpenSSL cipher list; null for CHP's default list
 * @param allowsRc4 {@code --ssl-allow-rc4}: accepted and without effect, no engine here has RC4
 * @param dhparam {@code --ssl-dhparam}: accepted and without effect, the engines choose their own groups
 */
public record TlsRules(
        @Nullable String protocol,
        @Nullable String ciphers,
        boolean allowsRc4,
        @Nullable Path dhparam) {
    /** What no flag means. */
    public static final TlsRules DEFAULT = new TlsRules(null, null, false, null);
}
