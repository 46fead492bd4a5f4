package org.joveproxy.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.tls.ListenerTlsConfig;
import org.joveproxy.core.tls.UpstreamTlsConfig;
import org.joveproxy.store.shared.SharedConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * All that the command line and the environment say.
 *
 * <p>Immutable.
 *
 * @param proxy the data plane's part
 * @param publicTls TLS towards clients, or null for plain HTTP
 * @param upstreamTls TLS towards https targets
 * @param api the REST API's part
 * @param hub how the proxy speaks to the hub of its own accord, or null when it does not
 * @param store where routes are kept
 * @param metricsAddress where metrics are served on an address of their own, or null for nowhere
 * @param defaultTarget the target of the route {@code /} at the start, or null for no such route
 * @param isDrainAskedFor whether somebody has said how long a stop may take, and wants to know whether that was enough
 * @param pidFile where the process id is written, or null
 * @param accessLog what is written about each request, or null for nothing
 * @param credentials all that was read from variables, and from files that may change
 * @param notices what to tell the operator about these settings, in this order
 */
record Settings(
        ProxyConfig proxy,
        @Nullable ListenerTlsConfig publicTls,
        UpstreamTlsConfig upstreamTls,
        Api api,
        @Nullable HubConfig hub,
        Store store,
        @Nullable ListenAddress metricsAddress,
        @Nullable Target defaultTarget,
        boolean isDrainAskedFor,
        Level logLevel,
        @Nullable Path pidFile,
        @Nullable RequestLog accessLog,
        List<Secret> credentials,
        List<Notice> notices) {
    Settings {
        credentials = List.copyOf(credentials);
        notices = List.copyOf(notices);
    }

    /** Whether metrics are served anywhere: without, nothing is counted. */
    boolean hasMetrics() {
        return metricsAddress != null || api.metricsToken() != null;
    }

    /**
     * The REST API's part.
     *
     * @param token what clients must know; empty when anybody may change routes
     * @param tls null for plain HTTP
     * @param metricsToken what those must know who are to read the metrics there and nothing else; empty when there are no
     *     such; null when the metrics are not served there
     */
    record Api(
            ListenAddress address,
            Secret token,
            @Nullable ListenerTlsConfig tls,
            @Nullable Secret metricsToken) {}

    /**
     * Where routes are kept.
     *
     * @param shared the store that several proxies share, or null; then nothing is kept on this machine
     * @param directory the directory of the journal, or null for memory only
     * @param restoredRouteLimit how long a route that was restored may go unconfirmed, or null for ever
     */
    record Store(
            @Nullable SharedConfig shared,
            @Nullable Path directory,
            @Nullable Duration restoredRouteLimit) {}

    /**
     * What is written about each request.
     *
     * @param file null for standard output
     * @param isJson whether each line is an object of JSON
     */
    record RequestLog(@Nullable Path file, boolean isJson) {}

    /** One line for the log. */
    record Notice(Level level, String text) {}
}
