package org.joveproxy.store.shared;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.SecondLook;
import org.jspecify.annotations.Nullable;

/**
 * Looks in the store for what the table has no route for, while the table may be late. Most requests are none of its
 * business: it asks only when there is a reason, and only so much that a storm of misses costs the store next to nothing.
 *
 * <p>Any thread may call any method.
 */
final class StoreLooks implements SecondLook {
    /** As deep as routes can be found: host, a base of two, user, name, server. */
    static final int MAX_SEGMENTS = 6;

    static final int MAX_AT_ONCE = 32;

    /** So many in a row, after which there is one each {@link #BETWEEN}. */
    static final int MAX_BURST = 100;

    static final Duration BETWEEN = Duration.ofMillis(5);

    // Short: a route may be added just after the store has said that there is none.
    static final Duration REMEMBERED = Duration.ofMillis(100);

    /** A store that has not answered in time is left alone for so long, so that only few requests are held up by it. */
    static final Duration REST = Duration.ofSeconds(1);

    private static final int MAX_LENGTH = 512;
    private static final int MAX_REMEMBERED = 1000;

    private final Source source;
    private final LocalTable table;
    private final Consumer<LookResult> observer;
    private final LongSupplier nanoClock;

    private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private final Map<String, Long> absent = new ConcurrentHashMap<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicLong spent;
    private volatile long equalNanos;
    private volatile long restNanos;

    /** What the store and those who follow it know. */
    interface Source {
        /** Whether there may be changes that are not in force here yet, and that can be asked for. */
        boolean mayLackChanges();

        /** Asks for the first of {@code paths} that has a route; null when the store cannot be asked. */
        @Nullable
        CompletionStage<List<Object>> find(List<String> paths);

        /** There is a change {@code seq}. */
        void tell(long seq);
    }

    /**
     * Looks for {@code table}.
     *
     * @param observer hears how each look has ended
     * @param nanoClock the monotonic time
     */
    StoreLooks(Source source, LocalTable table, Consumer<LookResult> observer, LongSupplier nanoClock) {
        this.source = source;
        this.table = table;
        this.observer = observer;
        this.nanoClock = nanoClock;
        long longAgo = nanoClock.getAsLong() - TimeUnit.HOURS.toNanos(1);
        this.spent = new AtomicLong(longAgo);
        this.equalNanos = longAgo;
        this.restNanos = longAgo;
    }

    @Override
    public @Nullable CompletableFuture<Void> look(String decodedPath, @Nullable Route found) {
        if (!source.mayLackChanges()) {
            return null;
        }
        List<String> paths = paths(decodedPath, found);
        if (paths.isEmpty()) {
            return null;
        }
        String key = paths.get(0);
        CompletableFuture<Void> same = running.get(key);
        if (same != null) {
            return same;
        }
        long now = nanoClock.getAsLong();
        return isKnownToBeAbsent(key, now) ? null : lookUnlessTooMany(paths, now);
    }

    /** The paths that a route for {@code decodedPath} can have and {@code found} has not, the longest first. */
    static List<String> paths(String decodedPath, @Nullable Route found) {
        String path = RoutePath.clean(decodedPath);
        int known = found == null ? 1 : found.path().length();
        List<String> paths = new ArrayList<>(MAX_SEGMENTS);
        int end = 0;
        for (int i = 0; i < MAX_SEGMENTS && end < path.length(); i++) {
            int slash = path.indexOf('/', end + 1);
            end = slash < 0 ? path.length() : slash;
            if (end > MAX_LENGTH) {
                break;
            }
            // A route's path does not end with a slash.
            if (end > known && path.charAt(end - 1) != '/') {
                paths.add(0, path.substring(0, end));
            }
        }
        return paths;
    }

    private boolean isKnownToBeAbsent(String key, long now) {
        if (now - equalNanos < REMEMBERED.toNanos()) {
            return true;
        }
        Long asked = absent.get(key);
        return asked != null && now - asked < REMEMBERED.toNanos();
    }

    private @Nullable CompletableFuture<Void> lookUnlessTooMany(List<String> paths, long now) {
        if (now - restNanos < REST.toNanos() || !tryTakePlace()) {
            observer.accept(LookResult.SHED);
            return null;
        }
        if (!tryTakeTurn(now)) {
            atOnce.decrementAndGet();
            observer.accept(LookResult.SHED);
            return null;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> same = running.putIfAbsent(paths.get(0), done);
        if (same != null) {
            atOnce.decrementAndGet();
            return same;
        }
        return look(paths, done, now);
    }

    private boolean tryTakePlace() {
        return atOnce.getAndUpdate(n -> n < MAX_AT_ONCE ? n + 1 : n) < MAX_AT_ONCE;
    }

    private boolean tryTakeTurn(long now) {
        long full = now - MAX_BURST * BETWEEN.toNanos();
        long before = spent.getAndUpdate(
                at -> Math.max(at, full) + BETWEEN.toNanos() <= now ? Math.max(at, full) + BETWEEN.toNanos() : at);
        return Math.max(before, full) + BETWEEN.toNanos() <= now;
    }

    private @Nullable CompletableFuture<Void> look(List<String> paths, CompletableFuture<Void> done, long askedNanos) {
        String key = paths.get(0);
        int session = table.session();
        CompletionStage<List<Object>> answer = source.find(paths);
        if (answer == null) {
            end(key, done);
            return null;
        }
        var unused = answer.toCompletableFuture()
                .copy()
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((found, failure) ->
                        failure == null ? heard(Found.of(found), session, key, askedNanos) : failed(failure))
                .exceptionally(failure -> LookResult.FAILED)
                .thenAccept(result -> {
                    try {
                        observer.accept(result);
                    } finally {
                        end(key, done);
                    }
                });
        return done;
    }

    private LookResult heard(Found found, int session, String key, long askedNanos) {
        String path = found.path();
        if (table.isOf(found.epoch())) {
            source.tell(found.seq());
        }
        if (path != null && table.takeIn(found, session)) {
            return LookResult.FOUND;
        }
        if (path == null && table.isAsNewAs(found)) {
            equalNanos = askedNanos;
        } else {
            remember(key, askedNanos);
        }
        return LookResult.NONE;
    }

    private void remember(String key, long askedNanos) {
        if (absent.size() >= MAX_REMEMBERED) {
            absent.values().removeIf(asked -> askedNanos - asked >= REMEMBERED.toNanos());
        }
        if (absent.size() < MAX_REMEMBERED) {
            absent.put(key, askedNanos);
        }
    }

    private LookResult failed(Throwable failure) {
        if (Acknowledgements.unwrapped(failure) instanceof TimeoutException) {
            restNanos = nanoClock.getAsLong();
        }
        return LookResult.FAILED;
    }

    private void end(String key, CompletableFuture<Void> done) {
        running.remove(key, done);
        atOnce.decrementAndGet();
        done.complete(null);
    }

    /** How many looks are under way. */
    int running() {
        return atOnce.get();
    }
}
