package org.joveproxy.core.config;

/**
 * The plain-HTTP listener that sends every request to HTTPS.
 *
 * <p>Immutable.
 *
 * @param address where it listens
 * @param httpsPort the port that clients are sent to; 443 is left out of the URL
 */
public record RedirectConfig(ListenAddress address, int httpsPort) {}
