package org.joveproxy.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.SwitchableStore;

/** A store with one restored route, and all that a page tells of beside. */
final class RouteKeeping {
    static final long NOW = 1_795_312_276_219L;

    final RouteTable routes = new RouteTable();
    final SwitchableStore store = new SwitchableStore(routes);
    final RestoredRoutes restored;
    final RouteCounts counts = new RouteCounts();
    private final AtomicLong clock = new AtomicLong(NOW);

    RouteKeeping() {
        routes.addListener(counts);
        routes.put(Route.restored("/a", Target.parse("http://127.0.0.1:9"), Map.of(), 0, NOW));
        restored = new RestoredRoutes(routes, store, null, clock::get);
    }

    MetricsPage.Sources sources(ConnectionLedger ledger, IntSupplier routeCount) {
        return new MetricsPage.Sources(
                new MetricsPage.Build("1.2.3", "epoll", "none"),
                ledger,
                new HalfFull(),
                routeCount,
                counts,
                store,
                restored,
                new MetricsPage.Sharing(() -> 3, () -> 7),
                List.of(new MetricsPage.Certificate(Reloadable.CLIENT_TLS, () -> NOW)));
    }
}
