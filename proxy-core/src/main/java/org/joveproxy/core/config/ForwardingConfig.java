package org.joveproxy.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream gets to see of a request, and the client of a redirect.
 *
 * <p>Immutable.
 *
 * @param forwarded what becomes of {@code X-Forwarded-*}
 * @param addsForwarded whether {@code Forwarded} (RFC 7239) says the same
 * @param prependsTargetPath whether the path of the route's target stands before the request's path
 * @param keepsRoutePrefix whether the route's own prefix stays in the forwarded path
 * @param rewritesLocation whether a {@code Location} that names the target gets the client's host instead
 * @param changesOrigin whether {@code Host} becomes the target's host and port
 * @param locationScheme the scheme that a {@code Location} naming the target gets, or null to leave it
 * @param customHeaders fields set on every forwarded request, in this order
 */
public record ForwardingConfig(
        ForwardedMode forwarded,
        boolean addsForwarded,
        boolean prependsTargetPath,
        boolean keepsRoutePrefix,
        boolean rewritesLocation,
        boolean changesOrigin,
        @Nullable String locationScheme,
        Map<String, String> customHeaders) {
    /** Copies the headers. */
    public ForwardingConfig {
        customHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(customHeaders));
    }

    /** What holds when no flag is given. */
    public static ForwardingConfig defaults() {
        return new ForwardingConfig(ForwardedMode.APPEND, false, true, true, false, false, null, Map.of());
    }
}
