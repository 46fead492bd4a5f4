package org.joveproxy.core.exchange;

import org.joveproxy.core.config.ActivityConfig;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.errorpage.ErrorFormat;
import org.joveproxy.core.errorpage.ErrorPages;
import org.joveproxy.core.failure.RepeatLog;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.relay.RequestForwarding;
import org.joveproxy.core.relay.ResponseForwarding;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.SecondLook;
import org.joveproxy.core.upstream.UpstreamPools;

/**
 * What all exchanges of one event loop share.
 *
 * <p>Confined to the event loop.
 *
 * @param repeats counts the requests that fail all for the same reason; shared by all event loops
 * @param secondLook finds routes that the table may lack
 * @param hostRouting whether the request's host is the first segment of the routing path
 */
public record ExchangeContext(
        RouteTable routes,
        SecondLook secondLook,
        boolean hostRouting,
        UpstreamPools upstreams,
        YoungRoutes youngRoutes,
        RequestForwarding requestForwarding,
        ResponseForwarding responseForwarding,
        TimeoutConfig timeouts,
        ActivityConfig activity,
        ErrorPages errorPages,
        ErrorFormat errorFormat,
        RepeatLog repeats,
        ProxyObserver observer,
        LoopLedger clock,
        LoopBuffers buffers) {}
