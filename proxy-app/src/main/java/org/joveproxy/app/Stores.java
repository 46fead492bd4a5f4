package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.MemoryStore;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.journal.Journal;
import org.joveproxy.store.journal.JournalConfig;

/**
 * Opens the store that the settings ask for.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class Stores {
    private Stores() {}

    /**
     * A store that changes {@code routes}; what it had kept is in there when this returns, and so is the default route.
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
        return new MemoryStore(routes);
    }
}
