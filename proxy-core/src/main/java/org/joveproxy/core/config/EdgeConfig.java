package org.joveproxy.core.config;

/**
 * Whose word the proxy takes about clients.
 *
 * <p>Immutable.
 *
 * @param trusted the peers in front of the proxy
 */
public record EdgeConfig(TrustedPeers trusted) {
    /** What holds when no flag is given. */
    public static EdgeConfig defaults() {
        return new EdgeConfig(TrustedPeers.none());
    }
}
