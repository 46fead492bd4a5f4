package org.joveproxy.core.routing;

/**
 * How a target is spoken to.
 *
 * <p>Immutable.
 */
public enum Scheme {
    /** HTTP over TCP. */
    HTTP(80),
    /** HTTP over TLS. */
    HTTPS(443),
    /** HTTP over a unix socket. */
    UNIX(0);

    private final int defaultPort;

    Scheme(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    /** The port of a URL that names none; 0 for a unix socket. */
    public int defaultPort() {
        return defaultPort;
    }
}
