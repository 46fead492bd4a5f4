package org.joveproxy.store.shared;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/** Replicas in one JVM, each with a table of its own; all end with the test. */
final class Replicas implements AutoCloseable {
    private final List<Member> members = new ArrayList<>();

    /** One replica. */
    record Member(RouteTable routes, SharedStore store, AtomicInteger late, List<LookResult> looks) {
        void put(String path, String target) throws Exception {
            store.put(route(path, target)).get(10, TimeUnit.SECONDS);
        }

        boolean remove(String path) throws Exception {
            return store.remove(path).get(10, TimeUnit.SECONDS);
        }

        @Nullable
        String target(String path) {
            Route route = routes.get(path);
            return route == null ? null : route.target().raw();
        }

        /** The route at {@code path}, which exists. */
        Route at(String path) {
            return Objects.requireNonNull(routes.get(path), path);
        }

        /** Targets by path. */
        Map<String, String> targets() {
            Map<String, String> targets = new TreeMap<>();
            routes.all()
                    .forEach(route -> targets.put(route.path(), route.target().raw()));
            return targets;
        }

        boolean isWorking() {
            return store.status().isWorking();
        }
    }

    static Route route(String path, String target) {
        return Route.of(
                path, Target.parse(target), Map.of("jupyterhub", true, "user", "zoë"), System.currentTimeMillis());
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    /** A replica that has read what the store holds. */
    Member join(String url) {
        return join(url, "jove", null);
    }

    Member join(String url, String prefix, @Nullable String defaultTarget) {
        Member member = begin(url, prefix, defaultTarget, null);
        await().until(() -> member.store().status().isWorking());
        return member;
    }

    /** A replica that tells sentinels {@code sentinelPassword}. */
    Member begin(String url, @Nullable String sentinelPassword) {
        return begin(url, "jove", null, null, () -> null, () -> sentinelPassword, new RouteTable());
    }

    /** A replica that shows the store whatever {@code password} gives at the time. */
    Member beginShowing(String url, Supplier<String> password) {
        return begin(url, "jove", null, null, password, () -> null, new RouteTable());
    }

    /** A replica that has read what the store holds, with a table that somebody else has made. */
    Member joinWith(RouteTable routes, String url, @Nullable String defaultTarget) {
        Member member = begin(url, "jove", defaultTarget, null, () -> null, () -> null, routes);
        await().until(() -> member.store().status().isWorking());
        return member;
    }

    /** A replica that may or may not find its store. */
    Member begin(String url, String prefix, @Nullable String defaultTarget, @Nullable String replicaAddress) {
        return begin(url, prefix, defaultTarget, replicaAddress, () -> null, () -> null, new RouteTable());
    }

    private Member begin(
            String url,
            String prefix,
            @Nullable String defaultTarget,
            @Nullable String replicaAddress,
            Supplier<@Nullable String> password,
            Supplier<@Nullable String> sentinelPassword,
            RouteTable routes) {
        Target target = defaultTarget == null ? null : Target.parse(defaultTarget);
        if (target != null) {
            routes.put(Route.of("/", target, System.currentTimeMillis()));
        }
        AtomicInteger late = new AtomicInteger();
        List<LookResult> looks = new CopyOnWriteArrayList<>();
        ProxyObserver observer = new ProxyObserver() {
            @Override
            public void replicasLate(int replicas) {
                late.addAndGet(replicas);
            }

            @Override
            public void lookedAgain(LookResult result) {
                looks.add(result);
            }
        };
        SharedConfig config =
                new SharedConfig(StoreAddress.parse(url), password, sentinelPassword, prefix, "test", replicaAddress);
        SharedStore store = new SharedStore(config, routes, target, observer, System::currentTimeMillis);
        Member member = new Member(routes, store, late, looks);
        members.add(member);
        store.start(0, false);
        return member;
    }

    void leave(Member member) {
        members.remove(member);
        member.store().close();
    }

    @Override
    public void close() {
        members.forEach(member -> member.store().close());
    }
}
