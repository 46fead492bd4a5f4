package org.joveproxy.core;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.config.ActivityConfig;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.LimitConfig;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.downstream.Admission;
import org.joveproxy.core.downstream.ClientLoop;
import org.joveproxy.core.downstream.DownstreamConnection;
import org.joveproxy.core.downstream.Readiness;
import org.joveproxy.core.errorpage.ErrorFormat;
import org.joveproxy.core.errorpage.ErrorPages;
import org.joveproxy.core.exchange.ExchangeContext;
import org.joveproxy.core.exchange.YoungRoutes;
import org.joveproxy.core.failure.RepeatLog;
import org.joveproxy.core.lifecycle.BufferBudget;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Places;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.SafeObserver;
import org.joveproxy.core.relay.RequestForwarding;
import org.joveproxy.core.relay.ResponseForwarding;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.SecondLook;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.Transport;
import org.joveproxy.core.upstream.Breakers;
import org.joveproxy.core.upstream.EmbeddedUpstream;
import org.joveproxy.core.upstream.LocalPorts;
import org.joveproxy.core.upstream.NameService;
import org.joveproxy.core.upstream.SourceAddresses;
import org.joveproxy.core.upstream.UpstreamBudgets;
import org.joveproxy.core.upstream.UpstreamConnector;
import org.joveproxy.core.upstream.UpstreamPools;
import org.slf4j.LoggerFactory;

/**
 * One event loop's part of the proxy as {@link ReverseProxy} makes it by default, with one client and one socket to the
 * server that the client's requests go to. Both sockets are without a kernel, and nobody observes what happens.
 *
 * <p>Confined to one thread.
 */
final class EmbeddedProxy {
    private static final String CLIENT_ADDRESS = "203.0.113.5";
    private static final int CLIENT_PORT = 51_514;

    private final ConnectionLedger ledger = new ConnectionLedger();
    private final TimeoutConfig timeouts = TimeoutConfig.defaults();
    private final EmbeddedSocket client = new EmbeddedSocket();
    private final EventLoop loop = client.channel().eventLoop();
    private final EmbeddedSocket upstream;

    EmbeddedProxy() {
        Route route = Route.of("/user/ada", Target.parse("http://127.0.0.1:8888"), 0);
        RouteTable routes = new RouteTable();
        routes.put(Route.of("/", Target.parse("http://127.0.0.1:8081"), 0));
        routes.put(route);
        UpstreamConnector connector = connector();
        UpstreamPools pools = new UpstreamPools(connector, loop);
        ExchangeContext context = context(routes, pools);
        upstream = EmbeddedUpstream.pooled(connector, pools, route.target().origin());
        context.buffers().install(upstream.channel());
        accept(context);
    }

    private UpstreamConnector connector() {
        UpstreamConfig config = UpstreamConfig.defaults();
        return new UpstreamConnector(
                Transport.NIO, // opens no socket
                new NameService(),
                ledger,
                (origin, allocator) -> {
                    throw new IllegalStateException("no TLS in a benchmark");
                },
                new UpstreamBudgets(config.maxConnections(), LocalPorts.ofKernel(1)),
                new Breakers(config.breakerFailures(), System::nanoTime, new Unbroken()),
                new SourceAddresses(List.of()),
                timeouts,
                config,
                LimitConfig.defaults().maxHeaderBytes(),
                Map.of(),
                new Places(CapacityConfig.defaults().maxUpstreamSockets()));
    }

    private ExchangeContext context(RouteTable routes, UpstreamPools pools) {
        ForwardingConfig forwarding = ForwardingConfig.defaults();
        LoopLedger clock = ledger.of(loop);
        BufferBudget budget = new BufferBudget(CapacityConfig.defaults().maxBufferedBytes());
        return new ExchangeContext(
                routes,
                SecondLook.NEVER,
                false,
                pools,
                new YoungRoutes(timeouts.youngRoute(), UpstreamConfig.defaults().maxWaiters()),
                new RequestForwarding(forwarding, false),
                new ResponseForwarding(forwarding),
                timeouts,
                ActivityConfig.defaults(),
                ErrorPages.builtIn(),
                ErrorFormat.NEGOTIATED,
                new RepeatLog(LoggerFactory.getLogger(EmbeddedProxy.class), 1, System::nanoTime),
                new SafeObserver(ProxyObserver.none()),
                clock,
                new LoopBuffers(clock, budget, timeouts.stalled()));
    }

    private void accept(ExchangeContext context) {
        ClientLoop clients = new ClientLoop(
                context,
                new Admission(new Places(CapacityConfig.defaults().maxClients()), ledger, loop),
                new Readiness(() -> StoreStatus.working("memory")),
                LimitConfig.defaults().maxHeaderBytes(),
                EdgeConfig.defaults().trusted(),
                null);
        LedgerEntry entry = ledger.open(client.channel(), Role.CLIENT, Phase.REQUEST_HEAD);
        entry.comesFrom(new InetSocketAddress(CLIENT_ADDRESS, CLIENT_PORT), false);
        entry.enter(Phase.REQUEST_HEAD, timeouts.requestHead());
        DownstreamConnection.install(clients, entry);
    }

    EmbeddedSocket client() {
        return client;
    }

    EmbeddedSocket upstream() {
        return upstream;
    }

    /** No upstream of a benchmark refuses connections. */
    private static final class Unbroken implements Breakers.Listener {
        @Override
        public void opened(Origin origin) {
            throw new IllegalStateException(origin + " was given up");
        }

        @Override
        public void closed(Origin origin) {}
    }
}
