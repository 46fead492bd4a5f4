package org.joveproxy.store.journal;

import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * One change of routes that is in force and still has to be kept.
 *
 * <p>Any thread may call any method.
 *
 * @param path of the route, as the table spells it
 * @param route what is there from now on; null when nothing is
 * @param hadRoute whether there was one before
 * @param kept completes with {@code hadRoute}
 */
record Change(String path, @Nullable Route route, boolean hadRoute, CompletableFuture<Boolean> kept) {
    Change(String path, @Nullable Route route, boolean hadRoute) {
        this(path, route, hadRoute, new CompletableFuture<>());
    }

    /** Whether anything is different from before: removing what was not there is only waited for in its turn. */
    boolean isOne() {
        return route != null || hadRoute;
    }

    void complete() {
        kept.complete(hadRoute);
    }
}
