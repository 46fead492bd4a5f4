package org.joveproxy.core;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.joveproxy.core.accept.AcceptGate;
import org.joveproxy.core.accept.HttpsRedirect;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.accept.ProxyProtocol;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.ProxyProtocolMode;
import org.joveproxy.core.config.RedirectConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.downstream.Admission;
import org.joveproxy.core.downstream.ClientLoop;
import org.joveproxy.core.downstream.DownstreamConnection;
import org.joveproxy.core.downstream.Readiness;
import org.joveproxy.core.errorpage.ErrorFormat;
import org.joveproxy.core.errorpage.ErrorPages;
import org.joveproxy.core.errorpage.PageDirectory;
import org.joveproxy.core.errorpage.PageServer;
import org.joveproxy.core.errorpage.PageShelf;
import org.joveproxy.core.exchange.Exchange;
import org.joveproxy.core.exchange.ExchangeContext;
import org.joveproxy.core.exchange.YoungRoutes;
import org.joveproxy.core.failure.RepeatLog;
import org.joveproxy.core.hub.HubCheck;
import org.joveproxy.core.lifecycle.BufferBudget;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.lifecycle.Places;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.SafeObserver;
import org.joveproxy.core.relay.RequestForwarding;
import org.joveproxy.core.relay.RequestIds;
import org.joveproxy.core.relay.ResponseForwarding;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.tls.ListenerTls;
import org.joveproxy.core.upstream.Breakers;
import org.joveproxy.core.upstream.LocalPorts;
import org.joveproxy.core.upstream.NameService;
import org.joveproxy.core.upstream.RoutedUpstreams;
import org.joveproxy.core.upstream.SourceAddresses;
import org.joveproxy.core.upstream.UpstreamBudgets;
import org.joveproxy.core.upstream.UpstreamConnector;
import org.joveproxy.core.upstream.UpstreamPools;
import org.joveproxy.core.upstream.UpstreamTls;
import org.joveproxy.core.upstream.UpstreamUse;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The data plane: listeners for clients and for the redirect, and all that carries their requests to the routes' targets.
 *
 * <p>Any thread may call any method except an event loop's.
 */
public final class ReverseProxy implements AutoCloseable, Bounds {
    private static final Set<Role> CARRIED = Set.of(Role.CLIENT, Role.UPSTREAM);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final int LINES_ABOUT_FAILED_REQUESTS = 5;
    private static final int LINES_ABOUT_FAILED_PAGES = 1;
    private static final int LINES_ABOUT_REFUSED_CONNECTIONS = 1;
    private static final int CHORE_SECONDS = 1;
    private static final int PORTS_SECONDS = 60;

    private final ProxyConfig config;
    private final Parts parts;
    private final ProxyObserver observer;
    private final NameService names = new NameService();
    private final SourceAddresses sources;
    private final LocalPorts ports;
    private final UpstreamBudgets budgets;
    private final Breakers breakers;
    private final RoutedUpstreams routedUpstreams;
    private final SecureRandom seeds = new SecureRandom();
    private final RepeatLog failedRequests =
            new RepeatLog(LoggerFactory.getLogger(Exchange.class), LINES_ABOUT_FAILED_REQUESTS, System::nanoTime);
    private final RepeatLog failedPages =
            new RepeatLog(LoggerFactory.getLogger(PageServer.class), LINES_ABOUT_FAILED_PAGES, System::nanoTime);
    private final RepeatLog refusedConnections = new RepeatLog(
            LoggerFactory.getLogger(ProxyProtocol.class), LINES_ABOUT_REFUSED_CONNECTIONS, System::nanoTime);
    private final ExecutorService fileReader = newFileReader();
    private final Places clients;
    private final Places upstreamSockets;
    private final BufferBudget buffers;
    private final AcceptGate gate;
    private final Readiness readiness;
    private final Map<EventExecutor, PerLoop> loops;
    private final Listener listener;
    private final @Nullable Listener redirect;
    private final List<ScheduledFuture<?>> chores = new ArrayList<>();

