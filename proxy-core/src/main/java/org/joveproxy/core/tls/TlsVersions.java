package org.joveproxy.core.tls;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code --ssl-protocol}: OpenSSL's method names, as CHP takes them, and the spellings people use for them.
 *
 * <p>Any thread may call any method.
 */
final class TlsVersions {
    static final String TLS_1_2 = "TLSv1.2";
    static final String TLS_1_3 = "TLSv1.3";

    private static final List<String> BOTH = List.of(TLS_1_3, TLS_1_2);
    private static final Map<String, List<String>> METHODS =
            Map.of("TLS", BOTH, "SSLV23", BOTH, "TLSV1_2", List.of(TLS_1_2), "TLSV1_3", List.of(TLS_1_3));
    private static final List<String> LEGACY = List.of("SSLV2", "SSLV3", "TLSV1", "TLSV1_0", "TLSV1_1");

    private TlsVersions() {}

    /** The versions that {@code protocol} stands for, newest first; a legacy one adds to {@code warnings}. */
    static List<String> of(@Nullable String protocol, List<String> warnings) throws TlsConfigException {
        if (protocol == null) {
            return BOTH;
        }
        String method = method(protocol);
        if (LEGACY.contains(method)) {
            warnings.add("--ssl-protocol=" + protocol + ": too old to be offered, TLS 1.2 and 1.3 are used instead");
            return BOTH;
        }
        List<String> versions = METHODS.get(method);
        if (versions == null) {
            throw new TlsConfigException(
                    "--ssl-protocol=" + protocol + ": unknown (expected: TLS, SSLv23, TLSv1_2 or TLSv1_3)");
        }
        return versions;
    }

    private static String method(String protocol) {
        return protocol.strip()
                .toUpperCase(Locale.ROOT)
                .replaceAll("[.-]", "_")
                .replaceAll("_METHOD$", "")
                .replaceAll("_(SERVER|CLIENT)$", "");
    }
}
