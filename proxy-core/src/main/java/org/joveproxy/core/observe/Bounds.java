package org.joveproxy.core.observe;

import java.util.Locale;

/**
 * How near the proxy is to what it may take at one time.
 *
 * <p>Any thread may call any method.
 */
public interface Bounds {
    /** What is bounded. */
    enum Bound {
        /** Clients that are served. */
        CLIENTS,
        /** Sockets to all upstreams together. */
        UPSTREAM_SOCKETS,
        /** Sockets to the one upstream that has the most; over TCP each takes one local port. */
        SOCKETS_TO_ONE_UPSTREAM,
        /** Bytes in memory that wait for slow peers. */
        BUFFERED_BYTES;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs and metric labels. */
        public String label() {
            return label;
        }
    }

    /** How much is in use now. */
    long used(Bound bound);

    /** How much may be in use. */
    long limit(Bound bound);

    /** Upstreams that are left alone now, since connecting to them has failed too often. */
    int openBreakers();
}
