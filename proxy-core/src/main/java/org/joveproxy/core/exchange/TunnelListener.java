package org.joveproxy.core.exchange;

import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.relay.Tunnel;
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
    private final @Nullable RouteUse use;
    private final ExchangeRecord record;

    TunnelListener(ExchangeContext context, @Nullable RouteUse use, ExchangeRecord record) {
        this.context = context;
        this.use = use;
        this.record = record;
    }

    @Override
    public void clientSent(int bytes) {
        record.received(bytes);
        if (use != null) {
            use.clientSent(bytes);
        }
    }

    @Override
    public void upstreamSent(int bytes) {
        record.sent(bytes);
        if (use != null) {
            use.upstreamSent(bytes);
        }
    }

    @Override
    public void ended(@Nullable CloseReason why) {
        record.end(context.observer(), why, Ending.COMPLETE);
    }
}
