package org.joveproxy.core.failure;

import java.util.Locale;

/**
 * What can go wrong with an exchange, and the status that the client gets for it.
 *
 * <p>The statuses are CHP's: 404 without a route, 503 for all trouble with the upstream, 500 for a target that is no URL.
 */
public enum FailureKind {
    /** The request cannot be understood, or could be understood in two ways. */
    MALFORMED_REQUEST(400),
    /** The request head is larger than allowed. */
    HEAD_TOO_LARGE(431),
    /** The client began a request head and did not finish it in time. */
    REQUEST_TIMEOUT(408),
    /** No route leads to the request's path. */
    NO_ROUTE(404),
    /** The route's target is not a URL that can be used. */
    UNUSABLE_TARGET(500),
    /** The upstream's host name has no address. */
    UNKNOWN_HOST(503),
    /** Nobody listens at the target, or no way leads there. */
    CONNECT_REFUSED(503),
    /** Connecting, or waiting for a free connection, took too long. */
    CONNECT_TIMEOUT(503),
    /** The TLS handshake with the upstream failed. */
    TLS_FAILED(503),
    /** The upstream's connections are all in use and enough requests wait for one. */
    UPSTREAM_BUSY(503),
    /** The upstream closed or reset the connection before its response was complete. */
    UPSTREAM_CLOSED(503),
    /** The upstream was silent for too long. */
    UPSTREAM_SILENT(503),
    /** The upstream did not answer an upgrade in time. */
    UPGRADE_TIMEOUT(504),
    /** What the upstream sent is not HTTP, or is larger than allowed. */
    UPSTREAM_PROTOCOL(503),
    /** Our own bug; the log has the stack. */
    OUR_BUG(500);

    private final int status;
    private final String label = name().toLowerCase(Locale.ROOT);

    FailureKind(int status) {
        this.status = status;
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** The word used in logs and metric labels. */
    public String label() {
        return label;
    }
}
