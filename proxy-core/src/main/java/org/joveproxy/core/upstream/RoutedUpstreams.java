package org.joveproxy.core.upstream;

import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.RouteListener;
import org.joveproxy.core.routing.RouteTable;
import org.jspecify.annotations.Nullable;

/**
 * Lets the pools and breakers know what changes of routes mean for them: a server that a route was added to is tried at
 * once, and one that no route leads to any more keeps no unused socket.
 *
 * <p>Any thread may call any method.
 */
public final class RoutedUpstreams implements RouteListener {
    private final RouteTable routes;
    private final @Nullable Origin errorServer;
    private final Breakers breakers;
    private final UpstreamBudgets budgets;

    /**
     * To be added to {@code routes} as a listener.
     *
     * @param errorServer an upstream that is wanted without any route, or null
     */
    public RoutedUpstreams(
            RouteTable routes, @Nullable Origin errorServer, Breakers breakers, UpstreamBudgets budgets) {
        this.routes = routes;
        this.errorServer = errorServer;
        this.breakers = breakers;
        this.budgets = budgets;
    }

    @Override
    public void targeted(Origin origin) {
        breakers.reset(origin);
        tellPools(origin);
    }

    @Override
    public void abandoned(Origin origin) {
        breakers.reset(origin);
        tellPools(origin);
    }

    /**
     * The pools look for themselves on their loops, since routes may have changed again until then. Race: a pool that begins
     * at this moment, for a request that was routed before the change, is not told; its socket is kept as any other.
     */
    private void tellPools(Origin origin) {
        for (UpstreamPool pool : budgets.poolsOf(origin)) {
            pool.routesChanged(() -> routes.leadsTo(origin) || origin.equals(errorServer));
        }
    }
}
