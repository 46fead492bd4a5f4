package org.joveproxy.core.config;

import org.jspecify.annotations.Nullable;

/**
 * All that the data plane needs to know, read once at start.
 *
 * <p>Immutable.
 *
 * @param publicAddress where clients connect
 * @param redirect the plain listener that sends clients to HTTPS, or null
 * @param hostRouting whether the request's host is the first segment of the routing path
 * @param edge whose word is taken about clients
 * @param activity what counts as a use of a route
 * @param eventLoops threads that carry the traffic, at least 1
 */
public record ProxyConfig(
        ListenAddress publicAddress,
        @Nullable RedirectConfig redirect,
        boolean hostRouting,
        ForwardingConfig forwarding,
        EdgeConfig edge,
        TimeoutConfig timeouts,
        LimitConfig limits,
        UpstreamConfig upstream,
        TcpConfig tcp,
        CapacityConfig capacity,
        ErrorPageConfig errorPages,
        ActivityConfig activity,
        int eventLoops) {
    /** Checks the number of event loops. */
    public ProxyConfig {
        if (eventLoops < 1) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: >= 1)");
        }
    }
}
