package org.joveproxy.api;

import java.util.List;
import java.util.function.Supplier;
import org.joveproxy.core.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the REST API is served.
 *
 * <p>Immutable.
 *
 * @param address where it listens
 * @param tokens gives those of which callers must know one, now; none means that everybody may call. Asked for each request,
 *     on an event loop
 * @param hostRouting whether the first segment of a path is a host
 * @param metrics how the metrics are served here too, or null when they are not
 */
public record AdminConfig(
        ListenAddress address,
        Supplier<List<String>> tokens,
        boolean hostRouting,
        @Nullable MetricsAccess metrics) {
    /** For people; without the tokens. */
    @Override
    public String toString() {
        return "AdminConfig[address=" + address + ", token=" + (tokens.get().isEmpty() ? "none" : "***")
                + ", hostRouting=" + hostRouting + ", metrics=" + metrics + "]";
    }
}
