package org.joveproxy.core.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes by path segment. A node stands for one segment; a change makes new nodes from the root to the changed one and
 * shares all others with the trie before.
 *
 * <p>Immutable.
 */
final class RouteTrie {
    // Paths are walked by loops rather than by recursion: the API takes paths of thousands of segments, and a stack
    // that overflows takes the event loop with it.
    static final RouteTrie EMPTY = new RouteTrie("", null, Branches.NONE, 0);

    private final String segment;
    private final @Nullable Route route;
    private final Branches branches;
    private final int size;

    private RouteTrie(String segment, @Nullable Route route, Branches branches, int size) {
        this.segment = segment;
        this.route = route;
        this.branches = branches;
        this.size = size;
    }

    String segment() {
        return segment;
    }

    /** The route at this very node, or null when it only leads to others. */
    @Nullable
    Route route() {
        return route;
    }

    Branches branches() {
        return branches;
    }

    /** How many routes this node and those below it hold. */
    int size() {
        return size;
    }

    /** The route at the longest prefix of {@code path}, or null when there is none. */
    @Nullable
    Route longestPrefix(String path) {
        int end = RoutePath.lengthWithoutSlashes(path);
        RouteTrie node = this;
        Route longest = route;
        for (int start = RoutePath.afterSlashes(path, end); start < end; ) {
            int stop = segmentEnd(path, start, end);
            node = node.branches.find(path, start, stop);
            if (node == null) {
                return longest;
            }
            if (node.route != null) {
                longest = node.route;
            }
            start = stop + 1;
        }
        return longest;
    }

    /** The route at exactly {@code path}, or null when there is none. */
    @Nullable
    Route at(String path) {
        int end = RoutePath.lengthWithoutSlashes(path);
        RouteTrie node = this;
        for (int start = RoutePath.afterSlashes(path, end); start < end; ) {
            int stop = segmentEnd(path, start, end);
            node = node.branches.find(path, start, stop);
            if (node == null) {
                return null;
            }
            start = stop + 1;
        }
        return node.route;
    }

    /** A trie of {@code routes}; of those with the same path the last one. */
    static RouteTrie of(Collection<Route> routes) {
        return new TrieGrowth().grown(routes);
    }

    /** A node with all that is below it. */
    static RouteTrie node(String segment, @Nullable Route route, List<RouteTrie> children) {
        int size = count(route);
        for (RouteTrie child : children) {
            size += child.size;
        }
        return new RouteTrie(segment, route, Branches.of(children), size);
    }

    /** This trie with {@code added} in it, in place of the route at the same path if there is one. */
    RouteTrie with(Route added) {
        List<RouteTrie> way = wayTo(added.path(), true);
        int last = way.size() - 1;
        return rebuilt(way, way.get(last).holding(added));
    }

    /** This trie without the route at {@code path}; this trie itself when there is none. */
    RouteTrie without(String path) {
        if (at(path) == null) {
            return this;
        }
        List<RouteTrie> way = wayTo(path, false);
        int last = way.size() - 1;
        return rebuilt(way, way.get(last).holding(null));
    }

    /** The nodes from this one to that of {@code path}; missing ones are made up, empty, if wanted. */
    private List<RouteTrie> wayTo(String path, boolean makeMissing) {
        List<RouteTrie> way = new ArrayList<>();
        way.add(this);
        int end = RoutePath.lengthWithoutSlashes(path);
        RouteTrie node = this;
        for (int start = RoutePath.afterSlashes(path, end); start < end; ) {
            int stop = segmentEnd(path, start, end);
            RouteTrie child = node.branches.find(path, start, stop);
            if (child == null) {
                if (!makeMissing) {
                    throw new IllegalStateException("no node on the way to a route that exists: " + path);
                }
                child = new RouteTrie(path.substring(start, stop), null, Branches.NONE, 0);
            }
            way.add(child);
            node = child;
            start = stop + 1;
        }
        return way;
    }

    /** The new root, when {@code changed} takes the place of the last node of {@code way}. */
    private static RouteTrie rebuilt(List<RouteTrie> way, RouteTrie changed) {
        RouteTrie child = changed;
        for (int depth = way.size() - 2; depth >= 0; depth--) {
            child = way.get(depth).leadingTo(child, way.get(depth + 1).size);
        }
        return child;
    }

    private RouteTrie holding(@Nullable Route next) {
        Route kept = next != null && route != null ? next.inPlaceOf(route) : next;
        return new RouteTrie(segment, kept, branches, size - count(route) + count(next));
    }

    private RouteTrie leadingTo(RouteTrie child, int sizeBefore) {
        // A node without routes is of no use to anybody: this is what keeps a long-lived table from growing.
        Branches changed = child.size == 0 ? branches.without(child.segment) : branches.with(child);
        return new RouteTrie(segment, route, changed, size - sizeBefore + child.size);
    }

    private static int count(@Nullable Route route) {
        return route == null ? 0 : 1;
    }

    static int segmentEnd(String path, int start, int end) {
        int slash = path.indexOf('/', start);
        return slash < 0 || slash > end ? end : slash;
    }

    /** All routes, in no particular order. */
    Collection<Route> routes() {
        List<Route> routes = new ArrayList<>(size);
        Deque<RouteTrie> waiting = new ArrayDeque<>();
        waiting.push(this);
        while (!waiting.isEmpty()) {
            RouteTrie node = waiting.pop();
            if (node.route != null) {
                routes.add(node.route);
            }
            node.branches.forEach(waiting::push);
        }
        return routes;
    }

    /** One line for each node, sorted by segment and indented by depth, with its target if it has a route. */
    String dump() {
        record Entry(RouteTrie node, int depth) {}
        StringBuilder lines = new StringBuilder();
        Deque<Entry> waiting = new ArrayDeque<>();
        waiting.push(new Entry(this, 0));
        while (!waiting.isEmpty()) {
            Entry entry = waiting.pop();
            RouteTrie node = entry.node();
            lines.append("  ".repeat(entry.depth())).append('/').append(node.segment);
            if (node.route != null) {
                lines.append(" -> ").append(node.route.target());
            }
            lines.append('\n');
            List<RouteTrie> children = new ArrayList<>();
            node.branches.forEach(children::add);
            children.sort(Comparator.comparing(RouteTrie::segment).reversed());
            children.forEach(child -> waiting.push(new Entry(child, entry.depth() + 1)));
        }
        return lines.toString();
    }
}
