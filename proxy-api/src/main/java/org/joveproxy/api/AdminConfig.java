package org.joveproxy.api;

import org.joveproxy.core.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the REST API is served.
 *
 * <p>Immutable.
 *
 * @param address where it listens
 * @param token what callers must know; null or empty means that everybody may call
 * @param hostRouting whether the first segment of a path is a host
 */
public record AdminConfig(ListenAddress address, @Nullable String token, boolean hostRouting) {
    /** For people; without the token. */
    @Override
    public String toString() {
        boolean isOpen = token == null || token.isEmpty();
        return "AdminConfig[address=" + address + ", token=" + (isOpen ? "none" : "***") + ", hostRouting="
                + hostRouting + "]";
    }
}
