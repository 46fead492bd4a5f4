package org.joveproxy.core.testing;

import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.routing.MemoryStore;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.SecondLook;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.core.routing.StoreUnavailableException;

/** A store in memory that is as a test wants it to be. Any thread may call any method. */
public final class SwitchableStore implements RouteStore {
    private final MemoryStore memory;
    private volatile StoreStatus status = StoreStatus.working("memory");
    private volatile boolean isAway;
    private volatile SecondLook looks = SecondLook.NEVER;
    private volatile Runnable whenAsked = () -> {};

    /** Changes {@code routes}. */
    public SwitchableStore(RouteTable routes) {
        memory = new MemoryStore(routes);
    }

    /** Is {@code status} from now on. */
    public void is(StoreStatus status) {
        this.status = status;
    }

    /** Does {@code act} from now on before it says how it is. */
    public void whenAsked(Runnable act) {
        whenAsked = act;
    }

    /** Refuses changes from now on, or takes them again. */
    public void isAway(boolean away) {
        isAway = away;
    }

    /** Looks again by {@code other} from now on. */
    public void looksBy(SecondLook other) {
        looks = other;
    }

    @Override
    public SecondLook secondLook() {
        return (decodedPath, found) -> looks.look(decodedPath, found);
    }

    @Override
    public CompletableFuture<Void> put(Route route) {
        return isAway ? refused() : memory.put(route);
    }

    @Override
    public CompletableFuture<Boolean> remove(String path) {
        return isAway ? refused() : memory.remove(path);
    }

    private static <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(new StoreUnavailableException("the store is away"));
    }

    @Override
    public StoreStatus status() {
        whenAsked.run();
        return status;
    }

    @Override
    public void close() {}
}
