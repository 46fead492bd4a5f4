package org.joveproxy.loadtest.replicas;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The truth about the routes: what the hub has asked for and what has been acknowledged, and so who may answer a request. Any
 * thread may call any method; the monitor of a path's history guards it. Each path is changed by one thread.
 */
final class RouteBook {
    /** Changes of one path that can be remembered: more than any request lives to see. */
    private static final int REMEMBERED = 64;

    private final String fallback;
    private final Map<String, History> histories = new ConcurrentHashMap<>();

    /** @param fallback who answers where there is no route */
    RouteBook(String fallback) {
        this.fallback = fallback;
    }

    private History history(String path) {
        return histories.computeIfAbsent(path, unknown -> new History(fallback));
    }

    /** Notes that the hub begins to ask for {@code path} to lead to {@code server}: from now on both may answer. */
    void begin(String path, String server) {
        history(path).begin(server);
    }

    /** Notes that the hub begins to ask for {@code path} to be taken away. */
    void beginDeletion(String path) {
        history(path).begin(fallback);
    }

    /** Notes that what was begun has been acknowledged: a request that begins from now on must see it. */
    void acknowledged(String path, double seconds) {
        history(path).acknowledged(seconds);
    }

    /** Notes that one attempt had no answer. It may yet arrive, and undo what was acknowledged later. */
    void attemptWasLost(String path) {
        history(path).attemptWasLost();
    }

    /** Notes that the hub has given up: nobody knows whether it was done. */
    void gaveUp(String path) {
        history(path).gaveUp();
    }

    /** Who answers for {@code path} by what has been acknowledged. */
    String server(String path) {
        return history(path).server();
    }

    /** A request for {@code path} is about to be sent. */
    Question ask(String path, double seconds) {
        return history(path).ask(path, seconds);
    }

    /** The servers of all paths that have a route, nothing being under way. */
    Map<String, String> table() {
        Map<String, String> table = new TreeMap<>();
        histories.forEach((path, history) -> {
            String server = history.server();
            if (!server.equals(fallback)) {
                table.put(path, server);
            }
        });
        return table;
    }

    /** Paths of which nobody knows, as the hub gave up. */
    Set<String> unsure() {
        Set<String> paths = new HashSet<>();
        histories.forEach((path, history) -> {
            if (history.isUnsure()) {
                paths.add(path);
            }
        });
        return paths;
    }

    /** What has been said of one path. */
    private static final class History {
        private final String fallback;
        private final Set<String> unsure = new HashSet<>();
        private final Set<String> lost = new HashSet<>();
        private final Deque<String> begun = new ArrayDeque<>();
        private String server;
        private String before;
        private String pending;
        private double acknowledgedAt;
        private long changes;

        History(String fallback) {
            this.fallback = fallback;
            server = fallback;
            before = fallback;
            pending = fallback;
        }

        synchronized void begin(String next) {
            pending = next;
            unsure.add(next);
            changes++;
            begun.addLast(next);
            if (begun.size() > REMEMBERED) {
                begun.removeFirst();
            }
        }

        synchronized void acknowledged(double seconds) {
            before = server;
            server = pending;
            acknowledgedAt = seconds;
            unsure.clear();
        }

        synchronized void attemptWasLost() {
            lost.add(pending);
        }

        synchronized void gaveUp() {
            pending = server;
        }

        synchronized String server() {
            return server;
        }

        synchronized boolean isUnsure() {
            return !unsure.isEmpty();
        }

        synchronized Question ask(String path, double seconds) {
            Set<String> allowed = new HashSet<>(unsure);
            allowed.add(server);
            return new Question(this, path, allowed, changes, seconds, seconds - acknowledgedAt);
        }

        synchronized boolean hasBegun(String asked, long since) {
            long skipped = begun.size() - (changes - since);
            return begun.stream().skip(Math.max(0, skipped)).anyMatch(asked::equals);
        }

        synchronized String excuseFor(String speaker) {
            if (lost.contains(speaker)) {
                return "an attempt that had no answer was done later";
            }
            if (speaker.equals(before)) {
                return "what was before the last change";
            }
            return speaker.equals(fallback) ? "as if there were no route" : "an older state";
        }
    }

    /** A request under way. Confined to the thread that asks, but for the book's own state. */
    static final class Question {
        private final History history;
        private final String path;
        private final Set<String> allowed;
        private final long changes;
        private final double began;
        private final double sinceChange;

        private Question(
                History history, String path, Set<String> allowed, long changes, double began, double sinceChange) {
            this.history = history;
            this.path = path;
            this.allowed = allowed;
            this.changes = changes;
            this.began = began;
            this.sinceChange = sinceChange;
        }

        /** Whether {@code speaker} may have answered; what was begun meanwhile may be in force or not. */
        boolean mayBe(String speaker) {
            return allowed.contains(speaker) || history.hasBegun(speaker, changes);
        }

        /** For the reader: what is wrong with an answer of {@code speaker}. */
        String complaint(String speaker) {
            return String.format(
                    Locale.ROOT,
                    "%.3f s: %s, %.0f ms after its change: %s (expected: %s): %s",
                    began,
                    path,
                    1000 * sinceChange,
                    speaker,
                    String.join(" or ", allowed),
                    history.excuseFor(speaker));
        }

        /** Why, without the particulars. */
        String reason(String speaker) {
            return history.excuseFor(speaker);
        }
    }
}
