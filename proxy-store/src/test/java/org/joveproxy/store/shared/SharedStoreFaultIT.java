package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.joveproxy.core.testing.RedisServer;
import org.joveproxy.core.testing.StoppableRelay;
import org.joveproxy.store.shared.Replicas.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedStoreFaultIT {
    private final Replicas replicas = new Replicas();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RedisServer redis;

    @AfterEach
    void endAll() throws IOException {
        replicas.close();
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void noRouteIsLostWhenTheStoreComesBackWithoutItsData() throws Exception {
        redis = RedisServer.start();
        Member a = replicas.join(redis.url(), "jove", "http://default:1");
        Member b = replicas.join(redis.url(), "jove", "http://default:1");
        putMany(a, 50);
        assertThat(b.remove("/user/u3")).isTrue();
        assertThat(b.remove("/")).isTrue();

        redis.kill();
        Replicas.await().until(() -> !a.isWorking() && !b.isWorking());
        assertThat(a.store().status().hasRoutes()).isTrue();
        assertThatThrownBy(() -> a.put("/user/zoe", "http://a:1")).hasCauseInstanceOf(StoreUnavailableException.class);
        AtomicBoolean lost = watch(b, "/user/u7");
        redis.restart();

        Replicas.await().until(() -> a.isWorking() && b.isWorking());
        b.put("/user/zoe", "http://a:1");
        assertThat(a.targets()).isEqualTo(b.targets()).hasSize(50).doesNotContainKeys("/user/u3", "/");
        Member c = replicas.join(redis.url());
        assertThat(c.targets()).isEqualTo(a.targets());
        assertThat(lost).isFalse();
    }

    /** Becomes true when the route is missing at any moment from now on. */
    private static AtomicBoolean watch(Member member, String path) {
        AtomicBoolean lost = new AtomicBoolean();
        Thread watcher = new Thread(() -> {
            long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() < end && !lost.get()) {
                lost.set(member.routes().get(path) == null);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        return lost;
    }

    private static void putMany(Member member, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            member.put("/user/u" + i, "http://a:" + (i + 1));
        }
    }

    @Test
    void whoFindsTheStoreFirstWaitsForThoseWhoHaveNotYet() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join(redis.url());
            Member b = replicas.join("redis://127.0.0.1:" + relay.port());
            a.put("/user/zoe", "http://old:1");
            Replicas.await().until(() -> a.store().replicaCount() == 2);
            relay.refuse();
            redis.restart(); // it has forgotten all, who lives too
            Replicas.await().until(() -> a.isWorking() && !b.isWorking());

            CompletableFuture<String> seenByOther = a.store()
                    .put(Replicas.route("/user/zoe", "http://new:1"))
                    .thenApply(done -> String.valueOf(b.target("/user/zoe")));
            Replicas.await().until(() -> "http://new:1".equals(a.target("/user/zoe")));
            relay.pass();

            assertThat(seenByOther.get(10, TimeUnit.SECONDS)).isEqualTo("http://new:1");
            assertThat(a.late()).hasValue(0);
        }
    }

    @Test
    void whoDoesNotComeBackIsNotWaitedForAgainAndAgain() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join(redis.url());
            replicas.join("redis://127.0.0.1:" + relay.port());
            Replicas.await().until(() -> a.store().replicaCount() == 2);
            relay.refuse();
            Replicas.await().until(() -> a.store().replicaCount() == 1);

            redis.restart();
            Replicas.await().until(() -> changed(a, "/user/zoe"));

            assertThat(a.store().replicaCount()).isEqualTo(1);
        }
    }

    @Test
    void noRouteIsLostWhenTheStoreComesBackWithOlderData() throws Exception {
        redis = RedisServer.start();
        Member a = replicas.join(redis.url());
        Member b = replicas.join(redis.url());
        putMany(a, 20);
        redis.say("SAVE");
        b.put("/user/u3", "http://b:1");
        b.put("/user/late", "http://b:2");
        assertThat(a.remove("/user/u4")).isTrue();

        redis.restart();

        Replicas.await().until(() -> a.isWorking() && b.isWorking());
        a.put("/user/zoe", "http://a:1");
        for (Member each : List.of(a, b, replicas.join(redis.url()))) {
            assertThat(each.targets())
                    .hasSize(21)
                    .containsEntry("/user/u3", "http://b:1")
                    .containsEntry("/user/late", "http://b:2")
                    .doesNotContainKey("/user/u4");
        }
    }

    @Test
    void aStoreThatComesBackWithItsDataIsReadOnWithoutReadingAllAgain() throws Exception {
        // Otherwise it answers before it has written, while the disk is busy.
        redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        Member a = replicas.join(redis.url());
        putMany(a, 20);

        redis.restart();

        Replicas.await().until(a::isWorking);
        a.put("/user/zoe", "http://a:1");
        assertThat(a.targets()).hasSize(21);
        assertThat(a.store().resynchronisations()).isZero();
    }

    @Test
    void routesOfBothAreKeptWhenAnEmptyStoreWasBegunBySomebodyNew() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join("redis://127.0.0.1:" + relay.port());
            putMany(a, 20);
            relay.refuse();
            Replicas.await().until(() -> !a.isWorking());
            redis.restart();
            Member b = replicas.join(redis.url());
            b.put("/user/u1", "http://new:1");
            b.put("/user/zoe", "http://new:2");

            relay.pass();

            Replicas.await().until(a::isWorking);
            Replicas.await().until(() -> b.routes().size() == 21);
            assertThat(a.targets()).isEqualTo(b.targets()).containsEntry("/user/u1", "http://new:1");
        }
    }

    @Test
    void aGapInTheChangesHasAllReadAgain() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join("redis://127.0.0.1:" + relay.port());
            Member b = replicas.join(redis.url());
            putMany(b, 10);
            relay.refuse();
            Replicas.await().until(() -> !a.isWorking());
            // Its sign of life is too old to be waited for.
            Replicas.await().until(() -> b.store().replicaCount() == 1);
            assertThat(b.remove("/user/u3")).isTrue();
            putMany(b, 3);
            redis.say("XTRIM {jove}:changes MAXLEN 1");

            relay.pass();

            Replicas.await().until(a::isWorking);
            assertThat(a.targets()).isEqualTo(b.targets()).hasSize(9);
            assertThat(a.store().resynchronisations()).isEqualTo(1);
        }
    }

    @Test
    void whatWasMissedIsMadeUpForWithoutReadingAllAgain() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join("redis://127.0.0.1:" + relay.port());
            Member b = replicas.join(redis.url());
            relay.refuse();
            Replicas.await().until(() -> !a.isWorking());
            Replicas.await().until(() -> b.store().replicaCount() == 1);
            putMany(b, 10);

            relay.pass();

            Replicas.await().until(a::isWorking);
            assertThat(a.targets()).isEqualTo(b.targets()).hasSize(10);
            assertThat(a.store().resynchronisations()).isZero();
        }
    }

    @Test
    void aReplicaThatIsCutOffSilentlyNoticesAndServesOn() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join("redis://127.0.0.1:" + relay.port());
            Member b = replicas.join(redis.url());
            putMany(b, 10);

            relay.beSilent();
            Replicas.await().until(() -> !a.isWorking());

            assertThat(a.store().status().detail()).isNotEmpty();
            assertThat(a.targets()).hasSize(10);
            assertThatThrownBy(() -> a.put("/user/zoe", "http://a:1"))
                    .hasCauseInstanceOf(StoreUnavailableException.class);
            // Nobody can be asked here: as far as this replica knows, all are cut off.
            assertThat(a.store().status().hasRoutes()).isTrue();
            b.put("/user/ann", "http://b:1");
            relay.pass();
            Replicas.await().until(a::isWorking);
            assertThat(a.target("/user/ann")).isEqualTo("http://b:1");
        }
    }

    @Test
    void onlyTheReplicaThatIsCutOffAloneIsNotReady() throws Exception {
        redis = RedisServer.start();
        AtomicReference<Member> answering = new AtomicReference<>();
        HttpServer other = readiness(answering);
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            Member a = replicas.join("redis://127.0.0.1:" + relay.port());
            String address = "127.0.0.1:" + other.getAddress().getPort();
            Member b = replicas.begin(redis.url(), "jove", null, address);
            answering.set(b);
            Replicas.await().until(() -> b.isWorking() && a.store().replicaCount() == 2);

            long begin = System.nanoTime();
            relay.beSilent();
            Replicas.await().until(() -> !a.store().status().hasRoutes());

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
            assertThat(b.store().status().hasRoutes()).isTrue();
            relay.pass();
            Replicas.await().until(() -> a.store().status().hasRoutes());
        } finally {
            other.stop(0);
        }
    }

    /** What another replica says about itself. */
    private static HttpServer readiness(AtomicReference<Member> other) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/_chp_readyz", exchange -> {
            StoreStatus status = other.get().store().status();
            byte[] body = ("{\"status\":\"ready\",\"store\":{\"kind\":\"redis\",\"working\":" + status.isWorking()
                            + ",\"silentMillis\":"
                            + Objects.requireNonNull(status.silence()).toMillis() + "}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void allStayReadyWhenTheStoreIsGoneForAll() throws Exception {
        redis = RedisServer.start();
        AtomicReference<Member> answering = new AtomicReference<>();
        HttpServer other = readiness(answering);
        try {
            Member a = replicas.join(redis.url());
            String address = "127.0.0.1:" + other.getAddress().getPort();
            Member b = replicas.begin(redis.url(), "jove", null, address);
            answering.set(b);
            Replicas.await().until(() -> b.isWorking() && a.store().replicaCount() == 2);

            redis.freeze();
            Replicas.await().until(() -> !a.isWorking() && !b.isWorking());
            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(5))
                    .until(() ->
                            a.store().status().hasRoutes() && b.store().status().hasRoutes());
            redis.thaw();

            Replicas.await().until(() -> a.isWorking() && b.isWorking());
            a.put("/user/zoe", "http://a:1");
            assertThat(b.target("/user/zoe")).isEqualTo("http://a:1");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void aReplicaThatDiedIsWaitedForInVainOnce() throws Exception {
        redis = RedisServer.start();
        try (StoppableRelay relay = new StoppableRelay(redis.port())) {
            replicas.join("redis://127.0.0.1:" + relay.port());
            Member b = replicas.join(redis.url());
            relay.beSilent();

            long begin = System.nanoTime();
            b.put("/user/zoe", "http://a:1");
            Duration first = Duration.ofNanos(System.nanoTime() - begin);
            b.put("/user/ann", "http://a:1");
            Duration both = Duration.ofNanos(System.nanoTime() - begin);

            assertThat(first).isLessThan(Duration.ofSeconds(6));
            assertThat(both.minus(first)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void sentinelsTellWhereTheStoreIs() throws Exception {
        redis = RedisServer.start();
        try (RedisServer next = RedisServer.start("--replicaof", "127.0.0.1 " + redis.port());
                RedisServer sentinel = RedisServer.startSentinel("hub", redis)) {
            Member a = replicas.join("redis-sentinel://127.0.0.1:" + sentinel.port() + "#hub");
            putMany(a, 10);
            Replicas.await().until(() -> sentinel.say("SENTINEL REPLICAS hub").contains("" + next.port()));
            Replicas.await().until(() -> next.say("INFO replication").contains("master_link_status:up"));
            Replicas.await().until(() -> sentinel.say("SENTINEL FAILOVER hub").startsWith("+OK"));

            Replicas.await()
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> next.say("ROLE").contains("master"));
            Replicas.await().until(() -> changed(a, "/user/zoe"));

            Replicas.await()
                    .until(() -> next.say("HGET {jove}:routes /user/zoe").contains("http://a:1"));
            assertThat(a.targets()).hasSize(11);
        }
    }

    @Test
    void sentinelsAndTheStoreHaveAPasswordEach() throws Exception {
        redis = RedisServer.start();
        try (RedisServer sentinel = RedisServer.startSentinel("hub", redis)) {
            sentinel.say("SENTINEL SET hub auth-pass st0re");
            redis.say("CONFIG SET requirepass st0re");
            sentinel.say("ACL SETUSER default resetpass >s3ntinel");
            assertThat(sentinel.say("PING")).startsWith("-NOAUTH");
            String place = "127.0.0.1:" + sentinel.port() + "#hub";

            Member right = replicas.begin("redis-sentinel://:st0re@" + place, "s3ntinel");
            Member without = replicas.begin("redis-sentinel://:st0re@" + place, null);
            Member wrong = replicas.begin("redis-sentinel://:wr0ng@" + place, "s3ntinel");

            Replicas.await().until(right::isWorking);
            right.put("/user/zoe", "http://a:1");
            Replicas.await().until(() -> without.store().status().detail().contains("NOAUTH"));
            Replicas.await().until(() -> wrong.store().status().detail().contains("WRONGPASS"));
            assertThat(wrong.store().status().detail()).doesNotContain("wr0ng");
        }
    }

    @Test
    void anotherPasswordIsShownWhenItConnectsAgain() throws Exception {
        redis = RedisServer.start();
        redis.say("CONFIG SET requirepass f1rst");
        AtomicReference<String> password = new AtomicReference<>("f1rst");
        Member member = replicas.beginShowing(redis.url(), password::get);
        Replicas.await().until(member::isWorking);
        member.put("/user/zoe", "http://a:1");
        redis.say("AUTH f1rst\r\nCONFIG SET requirepass s3cond\r\nCLIENT KILL TYPE normal\r\nCLIENT KILL TYPE pubsub");

        Replicas.await().until(() -> member.store().status().detail().contains("WRONGPASS"));
        password.set("s3cond");

        Replicas.await().until(member::isWorking);
        assertThat(changed(member, "/user/bob")).isTrue();
    }

    private static boolean changed(Member member, String path) {
        try {
            member.put(path, "http://a:1");
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void aClusterHoldsThemAllInOneSlot() throws Exception {
        redis = RedisServer.start("--cluster-enabled", "yes");
        redis.say("CLUSTER ADDSLOTSRANGE 0 16383");
        Replicas.await().until(() -> redis.say("CLUSTER INFO").contains("cluster_state:ok"));
        Member a = replicas.join("redis-cluster://127.0.0.1:" + redis.port());
        Member b = replicas.join("redis-cluster://127.0.0.1:" + redis.port());

        putMany(a, 20);
        assertThat(b.targets()).isEqualTo(a.targets()).hasSize(20);
        redis.say("FLUSHALL");
        Replicas.await().until(() -> redis.say("HEXISTS {jove}:routes /user/u7").startsWith(":1"));

        Replicas.await().until(() -> changed(a, "/user/zoe"));
        assertThat(b.targets()).isEqualTo(a.targets()).hasSize(21);
    }

    @Test
    void aPasswordIsUsedAndNotTold() throws Exception {
        redis = RedisServer.start();
        redis.say("ACL SETUSER jove on >s3cret ~{hub}:* +@all");
        Member wrong = replicas.begin("redis://jove:wr0ng@127.0.0.1:" + redis.port(), "hub", null, null);
        Member right = replicas.join("redis://jove:s3cret@127.0.0.1:" + redis.port(), "hub", null);

        right.put("/user/zoe", "http://a:1");

        Replicas.await().until(() -> wrong.store().status().detail().contains("WRONGPASS"));
        assertThat(wrong.store().status().detail()).doesNotContain("wr0ng");
    }

    @Test
    void aFullStoreRefusesChangesInWords() throws Exception {
        redis = RedisServer.start();
        Member a = replicas.join(redis.url());
        a.put("/user/zoe", "http://a:1");

        redis.say("CONFIG SET maxmemory 1");

        Replicas.await().until(() -> !a.isWorking());
        Replicas.await().until(() -> a.store().status().detail().contains("OOM"));
        assertThat(a.store().status().hasRoutes()).isTrue();
        redis.say("CONFIG SET maxmemory 0");
        Replicas.await().until(() -> changed(a, "/user/ann"));
    }
}
