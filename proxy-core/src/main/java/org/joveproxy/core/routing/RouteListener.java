package org.joveproxy.core.routing;

/**
 * Hears which servers routes lead to. Called by the thread that changes the table, after the change has come into force;
 * must not block.
 */
public interface RouteListener {
    /** A route to {@code origin} was added, or put in the place of another, perhaps its equal. */
    void targeted(Origin origin);

    /** The last route to {@code origin} is gone. Another one may have come since. */
    void abandoned(Origin origin);
}
