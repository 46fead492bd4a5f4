package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.MemoryStore;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.journal.Journal;
import org.joveproxy.store.journal.JournalConfig;
import org.joveproxy.store.shared.SharedConfig;
import org.joveproxy.store.shared.SharedStore;

/**
 * Opens the store that the settings ask for.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class Stores {
    // Clients wait so long to be accepted, at most.
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(2);

    private Stores() {}

    /**
     * A store that changes {@code routes}. What it had kept may still be on its way in there when this returns.
     *
     * @throws IOException when another process uses the place; in any other trouble the store says so and serves
     */
    static RouteStore open(Settings settings, RouteTable routes, ProxyObserver observer, LongSupplier clock)
            throws IOException {
        Path directory = settings.store().directory();
        Target defaultTarget = settings.defaultTarget();
        if (directory != null) {
            return Journal.open(new JournalConfig(directory, defaultTarget), routes, observer, clock);
        }
        if (defaultTarget != null) {
            routes.put(Route.of("/", defaultTarget, clock.getAsLong()));
        }
        SharedConfig shared = settings.store().shared();
        return shared == null
                ? new MemoryStore(routes)
                : new SharedStore(shared, routes, defaultTarget, observer, clock);
    }

    /** Waits until a store that keeps routes on this machine has brought them back, and the default route is in force. */
    static void awaitRoutes(RouteStore store) {
        if (store instanceof Journal journal) {
            journal.awaitRoutes();
        }
    }

    /**
     * Has a store that is shared connect, now that others can find this proxy, and waits a moment for its routes.
     *
     * @param port where clients connect to; 0 for a unix socket
     */
    static void join(RouteStore store, int port, boolean isTls) {
        if (store instanceof SharedStore shared) {
            shared.start(port, isTls);
            shared.awaitRoutes(JOIN_LIMIT);
        }
    }
}
