package org.joveproxy.core.tls;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells host names from addresses, and whether a certificate is for a host (RFC 6125).
 *
 * <p>Any thread may call any method.
 */
final class HostNames {
    // GeneralName of RFC 5280: dNSName [2], iPAddress [7]
    private static final Integer DNS_NAME = 2;
    private static final Integer IP_ADDRESS = 7;

    private HostNames() {}

    /** The host as TLS knows it: an IPv6 address without brackets, a name without the dot of the root. */
    static String plain(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** Whether a subject alternative name of {@code certificate} stands for {@code host}; the common name never does. */
    static boolean match(X509Certificate certificate, String host) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names != null && names.stream().anyMatch(name -> matches(name, host));
    }

    private static boolean matches(List<?> name, String host) {
        if (isAddress(host)) {
            return name.get(0).equals(IP_ADDRESS) && isSameAddress((String) name.get(1), host);
        }
        return name.get(0).equals(DNS_NAME)
                && isCoveredBy(((String) name.get(1)).toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT));
    }

    private static boolean isSameAddress(String one, String other) {
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(one);
        return bytes != null && Arrays.equals(bytes, NetUtil.createByteArrayFromIpAddressString(other));
    }

    // A wildcard is the whole first label and stands for exactly one label.
    private static boolean isCoveredBy(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int firstDot = host.indexOf('.');
        String parent = pattern.substring(1);
        return firstDot > 0
                && parent.indexOf('.', 1) > 0
                && host.substring(firstDot).equals(parent);
    }
}
