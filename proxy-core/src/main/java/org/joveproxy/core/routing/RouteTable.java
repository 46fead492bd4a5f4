package org.joveproxy.core.routing;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The routes in force.
 *
 * <p>Any thread may call any method. Readers take one volatile read and never wait; a writer that loses a race redoes
 * its change on the newer trie. A request keeps the answer it got: changing a route never moves a request in flight.
 */
public final class RouteTable {
    private final AtomicReference<RouteTrie> current = new AtomicReference<>(RouteTrie.EMPTY);

    /** The route at the longest registered prefix of {@code decodedPath}, or null when nothing matches. */
    public @Nullable Route resolve(String decodedPath) {
        return current.get().longestPrefix(decodedPath);
    }

    /** The route at exactly {@code path}, in any spelling, or null when there is none. */
    public @Nullable Route get(String path) {
        return current.get().at(path);
    }

    /**
     * Adds {@code route}, or replaces the one at its path. Returns the replaced route. The new one goes on with the
     * activity slot of the old, so that connections opened before still count, and the slot takes the new route's time.
     */
    public @Nullable Route put(Route route) {
        Route replaced = current.getAndUpdate(trie -> trie.with(route)).at(route.path());
        if (replaced != null) {
            replaced.activity().touch(route.activity().lastMillis());
        }
        return replaced;
    }

    /** Removes the route at exactly {@code path}, in any spelling. Returns it, or null when there was none. */
    public @Nullable Route remove(String path) {
        return current.getAndUpdate(trie -> trie.without(path)).at(path);
    }

    /** All routes of one moment, in no particular order. Later changes do not show in it. */
    public Collection<Route> all() {
        return current.get().routes();
    }

    /** How many routes there are. */
    public int size() {
        return current.get().size();
    }

    /** The routes as an indented tree, for people. */
    public String dump() {
        return current.get().dump();
    }
}
