package org.joveproxy.core.lifecycle;

import java.util.Locale;

/** What a socket carries, or carried last. */
public enum Purpose {
    /** Requests and their responses. */
    REQUEST,
    /** A websocket, from the request for it on. */
    WEBSOCKET,
    /** Error pages that the proxy fetches for itself from the server that has them. */
    ERROR_PAGE,
    /** The proxy's own wish that the hub check its routes. */
    HUB_CHECK;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word used in listings. */
    public String label() {
        return label;
    }
}
