package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.SwitchableStore;
import org.joveproxy.core.threading.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The REST API on a port of its own for one test. After the test its books must balance: every connection closed, no
 * buffer lost, no bug logged.
 */
final class ApiUnderTest implements BeforeEachCallback, AfterEachCallback {
    static final String TOKEN = "s3cret";
    static final long START = 1_795_312_276_219L;

    private final AdminConfig config;
    private final AdminLimits limits;
    private final Transport transport;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private final RecordedLog log = new RecordedLog();

    final Events events = new Events();
    final SetLevel logLevel = new SetLevel();
    final AtomicLong clock = new AtomicLong(START);
    RouteTable routes = new RouteTable();
    SwitchableStore store = new SwitchableStore(routes);
    RestoredRoutes restored = new RestoredRoutes(routes, store, null, clock::get);
    ConnectionLedger ledger = new ConnectionLedger();
    private @Nullable EventLoopGroup loops;
    private @Nullable AdminServer server;

    private ApiUnderTest(AdminConfig config, AdminLimits limits, Transport transport) {
        this.config = config;
        this.limits = limits;
        this.transport = transport;
    }

    static ApiUnderTest withDefaults() {
        return with(TOKEN, false, AdminLimits.defaults());
    }

    static ApiUnderTest with(@Nullable String token, boolean hostRouting, AdminLimits limits) {
        AdminConfig config = config(token == null || token.isEmpty() ? List.of() : List.of(token), hostRouting);
        return new ApiUnderTest(config, limits, Transport.best());
    }

    static ApiUnderTest on(Transport transport) {
        return new ApiUnderTest(config(List.of(TOKEN), false), AdminLimits.defaults(), transport);
    }

    /** One that serves metrics, too, and asks callers for {@code token} when that is not empty. */
    static ApiUnderTest withMetrics(String token, MetricsAccess metrics) {
        List<String> tokens = token.isEmpty() ? List.of() : List.of(token);
        AdminConfig config = new AdminConfig(ListenAddress.tcp("127.0.0.1", 0), () -> tokens, false, metrics);
        return new ApiUnderTest(config, AdminLimits.defaults(), Transport.best());
    }

    private static AdminConfig config(List<String> tokens, boolean hostRouting) {
        return new AdminConfig(ListenAddress.tcp("127.0.0.1", 0), () -> tokens, hostRouting, null);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
        log.start();
        routes = new RouteTable();
        store = new SwitchableStore(routes);
        restored = new RestoredRoutes(routes, store, null, clock::get);
        ledger = new ConnectionLedger();
        EventLoopGroup loop = transport.newEventLoops(1, "api-test");
        loops = loop;
        Listener.Setup setup = new Listener.Setup(transport, loop, loop, ledger, Role.API, null, 128, limits.request());
        AdminServer bound = AdminServer.bind(
                config,
                limits,
                setup,
                new AdminServer.Routing(routes, store, restored),
                events,
                clock::get,
                logLevel,
                new ProxyFacts("Jove of a test", START - 1_000, 1, new HalfFull()));
        bound.startAccepting();
        server = bound;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable resource : resources) {
            resource.close();
        }
        resources.clear();
        try {
            await("the ledger to be empty").atMost(Duration.ofSeconds(15)).until(() -> ledger.openCount() == 0);
            assertThat(ledger.openedCount(Role.API)).isEqualTo(ledger.closedCount(Role.API));
        } finally {
            server().close();
            if (loops != null) {
                var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
            }
            log.stop();
        }
        assertThat(log.stacks).isEmpty();
        assertThat(ResourceLeakDetector.isEnabled()).isTrue();
        assertThat(leaks).isEmpty();
    }

    AdminServer server() {
        AdminServer running = server;
        if (running == null) {
            throw new IllegalStateException("the API runs only during a test");
        }
        return running;
    }

    /** A new client, which is closed with the test. */
    RawClient client() throws IOException {
        RawClient client = new RawClient(server().port());
        resources.add(client);
        return client;
    }

    /** The lines logged so far, each with its level in front. */
    Queue<String> logged() {
        return log.lines;
    }

    /** A request by an authorized caller, with {@code body} if there is one. */
    static String request(String method, String path, String body, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: api\r\n");
        request.append("Authorization: token ").append(TOKEN).append("\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return request.append("\r\n").append(body).toString();
    }

    static String request(String method, String path) {
        return request(method, path, "");
    }

    /** Each bound is used by half, and one target is left alone. */
    private static final class HalfFull implements Bounds {
        @Override
        public long used(Bound bound) {
            return limit(bound) / 2;
        }

        @Override
        public long limit(Bound bound) {
            return 10L * bound.label().length();
        }

        @Override
        public int openBreakers() {
            return 1;
        }
    }

    /** A level that nothing is logged by. */
    static final class SetLevel implements LogLevel {
        private final AtomicReference<Level> level = new AtomicReference<>(Level.INFO);

        @Override
        public Level get() {
            return level.get();
        }

        @Override
        public void set(Level next) {
            level.set(next);
        }
    }

    /** What the observer heard. */
    static final class Events implements ProxyObserver {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void apiResponded(String method, int status, long nanos) {
            heard.add("responded " + status);
        }

        @Override
        public void routesListed() {
            heard.add("listed");
        }

        @Override
        public void activityUpdated(long nanos) {
            heard.add("active");
        }

        @Override
        public void routeAdded() {
            heard.add("added");
        }

        @Override
        public void routeDeleted() {
            heard.add("deleted");
        }
    }

    /** Notes every line that is logged, and every stack. */
    private static final class RecordedLog {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();
        final Queue<String> stacks = new ConcurrentLinkedQueue<>();
        private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getLevel() + " " + event.getFormattedMessage());
                if (event.getThrowableProxy() != null) {
                    stacks.add(event.getFormattedMessage() + " "
                            + event.getThrowableProxy().getClassName());
                }
            }
        };

        void start() {
            lines.clear();
            stacks.clear();
            appender.start();
            root().addAppender(appender);
        }

        void stop() {
            root().detachAppender(appender);
            appender.stop();
        }

        private static Logger root() {
            return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        }
    }
}
