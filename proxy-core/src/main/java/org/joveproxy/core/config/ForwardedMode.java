package org.joveproxy.core.config;

/** What becomes of the {@code X-Forwarded-*} that came with a request. */
public enum ForwardedMode {
    /** They pass as they came, and nothing is added. */
    NONE,
    /** What the proxy knows is added to them, whoever sent them; as configurable-http-proxy does. */
    APPEND,
    /** What a trusted peer sent is kept and its address added; what anybody else sent makes way for what the proxy knows. */
    REPLACE,
    /** One value of each: a trusted peer's, else what the proxy knows. */
    SINGLE
}
