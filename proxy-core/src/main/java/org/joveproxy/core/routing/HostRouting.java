package org.joveproxy.core.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Puts the host that a request names in front of its path, for proxies that route by host.
 *
 * <p>Any thread may call any method.
 */
public final class HostRouting {
    // The word that configurable-http-proxy routes by when a request names no host. No host has this name, so such a
    // request reaches the default route.
    private static final String NO_HOST = "undefined";

    private HostRouting() {}

    /**
     * A slash and the name in {@code hostHeader}: lower case, without port and without the dot that ends a full name; an
     * IPv6 address keeps its brackets. The request's path is to be appended.
     */
    public static String prefix(@Nullable String hostHeader) {
        if (hostHeader == null || hostHeader.isEmpty()) {
            return "/" + NO_HOST;
        }
        String name = hostHeader.substring(0, nameEnd(hostHeader)).toLowerCase(Locale.ROOT);
        boolean isFullyQualified = name.length() > 1 && name.endsWith(".");
        return "/" + (isFullyQualified ? name.substring(0, name.length() - 1) : name);
    }

    private static int nameEnd(String hostHeader) {
        int bracket = hostHeader.startsWith("[") ? hostHeader.indexOf(']') : -1;
        if (bracket > 0) {
            return bracket + 1;
        }
        int colon = hostHeader.indexOf(':');
        return colon < 0 ? hostHeader.length() : colon;
    }
}
