package org.joveproxy.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.joveproxy.core.ReverseProxy;
import org.joveproxy.core.config.ActivityConfig;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.LimitConfig;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds.Bound;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;
import org.joveproxy.core.upstream.UpstreamTls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole data plane on a port of 127.0.0.1 for each test. After the test, when its sockets are closed, the books must
 * balance: no entry in the ledger, no permit in use, no buffer lost, and no bug of ours in the log.
 */
public final class ProxyUnderTest implements BeforeEachCallback, AfterEachCallback {
    private static final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    private final Transport transport;
    private final UnaryOperator<ProxyConfig> adjust;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final BugLog log = new BugLog();
    private @Nullable EventLoops loops;
    private @Nullable ReverseProxy proxy;
    private ConnectionLedger ledger = new ConnectionLedger();
    private RouteTable routes = new RouteTable();
    private SwitchableStore store = new SwitchableStore(routes);
    private ProxyObserver observer = ProxyObserver.none();

    private ProxyUnderTest(Transport transport, UnaryOperator<ProxyConfig> adjust) {
        this.transport = transport;
        this.adjust = adjust;
    }

    /** With the defaults on the best transport. */
    public static ProxyUnderTest withDefaults() {
        return new ProxyUnderTest(Transport.best(), UnaryOperator.identity());
    }

    /** With other settings. */
    public static ProxyUnderTest with(UnaryOperator<ProxyConfig> adjust) {
        return new ProxyUnderTest(Transport.best(), adjust);
    }

    /** With the defaults on {@code transport}. */
    public static ProxyUnderTest on(Transport transport) {
        return new ProxyUnderTest(transport, UnaryOperator.identity());
    }

    /** With other settings on {@code transport}. */
    public static ProxyUnderTest on(Transport transport, UnaryOperator<ProxyConfig> adjust) {
        return new ProxyUnderTest(transport, adjust);
    }

    /** The settings that a test begins with: two event loops, and a port of 127.0.0.1 that the kernel chooses. */
    public static ProxyConfig defaults() {
        return new ProxyConfig(
                ListenAddress.tcp("127.0.0.1", 0),
                null,
                false,
                ForwardingConfig.defaults(),
                EdgeConfig.defaults(),
                TimeoutConfig.defaults(),
                LimitConfig.defaults(),
                UpstreamConfig.defaults(),
                TcpConfig.defaults(),
                CapacityConfig.defaults(),
                ErrorPageConfig.builtIn(),
                ActivityConfig.defaults(),
                2);
    }

    /** No TLS towards targets. */
    public static UpstreamTls withoutTls() {
        return (origin, allocator) -> {
            throw new IllegalStateException("no TLS in this test");
        };
    }

    /** With some timeouts other than the defaults. */
    public static ProxyUnderTest withTimeouts(UnaryOperator<Timeouts> adjust) {
        return with(config -> timeouts(config, adjust.apply(new Timeouts()).config()));
    }

    /** {@code config} with other bounds towards upstreams. */
    public static ProxyConfig upstream(ProxyConfig config, UpstreamConfig upstream) {
        return new ProxyConfig(
                config.publicAddress(),
                config.redirect(),
                config.hostRouting(),
                config.forwarding(),
                config.edge(),
                config.timeouts(),
                config.limits(),
                upstream,
                config.tcp(),
                config.capacity(),
                config.errorPages(),
                config.activity(),
                config.eventLoops());
    }

    /** {@code config} with other timeouts. */
    public static ProxyConfig timeouts(ProxyConfig config, TimeoutConfig timeouts) {
        return new ProxyConfig(
                config.publicAddress(),
                config.redirect(),
                config.hostRouting(),
                config.forwarding(),
                config.edge(),
                timeouts,
                config.limits(),
                config.upstream(),
                config.tcp(),
                config.capacity(),
                config.errorPages(),
                config.activity(),
                config.eventLoops());
    }

    /** {@code config} with another capacity. */
    public static ProxyConfig capacity(ProxyConfig config, CapacityConfig capacity) {
        return new ProxyConfig(
                config.publicAddress(),
                config.redirect(),
                config.hostRouting(),
                config.forwarding(),
                config.edge(),
                config.timeouts(),
                config.limits(),
                config.upstream(),
                config.tcp(),
                capacity,
                config.errorPages(),
                config.activity(),
                config.eventLoops());
    }

    /** {@code config} with other error pages. */
    public static ProxyConfig errorPages(ProxyConfig config, ErrorPageConfig pages) {
        return new ProxyConfig(
                config.publicAddress(),
                config.redirect(),
                config.hostRouting(),
                config.forwarding(),
                config.edge(),
                config.timeouts(),
                config.limits(),
                config.upstream(),
                config.tcp(),
                config.capacity(),
                pages,
                config.activity(),
                config.eventLoops());
    }

    /** {@code config} with other rules about what counts as a use of a route. */
    public static ProxyConfig activity(ProxyConfig config, ActivityConfig activity) {
        return new ProxyConfig(
                config.publicAddress(),
                config.redirect(),
                config.hostRouting(),
                config.forwarding(),
                config.edge(),
                config.timeouts(),
                config.limits(),
                config.upstream(),
                config.tcp(),
                config.capacity(),
                config.errorPages(),
                activity,
                config.eventLoops());
    }

