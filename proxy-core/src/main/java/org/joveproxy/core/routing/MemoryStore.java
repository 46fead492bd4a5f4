package org.joveproxy.core.routing;

import java.util.concurrent.CompletableFuture;

/**
 * Keeps routes nowhere but in the table: they end with the process, as with configurable-http-proxy.
 *
 * <p>Any thread may call any method.
 */
public final class MemoryStore implements RouteStore {
    private static final StoreStatus STATUS = StoreStatus.working("memory");

    private final RouteTable routes;

    /** A store that changes {@code routes}. */
    public MemoryStore(RouteTable routes) {
        this.routes = routes;
    }

    @Override
    public CompletableFuture<Void> put(Route route) {
        routes.put(route);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> remove(String path) {
        return CompletableFuture.completedFuture(routes.remove(path) != null);
    }

    @Override
    public StoreStatus status() {
        return STATUS;
    }

    @Override
    public void close() {}
}
