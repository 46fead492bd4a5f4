package org.joveproxy.core.lifecycle;

/** What a socket is for. */
public enum Role {
    /** A client's connection to the public listener. */
    CLIENT,
    /** A connection to a route's target. */
    UPSTREAM,
    /** A connection to the REST API. */
    API,
    /** A connection to the metrics listener. */
    METRICS,
    /** A connection to the listener that redirects to HTTPS. */
    REDIRECT
}
