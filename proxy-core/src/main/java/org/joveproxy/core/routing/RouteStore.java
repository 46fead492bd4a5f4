package org.joveproxy.core.routing;

import java.util.concurrent.CompletableFuture;

/**
 * Where routes are changed: brings a change into force in the {@link RouteTable} and keeps it as safe as the store can.
 *
 * <p>Any thread may call any method, an event loop's too: nothing blocks. Futures complete on any thread; whoever confines
 * itself to a loop goes back there. Changes that one thread asks for one after the other take effect in that order.
 */
public interface RouteStore extends AutoCloseable {
    /**
     * Adds {@code route}, or puts it in the place of the one at its path. The future completes when the change is in force
     * and kept; it fails with {@link StoreUnavailableException} when the change cannot be made for now; when
     * the store went away in the middle of it, it may have come into force nevertheless.
     */
    CompletableFuture<Void> put(Route route);

    /**
     * Removes the route at exactly {@code path}, in any spelling. The future completes, with whether there was one, and
     * fails like that of {@link #put}.
     */
    CompletableFuture<Boolean> remove(String path);

    /** How the store is at this moment. */
    StoreStatus status();

    /** What finds routes that others have added to the store and that the table may lack. */
    default SecondLook secondLook() {
        return SecondLook.NEVER;
    }

    /** Keeps what is not kept yet, for a second at most, and gives up files and connections. */
    @Override
    void close();
}
