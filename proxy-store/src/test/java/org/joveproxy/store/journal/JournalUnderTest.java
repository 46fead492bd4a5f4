package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/** A journal of a proxy that has just started, with its table, its clock and what its observer has heard. */
final class JournalUnderTest implements AutoCloseable {
    static final Pace FAST = pace(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(100), Duration.ZERO);
    /** Does nothing by itself. */
    static final Pace IDLE = pace(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

    private static Pace pace(Duration activity, Duration firstRetry, Duration lastRetry, Duration settling) {
        return new Pace(activity, firstRetry, lastRetry, settling, Duration.ofSeconds(2));
    }

    // Each start is a little later than the one before.
    private static final AtomicLong NOW = new AtomicLong(1_800_000_000_000L);

    final RouteTable routes = new RouteTable();
    final AtomicLong clock = new AtomicLong(NOW.addAndGet(1000));
    final AtomicInteger kept = new AtomicInteger();
    final AtomicInteger batches = new AtomicInteger();
    final AtomicInteger notKept = new AtomicInteger();
    final Journal journal;

    JournalUnderTest(Path directory) throws IOException {
        this(directory, null, IDLE);
    }

    JournalUnderTest(Path directory, @Nullable String defaultTarget, Pace pace) throws IOException {
        Target target = defaultTarget == null ? null : Target.parse(defaultTarget);
        journal = Journal.open(
                new JournalConfig(directory, target),
                routes,
                new ProxyObserver() {
                    @Override
                    public void routesKept(int changes, long nanos) {
                        kept.addAndGet(changes);
                        batches.incrementAndGet();
                    }

                    @Override
                    public void routesNotKept(int changes) {
                        notKept.addAndGet(changes);
                    }
                },
                clock::get,
                pace);
        journal.awaitRoutes();
    }

    /** What the hub posts for the server of {@code user}. */
    Route route(String user, int port) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("user", user);
        data.put("server_name", "");
        data.put("jupyterhub", true);
        return Route.of("/user/" + user, Target.parse("http://10.0.0.1:" + port), data, clock.get());
    }

    void put(String user, int port) {
        put(route(user, port));
    }

    void put(Route route) {
        done(journal.put(route));
    }

    boolean remove(String path) {
        return done(journal.remove(path));
    }

    static <T> T done(CompletableFuture<T> future) {
        assertThat(future).succeedsWithin(10, TimeUnit.SECONDS);
        return future.join();
    }

    /** The route at {@code path}, which there must be. */
    Route at(String path) {
        return Objects.requireNonNull(routes.get(path), path);
    }

    /** Where each path leads to. */
    Map<String, String> targets() {
        Map<String, String> targets = new TreeMap<>();
        routes.all().forEach(route -> targets.put(route.path(), route.target().raw()));
        return targets;
    }

    @Override
    public void close() {
        journal.close();
    }
}
