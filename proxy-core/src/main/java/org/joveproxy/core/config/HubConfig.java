package org.joveproxy.core.config;

import org.joveproxy.core.routing.Target;

/**
 * How the proxy speaks to the hub of its own accord.
 *
 * <p>Immutable.
 *
 * @param api the hub's REST API, such as {@code http://hub:8081/hub/api}
 * @param token a token of the hub's with the scope {@code proxy}
 */
public record HubConfig(Target api, String token) {
    /** For people; without the token. */
    @Override
    public String toString() {
        return "HubConfig[api=" + api + ", token=***]";
    }
}
