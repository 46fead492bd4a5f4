package org.joveproxy.core.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The URL that a route points to.
 *
 * <p>Immutable. Two targets are equal when they were written alike.
 */
public final class Target {
    private final String raw;
    private final @Nullable TargetUrl url;
    private final String why;

    private Target(String raw, @Nullable TargetUrl url, String why) {
        this.raw = raw;
        this.url = url;
        this.why = why;
    }

    /**
     * Reads {@code raw} as lenient as browsers do (the URL standard of the WHATWG), with the schemes {@code http}, {@code
     * https}, and {@code http+unix} or {@code unix+http}, which take the percent-encoded path of a socket as host.
     *
     * @throws IllegalArgumentException when no server can be reached by it; the message is for operators
     */
    public static Target parse(String raw) {
        return new Target(raw, TargetUrl.parse(raw), "");
    }

    /** A target that was configured although nothing can be reached by it, and {@code why} not. */
    public static Target unusable(String raw, String why) {
        return new Target(raw, null, why);
    }

    /** Whether requests can be sent there. */
    public boolean isUsable() {
        return url != null;
    }

    /** Why no request can be sent there; empty for a usable target. */
    public String whyUnusable() {
        return why;
    }

    /** The URL as it was given. It may hold a password: {@link #toString} hides that. */
    public String raw() {
        return raw;
    }

    /** The server to connect to, of a usable target. */
    public Origin origin() {
        return usable().origin();
    }

    /** The path of a usable target: percent-encoded, beginning with a slash. */
    public String path() {
        return usable().path();
    }

    /** The query of a usable target, percent-encoded, or null when it has none. */
    public @Nullable String query() {
        return usable().query();
    }

    private TargetUrl usable() {
        if (url == null) {
            throw new IllegalStateException("target: " + this + " (expected: a usable one, but " + why + ")");
        }
        return url;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that && raw.equals(that.raw) && Objects.equals(url, that.url);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    /** For people and logs: as it was given, but without user name and password and in one line. */
    @Override
    public String toString() {
        return TargetUrl.withoutCredentials(raw);
    }
}
