package org.joveproxy.core.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The routes in force.
 *
 * <p>Any thread may call any method. Readers take one volatile read and never wait; a writer that loses a race redoes
 * its change on the newer trie. A request keeps the answer it got: changing a route never moves a request in flight. The
 * origins are counted beside the trie, before a route comes into force and after it has left, so that an origin that is
 * told to be abandoned had no route at that moment.
 */
public final class RouteTable {
    private final AtomicReference<RouteTrie> current = new AtomicReference<>(RouteTrie.EMPTY);
    private final RoutedOrigins origins = new RoutedOrigins();
    private final List<RouteListener> listeners = new CopyOnWriteArrayList<>();

    /** Has {@code listener} hear of every change from now on. */
    public void addListener(RouteListener listener) {
        listeners.add(listener);
    }

    /** Has {@code listener} hear of nothing more. */
    public void removeListener(RouteListener listener) {
        listeners.remove(listener);
    }

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
        Target target = route.target();
        if (target.isUsable()) {
            origins.add(target.origin());
        }
        Route replaced = current.getAndUpdate(trie -> trie.with(route)).at(route.path());
        if (replaced != null) {
            replaced.activity().set(route.activity().lastMillis());
        }
        for (RouteListener listener : listeners) {
            listener.changed(replaced, route);
            if (target.isUsable()) {
                listener.targeted(target.origin());
            }
        }
        released(replaced);
        return replaced;
    }

    /**
     * Adds all of {@code added}, as {@link #put} does one after the other; into an empty table much faster, and all of them
     * come into force in one moment then.
     */
    public void putAll(Collection<Route> added) {
        RouteTrie trie = RouteTrie.of(added);
        // Routes that replace one another are not worth a way of their own.
        boolean areOthers = trie.size() == added.size() && current.get() == RouteTrie.EMPTY;
        if (!areOthers || !bringIntoForce(trie, added)) {
            added.forEach(this::put);
        }
    }

    private boolean bringIntoForce(RouteTrie trie, Collection<Route> all) {
        List<Origin> targeted = new ArrayList<>(all.size());
        for (Route route : all) {
            if (route.target().isUsable()) {
                targeted.add(route.target().origin());
            }
        }
        targeted.forEach(origins::add);
        if (!current.compareAndSet(RouteTrie.EMPTY, trie)) {
            targeted.forEach(this::released);
            return false;
        }
        for (RouteListener listener : listeners) {
            all.forEach(route -> listener.changed(null, route));
            targeted.forEach(listener::targeted);
        }
        return true;
    }

    /** Removes the route at exactly {@code path}, in any spelling. Returns it, or null when there was none. */
    public @Nullable Route remove(String path) {
        Route removed = current.getAndUpdate(trie -> trie.without(path)).at(path);
        if (removed != null) {
            listeners.forEach(listener -> listener.changed(removed, null));
        }
        released(removed);
        return removed;
    }

    private void released(@Nullable Route gone) {
        if (gone != null && gone.target().isUsable()) {
            released(gone.target().origin());
        }
    }

    private void released(Origin origin) {
        if (origins.remove(origin)) {
            listeners.forEach(listener -> listener.abandoned(origin));
        }
    }

    /** Whether any route leads to {@code origin}. */
    public boolean leadsTo(Origin origin) {
        return origins.contains(origin);
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
