package org.joveproxy.core.observe;

import java.util.Locale;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.joveproxy.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * What one request was about and what came of it: everything that a metric or a line of a log can be made of.
 *
 * <p>Valid during the call of {@link ProxyObserver#exchangeEnded}, on the thread that calls; whoever needs it for longer
 * copies what it needs. Times are in nanoseconds.
 */
public interface ExchangeReport {
    /** What no time stands for: it never came so far. */
    long NEVER = -1;

    /** How a request came to its end. */
    enum Ending {
        /** The whole answer of the upstream was passed on, or an open websocket was closed by one of its peers. */
        COMPLETE,
        /** The proxy itself answered, because of a {@linkplain ExchangeReport#failure failure}. */
        FAILED,
        /** The client was gone before it had the whole answer. */
        CLIENT_LEFT,
        /** The upstream broke off in the middle of its answer, and so did the proxy. */
        CUT_OFF,
        /** A side was silent for longer than it may be. */
        DEADLINE,
        /** The proxy needed the memory or the place more than the peer did. */
        EVICTED,
        /** The proxy was stopped. */
        SHUTDOWN,
        /** Our own bug; the log has the details. */
        OUR_BUG;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs and metric labels. */
        public String label() {
            return label;
        }
    }

    /** Whether it was about a websocket. */
    RequestKind kind();

    /** The method, or an empty text when the request could not be understood. */
    String method();

    /** The path as it is forwarded, without the query; an empty text when the request could not be understood. */
    String path();

    /** The protocol that the client spoke, such as {@code HTTP/1.1}; an empty text when the request could not be understood. */
    String protocol();

    /**
     * The IP address that the client has, as far as is known: behind trusted proxies the one that they tell of; null over a
     * unix socket.
     */
    @Nullable
    String client();

    /** The name that it has in logs, also in those of others, or null when requests have none. */
    @Nullable
    String requestId();

    /** The route that it took, or null when it came to none. */
    @Nullable
    Route route();

    /** The status of the answer; 101 for a websocket that was opened; 0 when the client left before there was any. */
    int status();

    /** How it ended. */
    Ending ending();

    /** Why the proxy answered itself, or null when it did not. */
    @Nullable
    FailureKind failure();

    /** Whether the upstream was reached by a connection that had carried requests before. */
    boolean hasReusedConnection();

    /** From the beginning until there was a connection to the upstream, or {@link #NEVER}. */
    long connectionNanos();

    /** From the beginning until the head of the upstream's answer, or {@link #NEVER}. */
    long firstByteNanos();

    /** From the beginning, when the head of the request was there, until the end. */
    long totalNanos();

    /** Bytes of the request's body, or that the client sent through an open websocket. */
    long bytesIn();

    /** Bytes of the answer's body, or that the upstream sent through an open websocket. */
    long bytesOut();
}
