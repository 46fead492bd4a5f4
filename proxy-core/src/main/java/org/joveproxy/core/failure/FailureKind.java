package org.joveproxy.core.failure;

import java.util.Locale;
import org.slf4j.event.Level;

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
    /**
     * The upstream's connections are all in use, and too many requests wait for one or this one waited too long; or those that
     * the route may have.
     */
    UPSTREAM_BUSY(503, true),
    /** Connecting has failed so often in a row that the upstream is left alone for a moment. */
    BREAKER_OPEN(503, true),
    /** No local port is left for another socket to the upstream. */
    NO_LOCAL_PORT(503, true),
    /** This process may open no further file, and a socket is one. */
    NO_DESCRIPTOR(503, true),
    /** The proxy serves as many clients as it may, or slow clients hold all the memory there is for bytes on their way. */
    PROXY_FULL(503, true),
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
    private final boolean isShed;
    private final String label = name().toLowerCase(Locale.ROOT);

    FailureKind(int status) {
        this(status, false);
    }

    FailureKind(int status, boolean isShed) {
        this.status = status;
        this.isShed = isShed;
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** Whether the proxy itself refuses because a bound is reached, so that it is worth while to ask again in a second. */
    public boolean isShed() {
        return isShed;
    }

    /** Whether no connection to the upstream came to be, so that the next attempt is likely to fail as well. */
    public boolean isOfConnecting() {
        return switch (this) {
            case UNKNOWN_HOST, CONNECT_REFUSED, CONNECT_TIMEOUT, TLS_FAILED -> true;
            default -> false;
        };
    }

    /** Whether the upstream has failed, and neither the client nor this proxy. */
    public boolean isOfUpstream() {
        return switch (this) {
            case UNKNOWN_HOST,
                    CONNECT_REFUSED,
                    CONNECT_TIMEOUT,
                    TLS_FAILED,
                    UPSTREAM_CLOSED,
                    UPSTREAM_SILENT,
                    UPGRADE_TIMEOUT,
                    UPSTREAM_PROTOCOL -> true;
            default -> false;
        };
    }

    /** How loud a log says it: what peers do is news, what this proxy lacks is a warning, and our bug is an error. */
    public Level level() {
        return switch (this) {
            case OUR_BUG -> Level.ERROR;
            case UNUSABLE_TARGET, UPSTREAM_BUSY, NO_LOCAL_PORT, NO_DESCRIPTOR, PROXY_FULL -> Level.WARN;
            default -> Level.INFO;
        };
    }

    /** The word used in logs and metric labels. */
    public String label() {
        return label;
    }
}
