package org.joveproxy.core.config;

import java.util.function.Supplier;
import org.joveproxy.core.routing.Target;

/**
 * How the proxy speaks to the hub of its own accord.
 *
 * <p>Immutable.
 *
 * @param api the hub's REST API, such as {@code http://hub:8081/hub/api}
 * @param token gives a token of the hub's with the scope {@code proxy}; asked before each request, from any thread
 */
public record HubConfig(Target api, Supplier<String> token) {
    /** For people; without the token. */
    @Override
    public String toString() {
        return "HubConfig[api=" + api + ", token=***]";
    }
}
