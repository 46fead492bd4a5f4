package org.joveproxy.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;

/**
 * The listener of the REST API.
 *
 * <p>Any thread may call any method except an event loop's.
 */
public final class AdminServer implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Listener.Setup setup;
    private final ListingWriter listings = new ListingWriter();
    private final Listener listener;

    private AdminServer(
            AdminConfig config,
            AdminLimits limits,
            Listener.Setup setup,
            RoutesEndpoint routes,
            ReplicasEndpoint replicas,
            LogLevel logLevel)
            throws IOException {
        ConnectionsEndpoint connections = new ConnectionsEndpoint(setup.ledger(), routes::epochMillis, listings);
        AdminRouter router = new AdminRouter(
                new TokenAuthorization(config.tokens()),
                routes,
                connections,
                replicas,
                new LogLevelEndpoint(logLevel),
                listings);
        AdminInitializer initializer = new AdminInitializer(router, limits, routes.observer());
        this.setup = setup;
        this.listener = Listener.bind(config.address(), setup, initializer::install);
    }

    /**
     * Binds the address in {@code config}; nobody is served before {@link #startAccepting}.
     *
     * @param store where changes of {@code routes} go; its owner closes it after the server
     * @param restored hears when the table was read and which routes are put
     * @param clock the time in milliseconds since 1970
     * @param logLevel what callers may see and change
     * @throws IOException when the address cannot be bound; the message names the address and the cause
     */
    public static AdminServer bind(
            AdminConfig config,
            Listener.Setup setup,
            RouteTable routes,
            RouteStore store,
            RestoredRoutes restored,
            ProxyObserver observer,
            LongSupplier clock,
            LogLevel logLevel)
            throws IOException {
        return bind(config, AdminLimits.defaults(), setup, routes, store, restored, observer, clock, logLevel);
    }

    static AdminServer bind(
            AdminConfig config,
            AdminLimits limits,
            Listener.Setup setup,
            RouteTable routes,
            RouteStore store,
            RestoredRoutes restored,
            ProxyObserver observer,
            LongSupplier clock,
            LogLevel logLevel)
            throws IOException {
        RoutesEndpoint endpoint = new RoutesEndpoint(routes, store, restored, observer, clock, config.hostRouting());
        return new AdminServer(config, limits, setup, endpoint, new ReplicasEndpoint(store), logLevel);
    }

    /** Accepts connections from now on. */
    public void startAccepting() {
        listener.startAccepting();
        listings.rehearse();
    }

    /** The bound TCP port, or 0 for a unix socket. */
    public int port() {
        return listener.port();
    }

    /** Stops accepting and closes every connection. */
    @Override
    public void close() {
        listener.close();
        listings.close();
        setup.ledger().closeAll(setup.loops(), Set.of(setup.role()), CloseReason.SHUTDOWN, CLOSE_LIMIT);
    }
}
