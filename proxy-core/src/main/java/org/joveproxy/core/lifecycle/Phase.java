package org.joveproxy.core.lifecycle;

import java.util.Locale;

/**
 * Where a socket is in its life. A socket is in exactly one phase at a time, and each phase has a deadline unless its
 * comment says otherwise.
 */
public enum Phase {
    /** Resolving a name and connecting. */
    CONNECTING,
    /** In the TLS handshake. */
    TLS_HANDSHAKE,
    /** Reading a request head that has begun, or the first on a new connection. */
    REQUEST_HEAD,
    /** Between two requests, or unused in a pool. */
    IDLE,
    /** A client whose request's route is looked for in the store that several proxies share. */
    ROUTING,
    /** A client whose request waits for an upstream connection; the wait has its own deadline. */
    ACQUIRING,
    /** A client whose request waits for the server of a route that was just added; it has until the route is no news. */
    HELD,
    /** The request goes out, or the response's head is awaited; the silence limits apply if set. */
    AWAITING_RESPONSE,
    /** The response's body is on its way; the silence limits apply if set. */
    RELAYING,
    /** Raw bytes both ways after an upgrade; no deadline, a vanished peer is found by TCP keep-alive. */
    TUNNEL,
    /** A tunnel of which one side has closed. */
    HALF_CLOSED,
    /** An answer was sent and the rest of the request is read and thrown away. */
    LINGERING;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word used in listings and metric labels. */
    public String label() {
        return label;
    }
}
