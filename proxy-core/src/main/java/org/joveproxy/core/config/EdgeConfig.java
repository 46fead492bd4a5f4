package org.joveproxy.core.config;

/**
 * Whose word the proxy takes about clients.
 *
 * <p>Immutable.
 *
 * @param trusted the peers in front of the proxy
 * @param proxyProtocol whether they say first of all, by the PROXY protocol, whose connection it is
 * @param namesRequests whether each request has a name, which the upstream hears of
 */
public record EdgeConfig(TrustedPeers trusted, ProxyProtocolMode proxyProtocol, boolean namesRequests) {
    /** What holds when no flag is given. */
    public static EdgeConfig defaults() {
        return new EdgeConfig(TrustedPeers.none(), ProxyProtocolMode.OFF, false);
    }
}
