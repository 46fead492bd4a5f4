package org.joveproxy.core.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the routes that a store brought back, until each is confirmed or gone. One is confirmed when it is put again,
 * and when it was in a listing of the whole table and is still there half a minute later: the hub deletes what is not as
 * it should be long before that. A route that nobody confirms goes after a while.
 *
 * <p>Any thread may call any method, except that routes are put by the thread that looks after them: a route that has been
 * put must not go because it was old a moment before.
 */
public final class RestoredRoutes {
    private static final Logger logger = LoggerFactory.getLogger(RestoredRoutes.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final long KEPT_MILLIS = 30_000;
    private static final long NEVER = -1;

    private final RouteTable routes;
    private final RouteStore store;
    private final @Nullable Duration allowed;
    private final LongSupplier clock;
    private volatile boolean mayBeSome = true;
    private volatile int unconfirmed;
    private volatile long readMillis = NEVER;
    private volatile CompletableFuture<?> removals = CompletableFuture.completedFuture(null);

    /**
     * The restored ones of {@code routes}, which go through {@code store}.
     *
     * @param allowed how long a route may be unconfirmed, or null for no limit
     * @param clock the time in milliseconds since 1970
     */
    public RestoredRoutes(RouteTable routes, RouteStore store, @Nullable Duration allowed, LongSupplier clock) {
        this.routes = routes;
        this.store = store;
        this.allowed = allowed;
        this.clock = clock;
        lookAfterThem();
    }

    /**
     * Looks after them now, and then each second on {@code thread} until what is returned is closed. Routes must not be put
     * before this returns.
     */
    public AutoCloseable lookAfterThemOn(ScheduledExecutorService thread) {
        lookAfterThem();
        ScheduledFuture<?> chore =
                thread.scheduleWithFixedDelay(this::lookAfterThem, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return () -> chore.cancel(false);
    }

    /** How many routes nobody had confirmed a second ago. */
    public int unconfirmed() {
        return unconfirmed;
    }

    /** Notes that somebody who may change routes has read the whole table, which is {@code table}. */
    public void tableWasRead(Collection<Route> table) {
        long now = clock.getAsLong();
        readMillis = now;
        for (Route route : table) {
            Restoration restoration = route.restoration();
            if (restoration != null && !restoration.isConfirmed()) {
                restoration.listed(now);
                mayBeSome = true;
            }
        }
    }

    /** When the whole table was last read, if it was. */
    public OptionalLong tableReadMillis() {
        long millis = readMillis;
        return millis == NEVER ? OptionalLong.empty() : OptionalLong.of(millis);
    }

    /** Notes that the route at {@code path} is about to be put, so that it does not go in the same moment. */
    public void isPut(String path) {
        Route present = routes.get(path);
        Restoration restoration = present == null ? null : present.restoration();
        if (restoration != null) {
            restoration.confirm();
        }
    }

    void lookAfterThem() {
        // Some stores restore after the start. Asked before the look: what comes in between is seen by the next one.
        boolean hasAll = store.status().hasRoutes();
        if (!removals.isDone() || (!mayBeSome && hasAll)) {
            return;
        }
        long now = clock.getAsLong();
        List<Route> outdated = new ArrayList<>();
        int waiting = 0;
        for (Route route : routes.all()) {
            Restoration restoration = route.restoration();
            if (restoration != null && !isConfirmed(restoration, now)) {
                waiting++;
                if (allowed != null && now - restoration.restoredMillis() >= allowed.toMillis()) {
                    outdated.add(route);
                }
            }
        }
        mayBeSome = waiting > 0 || !hasAll;
        unconfirmed = waiting;
        removals = CompletableFuture.allOf(outdated.stream().map(this::remove).toArray(CompletableFuture<?>[]::new));
    }

    private static boolean isConfirmed(Restoration restoration, long now) {
        long listed = restoration.listedMillis().orElse(now);
        if (now - listed >= KEPT_MILLIS) {
            restoration.confirm();
        }
        return restoration.isConfirmed();
    }

    private CompletableFuture<?> remove(Route route) {
        return store.remove(route.path()).handle((existed, failure) -> {
            if (failure == null) {
                logger.warn("Removed route {}: it was restored and nobody has confirmed it since", route);
            } else {
                logger.debug("Could not remove the restored route {}: {}", route, failure.toString());
            }
            return null;
        });
    }
}
