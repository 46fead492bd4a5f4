package org.joveproxy.core.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a trie of many routes at once, each node when all that is below it is known: a start with very many routes copies no
 * node that the next route would replace.
 *
 * <p>Confined to one thread; for one trie.
 */
final class TrieGrowth {
    // With the slash before all other characters, and an end before the slash, what is below a node follows it at once.
    private static final Comparator<Route> BRANCH_BY_BRANCH = (a, b) -> compare(a.path(), b.path());

    // The nodes from the root to that of the last path. Loops rather than recursion, as in the trie itself.
    private final List<Node> open = new ArrayList<>();
    private int depth;
    private String lastPath = RoutePath.ROOT;

    TrieGrowth() {
        open.add(new Node());
    }

    /** A node whose children are not all known yet. One that is complete is used again for another of its depth. */
    private static final class Node {
        private String segment = "";
        private int end;
        private @Nullable Route route;
        private List<RouteTrie> children = new ArrayList<>(0);

        void begin(String path, int start, int stop) {
            segment = path.substring(start, stop);
            end = stop;
            route = null;
            children.clear();
        }

        RouteTrie complete() {
            return RouteTrie.node(segment, route, children);
        }
    }

    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return x == '/' ? -1 : y == '/' ? 1 : x - y;
            }
        }
        return a.length() - b.length();
    }

    /** The trie of {@code routes}. */
    RouteTrie grown(Collection<Route> routes) {
        List<Route> sorted = new ArrayList<>(routes);
        sorted.sort(BRANCH_BY_BRANCH);
        for (Route route : sorted) {
            add(route);
        }
        closeBelow(0);
        return open.get(0).complete();
    }

    private void add(Route route) {
        String path = route.path();
        closeBelow(commonDepth(path));
        int start = open.get(depth).end + 1;
        while (start < path.length()) {
            int stop = RouteTrie.segmentEnd(path, start, path.length());
            depth++;
            if (depth == open.size()) {
                open.add(new Node());
            }
            open.get(depth).begin(path, start, stop);
            start = stop + 1;
        }
        open.get(depth).route = route;
        lastPath = path;
    }

    /** How many nodes below the root {@code path} has in common with the last one. */
    private int commonDepth(String path) {
        int common = 0;
        int start = 0;
        while (common < depth) {
            int end = open.get(common + 1).end;
            boolean isSame = path.regionMatches(start, lastPath, start, end - start)
                    && (path.length() == end || path.charAt(end) == '/');
            if (!isSame) {
                return common;
            }
            common++;
            start = end;
        }
        return common;
    }

    private void closeBelow(int wanted) {
        while (depth > wanted) {
            RouteTrie complete = open.get(depth).complete();
            depth--;
            open.get(depth).children.add(complete);
        }
    }
}
