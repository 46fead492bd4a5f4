package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.joveproxy.core.testing.RedisServer;
import org.joveproxy.store.shared.Replicas.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedStoreIT {
    private RedisServer redis;
    private final Replicas replicas = new Replicas();

    @BeforeEach
    void startRedis() throws IOException {
        redis = RedisServer.start();
    }

    @AfterEach
    void endAll() throws IOException {
        replicas.close();
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void aChangeIsInForceEverywhereWhenItIsAnswered() throws Exception {
        Member a = replicas.join(redis.url());
        Member b = replicas.join(redis.url());
        Member c = replicas.join(redis.url());

        for (int i = 0; i < 200; i++) {
            Member writer = List.of(a, b, c).get(i % 3);
            writer.put("/user/u" + i, "http://a:" + (i + 1));
            for (Member each : List.of(a, b, c)) {
                assertThat(each.target("/user/u" + i)).isEqualTo("http://a:" + (i + 1));
            }
        }
        assertThat(b.remove("/user/u7/")).isTrue();
        assertThat(a.target("/user/u7")).isNull();
        assertThat(c.target("/user/u7")).isNull();
        assertThat(b.remove("/user/u7")).isFalse();
    }

    @Test
    void theDataComesBackAsItWas() throws Exception {
        Member a = replicas.join(redis.url());
        Member b = replicas.join(redis.url());

        a.put("/user/秀樹", "http://a:1");

        assertThat(b.at("/user/秀樹").data())
                .isEqualTo(Map.of("jupyterhub", true, "user", "zoë", "target", "http://a:1"));
    }

    @Test
    void aNewReplicaIsReadyOnlyWhenItKnowsAllRoutes() throws Exception {
        Member a = replicas.join(redis.url());
        for (int i = 0; i < 100; i++) {
            a.put("/user/u" + i, "http://a:1");
        }

        Member b = replicas.begin(redis.url(), "jove", null, null);
        while (!b.store().status().hasRoutes()) {
            Thread.onSpinWait();
        }

        assertThat(b.targets()).isEqualTo(a.targets()).hasSize(100);
    }

    @Test
    void changesOfSeveralReplicasEndAlikeEverywhere() throws Exception {
        List<Member> all = List.of(replicas.join(redis.url()), replicas.join(redis.url()), replicas.join(redis.url()));
        List<CompletableFuture<Void>> writers = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            Member writer = all.get(i);
            int seed = i;
            writers.add(CompletableFuture.runAsync(() -> changeAtRandom(writer, seed)));
        }
        CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);

        assertThat(all.get(1).targets()).isEqualTo(all.get(0).targets()).isNotEmpty();
        assertThat(all.get(2).targets()).isEqualTo(all.get(0).targets());
        assertThat(all.get(0).late()).hasValue(0);
    }

    /** Ten at a time, as the hub does. */
    private static void changeAtRandom(Member writer, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            List<CompletableFuture<?>> changes = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                String path = "/user/u" + random.nextInt(20);
                String target = "http://a:" + (1 + random.nextInt(60_000));
                changes.add(
                        random.nextInt(3) == 0
                                ? writer.store().remove(path)
                                : writer.store().put(Replicas.route(path, target)));
            }
            CompletableFuture.allOf(changes.toArray(new CompletableFuture<?>[0]))
                    .join();
        }
    }

    @Test
    void prefixesAreWorldsOfTheirOwn() throws Exception {
        Member a = replicas.join(redis.url(), "hub-a", null);
        Member b = replicas.join(redis.url(), "hub-b", null);

        a.put("/user/zoe", "http://a:1");
        b.put("/user/ann", "http://a:2");

        assertThat(a.targets()).isEqualTo(Map.of("/user/zoe", "http://a:1"));
        assertThat(b.targets()).isEqualTo(Map.of("/user/ann", "http://a:2"));
    }

    @Test
    void theLatestUseIsKnownEverywhere() throws Exception {
        Member a = replicas.join(redis.url());
        Member b = replicas.join(redis.url());
        a.put("/user/zoe", "http://a:1");
        a.put("/user/ann", "http://a:1");
        long later = System.currentTimeMillis() + 5000;

        a.at("/user/zoe").activity().touch(later);
        b.at("/user/ann").activity().touch(later + 1);

        Replicas.await().untilAsserted(() -> {
            assertThat(lastMillis(b, "/user/zoe")).isEqualTo(later);
            assertThat(lastMillis(a, "/user/ann")).isEqualTo(later + 1);
        });
    }

    @Test
    void aUseIsNotForgottenByAnEarlierOne() throws Exception {
        Member a = replicas.join(redis.url());
        Member b = replicas.join(redis.url());
        a.put("/user/zoe", "http://a:1");
        a.put("/user/ann", "http://a:1");
        long now = System.currentTimeMillis();

        a.at("/user/zoe").activity().touch(now + 5000);
        b.at("/user/zoe").activity().touch(now + 9000);
        // Told after the other two: when it has come, they have too.
        a.at("/user/ann").activity().touch(now + 9000);

        Replicas.await().untilAsserted(() -> {
            assertThat(lastMillis(b, "/user/ann")).isEqualTo(now + 9000);
            assertThat(lastMillis(a, "/user/zoe")).isEqualTo(now + 9000);
        });
        assertThat(lastMillis(b, "/user/zoe")).isEqualTo(now + 9000);
    }

    @Test
    void aUseOnAReplicaThatLeavesIsKnownToALaterOne() throws Exception {
        Member a = replicas.join(redis.url());
        a.put("/user/zoe", "http://a:1");
        long later = System.currentTimeMillis() + 5000;

        a.at("/user/zoe").activity().touch(later);
        replicas.leave(a);

        assertThat(lastMillis(replicas.join(redis.url()), "/user/zoe")).isEqualTo(later);
    }

    private static long lastMillis(Member member, String path) {
        return member.at(path).activity().lastMillis();
    }

    @Test
    void theDefaultOfTheCommandLineGivesWayAndIsNotShared() throws Exception {
        Member a = replicas.join(redis.url(), "jove", "http://default:1");
        Member b = replicas.join(redis.url());
        assertThat(a.target("/")).isEqualTo("http://default:1");
        assertThat(b.target("/")).isNull();

        b.put("/", "http://hub:1");
        assertThat(a.target("/")).isEqualTo("http://hub:1");
        Member c = replicas.join(redis.url(), "jove", "http://default:2");
        assertThat(c.target("/")).isEqualTo("http://hub:1");
    }

    @Test
    void aRemovedDefaultIsGoneUntilTheNextStart() throws Exception {
        Member a = replicas.join(redis.url(), "jove", "http://default:1");
        Member b = replicas.join(redis.url(), "jove", "http://default:1");

        assertThat(a.remove("/")).isTrue();
        assertThat(a.target("/")).isNull();
        assertThat(b.target("/")).isNull();
        assertThat(b.remove("/")).isFalse();

        Member c = replicas.join(redis.url(), "jove", "http://default:1");
        for (Member each : List.of(a, b, c)) {
            Replicas.await().until(() -> "http://default:1".equals(each.target("/")));
        }
    }

    @Test
    void aStoreThatIsNotThereRefusesChanges() {
        redis.kill();
        Member a = replicas.begin(redis.url(), "jove", "http://default:1", null);

        assertThatThrownBy(() -> a.put("/user/zoe", "http://a:1")).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(a.store().status().hasRoutes()).isFalse();
        assertThat(a.target("/")).isEqualTo("http://default:1");
        Replicas.await().until(() -> a.store().status().detail().contains("refused"));
    }

    @Test
    void aReplicaThatCameBeforeTheStoreFindsIt() throws Exception {
        redis.kill();
        Member a = replicas.begin(redis.url(), "jove", null, null);

        redis.restart();

        Replicas.await().until(a::isWorking);
        a.put("/user/zoe", "http://a:1");
        assertThat(a.target("/user/zoe")).isEqualTo("http://a:1");
    }

    @Test
    void equalRoutesAreNotReplacedWhenAllIsReadAgain() throws Exception {
        Member a = replicas.join(redis.url());
        a.put("/user/zoe", "http://a:1");
        Route before = a.at("/user/zoe");

        redis.say("DEL {jove}:routes");
        Replicas.await().until(() -> a.store().resynchronisations() == 1);

        assertThat(a.routes().get("/user/zoe")).isSameAs(before);
    }
}
