package org.joveproxy.core.lifecycle;

import java.util.Locale;

/** What a socket is for. */
public enum Role {
    /** A client's connection to the public listener. */
    CLIENT,
    /** A connection to a route's target, or to a server that the proxy itself wants something of. */
    UPSTREAM,
    /** A connection to the REST API. */
    API,
    /** A connection to the metrics listener. */
    METRICS,
    /** A connection to the listener that redirects to HTTPS. */
    REDIRECT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word used in listings and metric labels. */
    public String label() {
        return label;
    }
}
