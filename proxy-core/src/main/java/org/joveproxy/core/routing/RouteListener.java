package org.joveproxy.core.routing;

import org.jspecify.annotations.Nullable;

/**
 * Hears of changes of routes, and which servers they lead to. Called by the thread that changes the table, after the change
 * has come into force; must not block. Every method does nothing by default.
 */
public interface RouteListener {
    /** A route to {@code origin} was added, or put in the place of another, perhaps its equal. */
    default void targeted(Origin origin) {}

    /** The last route to {@code origin} is gone. Another one may have come since. */
    default void abandoned(Origin origin) {}

    /**
     * A route has come, has taken the place of another, or is gone: either may be null, and never both. Each change is told
     * once; those that different threads make may be told in another order than they came into force.
     */
    default void changed(@Nullable Route before, @Nullable Route after) {}
}