    /** {@code config} with other rules about who asks. */
    public static ProxyConfig edge(ProxyConfig config, ForwardingConfig forwarding, EdgeConfig edge) {
        return new ProxyConfig(
                config.publicAddress(),
                config.redirect(),
                config.hostRouting(),
                forwarding,
                edge,
                config.timeouts(),
                config.limits(),
                config.upstream(),
                config.tcp(),
                config.capacity(),
                config.errorPages(),
                config.activity(),
                config.eventLoops());
    }

    /** {@code config} with another public address. */
    public static ProxyConfig publicAddress(ProxyConfig config, ListenAddress address) {
        return new ProxyConfig(
                address,
                config.redirect(),
                config.hostRouting(),
                config.forwarding(),
                config.edge(),
                config.timeouts(),
                config.limits(),
                config.upstream(),
                config.tcp(),
                config.capacity(),
                config.errorPages(),
                config.activity(),
                config.eventLoops());
    }

    /** Has {@code observer} hear what happens; to be called before the test begins. */
    public ProxyUnderTest observedBy(ProxyObserver observer) {
        this.observer = observer;
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        log.start();
        ledger = new ConnectionLedger();
        routes = new RouteTable();
        store = new SwitchableStore(routes);
        loops = EventLoops.start(transport, 2);
        ProxyConfig config = adjust.apply(defaults());
        proxy = ReverseProxy.bind(
                config, new ReverseProxy.Parts(loops, routes, store, ledger, observer, null, withoutTls()));
        proxy.startAccepting();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable resource : resources) {
            resource.close();
        }
        resources.clear();
        try {
            await("clients to be gone").atMost(Duration.ofSeconds(15)).until(() -> ledger.openCount(Role.CLIENT) == 0);
            proxy().drain().join();
            await("the ledger to be empty").atMost(Duration.ofSeconds(15)).until(() -> ledger.openCount() == 0);
            await("places to be free")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> proxy().used(Bound.CLIENTS) == 0 && proxy().used(Bound.UPSTREAM_SOCKETS) == 0);
            await("nothing to be buffered")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> proxy().used(Bound.BUFFERED_BYTES) == 0);
            await("permits to be back").atMost(Duration.ofSeconds(5)).until(() -> proxy().upstreamPermitsInUse() == 0);
        } finally {
            proxy().close();
            if (loops != null) {
                loops.close();
            }
        }
        log.stop();
        assertThat(log.bugs()).isEmpty();
        assertThat(lostBuffers()).isEmpty();
    }

    /** What the leak detector has found so far; it only sees buffers that the garbage collector has taken away. */
    private static Queue<String> lostBuffers() {
        assertThat(ResourceLeakDetector.isEnabled()).isTrue();
        System.gc();
        // The detector reports when the next buffer is made.
        ByteBufAllocator.DEFAULT.buffer(1).release();
        return leaks;
    }

    /** Waits for three seconds at most until no socket is open beyond {@code pooled} unused ones to upstreams. */
    public void awaitBalance(int pooled) {
        await("no client").atMost(Duration.ofSeconds(3)).until(() -> ledger.openCount(Role.CLIENT) == 0);
        await("no upstream in use").atMost(Duration.ofSeconds(3)).until(() -> ledger.openCount() <= pooled);
        await("no permit in use").atMost(Duration.ofSeconds(3)).until(() -> proxy().upstreamPermitsInUse() <= pooled);
    }

    /** How many clients are in {@code phase} now. */
    public long clientsIn(Phase phase) {
        long count = 0;
        for (EventExecutor executor : loops().workers()) {
            EventLoop loop = (EventLoop) executor;
            count += loop.submit(() -> ledger.of(loop).entries().stream()
                            .filter(entry -> entry.role() == Role.CLIENT && entry.phase() == phase)
                            .count())
                    .syncUninterruptibly()
                    .getNow();
        }
        return count;
    }

    public EventLoops loops() {
        EventLoops running = loops;
        if (running == null) {
            throw new IllegalStateException("the loops run only during a test");
        }
        return running;
    }

    /** Routes {@code path} to {@code target}. */
    public Route route(String path, String target) {
        Route route = Route.of(path, Target.parse(target), 0);
        routes.put(route);
        return route;
    }

    public RouteTable routes() {
        return routes;
    }

    public SwitchableStore store() {
        return store;
    }

    public ConnectionLedger ledger() {
        return ledger;
    }

    public ReverseProxy proxy() {
        ReverseProxy running = proxy;
        if (running == null) {
            throw new IllegalStateException("the proxy runs only during a test");
        }
        return running;
    }

    /** A new client connected to the proxy; it is closed with the test. */
    public RawClient client() throws IOException {
        return closing(new RawClient(proxy().port()));
    }

    /** A new client with a small receive buffer; it is closed with the test. */
    public RawClient slowClient() throws IOException {
        return closing(RawClient.withSmallBuffer(proxy().port()));
    }

    /** A new upstream that treats each connection as {@code script} says; it is closed with the test. */
    public StubUpstream upstream(StubUpstream.Script script) throws IOException {
        return closing(new StubUpstream(script));
    }

    /** The URL of a target where nobody listens. */
    public String deadUrl() throws IOException {
        return closing(new DeadPort()).url();
    }

    /** Has {@code resource} closed with the test. */
    public <T extends AutoCloseable> T closing(T resource) {
        resources.add(resource);
        return resource;
    }
}