    /**
     * What the proxy shares with the rest of the process. Its owner closes them after the proxy.
     *
     * @param store what keeps {@code routes}
     * @param publicTls TLS towards the clients, or null for plain HTTP
     * @param requestLog hears of each request when it is over, as the observer does and before it; null when nobody does
     */
    public record Parts(
            EventLoops loops,
            RouteTable routes,
            RouteStore store,
            ConnectionLedger ledger,
            ProxyObserver observer,
            @Nullable ListenerTls publicTls,
            UpstreamTls upstreamTls,
            @Nullable Consumer<ExchangeReport> requestLog) {
        /** Without a log of requests. */
        public Parts(
                EventLoops loops,
                RouteTable routes,
                RouteStore store,
                ConnectionLedger ledger,
                ProxyObserver observer,
                @Nullable ListenerTls publicTls,
                UpstreamTls upstreamTls) {
            this(loops, routes, store, ledger, observer, publicTls, upstreamTls, null);
        }
    }

    private record PerLoop(ClientLoop clients, UpstreamPools upstreams) {}

    private ReverseProxy(ProxyConfig config, Parts parts) throws IOException {
        this.config = config;
        this.parts = parts;
        this.observer = new SafeObserver(parts.observer(), parts.requestLog());
        UpstreamConfig upstream = config.upstream();
        this.sources = new SourceAddresses(upstream.sourceAddresses());
        this.sources.check();
        this.ports = LocalPorts.ofKernel(sources.multiplier());
        this.budgets = new UpstreamBudgets(upstream.maxConnections(), ports);
        this.breakers = new Breakers(upstream.breakerFailures(), System::nanoTime, new Breakers.Listener() {
            @Override
            public void opened(Origin origin) {
                observer.breakerOpened(origin.toString());
            }

            @Override
            public void closed(Origin origin) {
                observer.breakerClosed(origin.toString());
            }
        });
        this.routedUpstreams = new RoutedUpstreams(parts.routes(), errorServer(), breakers, budgets);
        CapacityConfig capacity = config.capacity();
        this.clients = new Places(capacity.maxClients());
        this.upstreamSockets = new Places(capacity.maxUpstreamSockets());
        this.buffers = new BufferBudget(capacity.maxBufferedBytes());
        this.gate = new AcceptGate(capacity.maxClients() + capacity.spareClients(), this::closeSpareClients);
        this.readiness = new Readiness(parts.store()::status);
        this.loops = perLoop();
        this.listener = Listener.bind(
                config.publicAddress(), setup(Role.CLIENT, parts.loops().workers(), parts.publicTls()), this::accepted);
        this.redirect = bindRedirect(config.redirect());
        parts.routes().addListener(routedUpstreams);
        doRegularly(this::lookAfterFailures, CHORE_SECONDS);
        doRegularly(readiness::lookAgain, CHORE_SECONDS);
        doRegularly(this::readPortsAgain, PORTS_SECONDS);
    }

    private @Nullable Origin errorServer() {
        Target target = config.errorPages().target();
        return target != null && target.isUsable() ? target.origin() : null;
    }

    /**
     * Binds the listeners; nothing is served before {@link #startAccepting}.
     *
     * @throws IOException when an address cannot be bound; nothing stays bound then
     */
    public static ReverseProxy bind(ProxyConfig config, Parts parts) throws IOException {
        return new ReverseProxy(config, parts);
    }

