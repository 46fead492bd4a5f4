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
            Routing routing,
            ProxyObserver observer,
            LongSupplier clock,
            LogLevel logLevel,
            ProxyFacts facts)
            throws IOException {
        RoutesEndpoint routes = new RoutesEndpoint(
                routing.table(), routing.store(), routing.restored(), observer, clock, config.hostRouting());
        ConnectionsEndpoint connections = new ConnectionsEndpoint(setup.ledger(), clock, listings);
        AdminRouter router = new AdminRouter(
                new TokenAuthorization(config.tokens()),
                routes,
                connections,
                new ReplicasEndpoint(routing.store()),
                new LogLevelEndpoint(logLevel),
                new StatusEndpoint(
                        facts, setup.ledger(), routing.table(), routing.store(), routing.restored(), clock, listings),
                new StatusPage(listings),
                config.metrics() == null ? null : new MetricsEndpoint(config.tokens(), config.metrics()),
                listings);
        AdminInitializer initializer = new AdminInitializer(router, limits, observer);
        this.setup = setup;
        this.listener = Listener.bind(config.address(), setup, initializer::install);
    }

    /**
     * The routes and who looks after them.
     *
     * @param store where changes of {@code table} go; its owner closes it after the server
     * @param restored hears when the table was read and which routes are put
     */
    public record Routing(RouteTable table, RouteStore store, RestoredRoutes restored) {}

    /**
     * Binds the address in {@code config}; nobody is served before {@link #startAccepting}.
     *
     * @param clock the time in milliseconds since 1970
     * @param logLevel what callers may see and change
     * @param facts what callers may see of the proxy itself
     * @throws IOException when the address cannot be bound; the message names the address and the cause
     */
    public static AdminServer bind(
            AdminConfig config,
            Listener.Setup setup,
            Routing routing,
            ProxyObserver observer,
            LongSupplier clock,
            LogLevel logLevel,
            ProxyFacts facts)
            throws IOException {
        return bind(config, AdminLimits.defaults(), setup, routing, observer, clock, logLevel, facts);
    }

    static AdminServer bind(
            AdminConfig config,
            AdminLimits limits,
            Listener.Setup setup,
            Routing routing,
            ProxyObserver observer,
            LongSupplier clock,
            LogLevel logLevel,
            ProxyFacts facts)
            throws IOException {
        return new AdminServer(config, limits, setup, routing, observer, clock, logLevel, facts);
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
