package org.joveproxy.core.config;

import java.nio.file.Path;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of an error answer comes from: a server, a directory, or neither (the built-in pages).
 *
 * <p>Immutable. At most one of the two is set.
 *
 * @param target the server asked for {@code <target>/<status>?url=<request target>}, or null
 * @param directory the directory with {@code <status>.html} and {@code error.html}, or null
 * @param negotiates whether programs get JSON instead of a page
 */
public record ErrorPageConfig(
        @Nullable Target target, @Nullable Path directory, boolean negotiates) {
    /** Refuses both at once. */
    public ErrorPageConfig {
        if (target != null && directory != null) {
            throw new IllegalArgumentException("error pages: a target and a directory (expected: at most one)");
        }
    }

    /** Pages for everybody. */
    public ErrorPageConfig(@Nullable Target target, @Nullable Path directory) {
        this(target, directory, false);
    }

    /** The built-in pages. */
    public static ErrorPageConfig builtIn() {
        return new ErrorPageConfig(null, null);
    }
}