    private @Nullable Listener bindRedirect(@Nullable RedirectConfig wanted) throws IOException {
        if (wanted == null) {
            return null;
        }
        try {
            Listener.Setup setup = setup(Role.REDIRECT, parts.loops().admin(), null);
            return Listener.bind(
                    wanted.address(),
                    setup,
                    entry -> HttpsRedirect.install(
                            entry, wanted.httpsPort(), config.timeouts().keepAlive()));
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    private Listener.Setup setup(Role role, EventLoopGroup carriers, @Nullable ListenerTls tls) {
        return new Listener.Setup(
                parts.loops().transport(),
                parts.loops().acceptor(),
                carriers,
                parts.ledger(),
                role,
                tls,
                config.tcp(),
                config.limits().acceptBacklog(),
                config.timeouts().tlsHandshake(),
                config.timeouts().requestHead(),
                gate,
                proxyProtocol());
    }

    private @Nullable ProxyProtocol proxyProtocol() {
        EdgeConfig edge = config.edge();
        return edge.proxyProtocol() == ProxyProtocolMode.OFF
                ? null
                : new ProxyProtocol(edge.proxyProtocol(), edge.trusted(), refusedConnections);
    }

    /** No more clients can be accepted: those that are idle make way, or those that have been longest without a request. */
    private void closeSpareClients() {
        var unused = parts.ledger()
                .closeSpare(Role.CLIENT, Math.max(1, config.capacity().spareClients() / 4), true);
    }

    private void accepted(LedgerEntry entry) {
        PerLoop loop = loops.get(entry.channel().eventLoop());
        if (loop == null) {
            throw new IllegalStateException("a connection on a loop that is not ours");
        }
        DownstreamConnection.install(loop.clients(), entry);
    }

    // ---- what each event loop has of its own ----

    private Map<EventExecutor, PerLoop> perLoop() {
        UpstreamConnector connector = new UpstreamConnector(
                parts.loops().transport(),
                names,
                parts.ledger(),
                parts.upstreamTls(),
                budgets,
                breakers,
                sources,
                config.timeouts(),
                config.upstream(),
                config.limits().maxHeaderBytes(),
                parts.loops().transport().tcpOptions(config.tcp()),
                upstreamSockets);
        PageShelf shelf = new PageShelf(System::nanoTime);
        Map<EventExecutor, PerLoop> made = new HashMap<>();
        for (EventExecutor executor : parts.loops().workers()) {
            EventLoop loop = (EventLoop) executor;
            made.put(
                    loop,
                    loop.submit(() -> perLoop(loop, connector, shelf))
                            .syncUninterruptibly()
                            .getNow());
        }
        return Collections.unmodifiableMap(made);
    }

    private PerLoop perLoop(EventLoop loop, UpstreamConnector connector, PageShelf shelf) {
        UpstreamPools upstreams = new UpstreamPools(connector, loop);
        LoopLedger clock = parts.ledger().of(loop);
        ExchangeContext context = new ExchangeContext(
                parts.routes(),
                parts.store().secondLook(),
                config.hostRouting(),
                upstreams,
                new YoungRoutes(
                        config.timeouts().youngRoute(), config.upstream().maxWaiters()),
                new RequestForwarding(config.forwarding(), config.hostRouting()),
                new ResponseForwarding(config.forwarding()),
                config.timeouts(),
                config.activity(),
                errorPages(loop, upstreams, shelf),
                config.errorPages().negotiates() ? ErrorFormat.NEGOTIATED : ErrorFormat.PAGES,
                failedRequests,
                observer,
                clock,
                new LoopBuffers(clock, buffers, config.timeouts().stalled()));
        Admission admission = new Admission(clients, parts.ledger(), loop);
        ClientLoop clientLoop = new ClientLoop(
                context,
                admission,
                readiness,
                config.limits().maxHeaderBytes(),
                config.edge().trusted(),
                config.edge().namesRequests() ? new RequestIds(seeds.nextLong()) : null);
        return new PerLoop(clientLoop, upstreams);
    }

    private ErrorPages errorPages(EventLoop loop, UpstreamPools upstreams, PageShelf shelf) {
        ErrorPageConfig pages = config.errorPages();
        if (pages.target() != null) {
            return new PageServer(pages.target(), upstreams, shelf, failedPages, observer, loop);
        }
        return pages.directory() == null
                ? ErrorPages.builtIn()
                : new PageDirectory(pages.directory(), fileReader, loop);
    }

    private static ExecutorService newFileReader() {
        ThreadPoolExecutor reader = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(1_024),
                new DefaultThreadFactory("jove-files", true));
        reader.allowCoreThreadTimeOut(true);
        return reader;
    }

    // ---- what is done now and then ----

    private void doRegularly(Runnable chore, int seconds) {
        chores.add(parts.loops().admin().scheduleWithFixedDelay(chore, seconds, seconds, TimeUnit.SECONDS));
    }

    private void lookAfterFailures() {
        failedRequests.tell();
        failedPages.tell();
        refusedConnections.tell();
        breakers.forgetTheOld();
    }

    private void readPortsAgain() {
        try {
            fileReader.execute(ports::readAgain);
        } catch (RejectedExecutionException e) {
            // Error pages keep the reader busy; the ports can wait for the next turn.
        }
    }

    // ---- life ----

    /** Accepts clients from now on. */
    public void startAccepting() {
        readiness.lookAgain();
        listener.startAccepting();
        if (redirect != null) {
            redirect.startAccepting();
        }
    }

    /**
     * What asks {@code hub} to check its routes, over this proxy's sockets. Its owner closes it before the proxy.
     *
     * @param tableRead when the whole table was last read by the REST API, in milliseconds since 1970
     */
    public HubCheck hubCheck(HubConfig hub, HubCheck.Pace pace, Supplier<OptionalLong> tableRead) {
        EventLoop loop = parts.loops().workers().next();
        PerLoop own = loops.get(loop);
        if (own == null) {
            throw new IllegalStateException("a loop that is not ours");
        }
        return new HubCheck(hub, own.upstreams(), loop, pace, observer, System::currentTimeMillis, tableRead);
    }

    /** The public TCP port, or 0 on a unix socket. */
    public int port() {
        return listener.port();
    }

    /** The redirect's TCP port, if there is a redirect. */
    public OptionalInt redirectPort() {
        return redirect == null ? OptionalInt.empty() : OptionalInt.of(redirect.port());
    }

    /** Permits in use for upstream sockets; 0 when nothing is going on. */
    public int upstreamPermitsInUse() {
        return budgets.permitsInUse();
    }

    /** The upstreams with the most sockets, at most {@code most} of them, with the number that each may have. */
    public List<UpstreamUse> upstreamsInUse(int most) {
        return budgets.inUse(most);
    }

    @Override
    public long used(Bound bound) {
        return switch (bound) {
            case CLIENTS -> clients.inUse();
            case UPSTREAM_SOCKETS -> upstreamSockets.inUse();
            case SOCKETS_TO_ONE_UPSTREAM ->
                budgets.inUse(1).stream().mapToInt(UpstreamUse::sockets).sum();
            case BUFFERED_BYTES -> buffers.held();
        };
    }

    @Override
    public long limit(Bound bound) {
        return switch (bound) {
            case CLIENTS -> clients.limit();
            case UPSTREAM_SOCKETS -> upstreamSockets.limit();
            case SOCKETS_TO_ONE_UPSTREAM -> budgets.limitOverTcp();
            case BUFFERED_BYTES -> buffers.limit();
        };
    }

    @Override
    public int openBreakers() {
        return breakers.openCount();
    }

    /**
     * Stops. The proxy is not ready from now on and every connection closes behind its next answer; for the drain delay it
     * still accepts and serves. Then it accepts nobody, closes what is idle, lets requests in hand finish and tells websockets
     * that it is going away. The future completes when all that is done, or with what is not when the drain time is over,
     * on an event loop or a thread of the JVM's; what is open then stays so until {@link #close}.
     */
    public CompletableFuture<CutOff> drain() {
        loops.forEach((executor, loop) -> executor.execute(loop.clients()::drain));
        Duration delay = config.timeouts().drainDelay();
        if (delay == null) {
            return finishClients();
        }
        Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(this::finishClients, later).thenCompose(Function.identity());
    }

    private CompletableFuture<CutOff> finishClients() {
        stopAccepting();
        CompletableFuture<CutOff> all = CompletableFuture.completedFuture(CutOff.NOTHING);
        for (Map.Entry<EventExecutor, PerLoop> each : loops.entrySet()) {
            EventLoop loop = (EventLoop) each.getKey();
            UpstreamPools upstreams = each.getValue().upstreams();
            CompletableFuture<CutOff> drained = CompletableFuture.supplyAsync(
                            () -> LoopDrain.begin(loop, parts.ledger().of(loop), config.timeouts(), System::nanoTime),
                            loop)
                    .thenCompose(Function.identity());
            // On the loop also if it is done already.
            var unused = drained.thenRunAsync(upstreams::closeIdle, loop);
            all = all.thenCombine(drained, CutOff::plus);
        }
        return all;
    }

    private void stopAccepting() {
        listener.close();
        if (redirect != null) {
            redirect.close();
        }
    }

    /** Stops accepting and closes every connection of clients and to upstreams. */
    @Override
    public void close() {
        stopAccepting();
        parts.routes().removeListener(routedUpstreams);
        chores.forEach(chore -> chore.cancel(false));
        parts.ledger().closeAll(parts.loops().workers(), CARRIED, CloseReason.SHUTDOWN, CLOSE_LIMIT);
        names.close();
        fileReader.shutdownNow();
    }
}
