package org.joveproxy.core.config;

/**
 * What counts as a use of a route, of which whoever stops idle servers hears.
 *
 * <p>Immutable; any thread may call any method.
 *
 * @param countsUpstream whether the bytes count, too, that an upstream sends over a websocket or in an answer below 300, as
 *     they come; otherwise only those of clients do, and answers below 300 when they end
 * @param ignored requests that do not count, nor does anything that becomes of them
 */
public record ActivityConfig(boolean countsUpstream, IgnoredPaths ignored) {
    /** What holds when no flag is given, as with configurable-http-proxy. */
    public static ActivityConfig defaults() {
        return new ActivityConfig(false, IgnoredPaths.none());
    }
}
