package org.joveproxy.core.exchange;

import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTraffic;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * What one request, and the websocket that it may open, mean for its route: when the route was last used, and what is
 * going on over it.
 *
 * <p>Confined to the exchange's event loop.
 */
@EventLoopConfined
final class RouteUse {
    private final ExchangeContext context;
    private final Route route;
    private final RouteTraffic traffic;
    private final boolean counts;
    private boolean isAnsweredWell;
    private boolean isTunnel;

    /** A request by {@code method} for {@code decodedPath} has come. */
    RouteUse(ExchangeContext context, Route route, String method, String decodedPath) {
        this.context = context;
        this.route = route;
        this.traffic = route.activity().countTraffic();
        this.counts = !context.activity().ignored().contain(method, decodedPath);
        long now = context.clock().epochMillis();
        traffic.requestOpened();
        traffic.clientSent(now);
        if (counts) {
            traffic.requested(now);
        }
    }

    void clientSent(int bytes) {
        if (bytes > 0) {
            traffic.clientSent(context.clock().epochMillis());
            noteActivity();
        }
    }

    void answered(int status) {
        isAnsweredWell = status < 300;
        traffic.upstreamSent(context.clock().epochMillis());
    }

    void upstreamSent(int bytes) {
        if (bytes > 0) {
            traffic.upstreamSent(context.clock().epochMillis());
            if (isAnsweredWell && context.activity().countsUpstream()) {
                noteActivity();
            }
        }
    }

    void answeredToTheEnd() {
        if (isAnsweredWell) {
            noteActivity();
        }
    }

    void becameTunnel() {
        isTunnel = true;
        traffic.websocketOpened();
    }

    /** To be called once. */
    void ended() {
        if (isTunnel) {
            traffic.websocketClosed();
        } else {
            traffic.requestClosed();
        }
    }

    private void noteActivity() {
        if (counts) {
            long begin = System.nanoTime();
            // Not the loop's clock, which stands still between its ticks: whoever adds a route and asks for it at once
            // would read that nobody has.
            route.activity().touch(System.currentTimeMillis());
            context.observer().activityUpdated(System.nanoTime() - begin);
        }
    }
}
