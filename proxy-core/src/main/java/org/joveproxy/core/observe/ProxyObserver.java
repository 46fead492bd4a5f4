package org.joveproxy.core.observe;

import java.util.Locale;

/**
 * Hears what happens in the proxy, for metrics and logs.
 *
 * <p>Methods are called on event loops and other threads, many at a time: implementations must be thread-safe, must not
 * block and should not throw. Every method does nothing by default.
 */
public interface ProxyObserver {
    /** The kinds of proxied requests. */
    enum RequestKind {
        /** A plain request. */
        WEB,
        /** A request to upgrade the connection to a websocket. */
        WEBSOCKET;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs and metric labels. */
        public String label() {
            return label;
        }
    }

    /** What came of the need to ask the server for error pages. */
    enum PageResult {
        /** It was asked and has given one. */
        FETCHED,
        /** It was asked in vain: the last page of the same status served, or the built-in one. */
        FAILED,
        /** It was not asked, since it had failed just before or is asked for too many already; the same served. */
        SHED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metric labels. */
        public String label() {
            return label;
        }
    }

    /** How a wish that the hub check its routes has ended. */
    enum HubAnswer {
        /** The hub has checked them. */
        CHECKED,
        /** It could not be reached or has failed; it will be asked again. */
        FAILED,
        /** It does not want to, and will not be asked again. */
        REFUSED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metric labels. */
        public String label() {
            return label;
        }
    }

    /** How a look for a route in the store that several proxies share has ended. */
    enum LookResult {
        /** The store has a route that the table lacked. */
        FOUND,
        /** It has none either. */
        NONE,
        /** It did not answer, or not in time. */
        FAILED,
        /** There were too many looks already: the request went on without. */
        SHED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metric labels. */
        public String label() {
            return label;
        }
    }

    /** What became of a request that was held. */
    enum HoldResult {
        /** The server has accepted a connection. */
        CONNECTED,
        /** It has not in time, or something else went wrong: the request was answered with a failure. */
        FAILED,
        /** The client has left. */
        LEFT;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metric labels. */
        public String label() {
            return label;
        }
    }

    /** What became of files that were read again because they hold something else. */
    enum ReloadResult {
        /** What they hold is in force. */
        TAKEN,
        /** They cannot be used; what was in force stays so. */
        REFUSED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metric labels. */
        public String label() {
            return label;
        }
    }

    /** A request was taken in to be proxied; health checks are not. */
    default void requestStarted(RequestKind kind) {}

    /** A route was looked for, which took {@code nanos}, found or not. */
    default void routeLookedUp(long nanos) {}

    /** A route's activity was noted, which took {@code nanos}. */
    default void activityUpdated(long nanos) {}

    /**
     * A plain request is about to be answered with {@code status}, which came from the upstream or, when {@code
     * fromProxy}, from the proxy itself. Upgrades are not reported.
     */
    default void responded(int status, boolean fromProxy) {}

    /**
     * A request is over, or the websocket that it has opened: each that was {@linkplain #requestStarted taken in}, and those
     * that were refused before that, once. Called on an event loop.
     */
    default void exchangeEnded(ExchangeReport report) {}

    /**
     * The REST API answered a request by {@code method} with {@code status}, {@code nanos} after its head was there. The
     * method is empty when the request could not be understood.
     */
    default void apiResponded(String method, int status, long nanos) {}

    /** A request is held no longer: the server of its route, which was just added, had refused connections. */
    default void holdEnded(HoldResult result) {}

    /** The server for error pages was asked for one, or should have been: this came of it. */
    default void errorPageAsked(PageResult result) {}

    /** The REST API listed the whole route table. */
    default void routesListed() {}

    /** The REST API added or replaced a route. */
    default void routeAdded() {}

    /** The REST API was asked to delete a route, whether or not it existed. */
    default void routeDeleted() {}

    /** Connecting to {@code upstream} has failed so often that it is left alone but for one try a second. */
    default void breakerOpened(String upstream) {}

    /** {@code upstream}, which was left alone, is connected to again whenever it is needed. */
    default void breakerClosed(String upstream) {}

    /** {@code changes} of routes were written together to where they survive the process, which took {@code nanos}. */
    default void routesKept(int changes, long nanos) {}

    /** {@code changes} of routes came into force although they could not be written to where they survive the process. */
    default void routesNotKept(int changes) {}

    /** A change of routes was answered although {@code replicas} that share them did not have it in force in time. */
    default void replicasLate(int replicas) {}

    /** A route was looked for in the store that several proxies share, because it may be missing in the table. */
    default void lookedAgain(LookResult result) {}

    /** The hub was asked to check its routes, and this came of it. */
    default void hubAsked(HubAnswer answer) {}

    /** The files of {@code what} were read again. */
    default void reloaded(Reloadable what, ReloadResult result) {}

    /** An observer that ignores everything. */
    static ProxyObserver none() {
        return new ProxyObserver() {};
    }
}
