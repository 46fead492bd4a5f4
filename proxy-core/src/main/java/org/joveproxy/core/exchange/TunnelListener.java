package org.joveproxy.core.exchange;

import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.relay.Tunnel;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an exchange while its tunnel is open: it notes the route's activity and what is carried. It does not hold
 * on to the exchange and its request, for a tunnel lives long.
 *
 * <p>Confined to the tunnel's event loop.
 */
@EventLoopConfined
final class TunnelListener implements Tunnel.Listener {
    private final ExchangeContext context;
    private final @Nullable Route route;
    private final ExchangeRecord record;

    TunnelListener(ExchangeContext context, @Nullable Route route, ExchangeRecord record) {
        this.context = context;
        this.route = route;
        this.record = record;
    }

    @Override
    public void clientSent(int bytes) {
        record.received(bytes);
        if (route != null) {
            Exchange.noteActivity(context, route);
        }
    }

    @Override
    public void upstreamSent(int bytes) {
        record.sent(bytes);
    }

    @Override
    public void ended(@Nullable CloseReason why) {
        record.end(context.observer(), why, Ending.COMPLETE);
    }
}
