package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.joveproxy.core.testing.RedisServer;
import org.joveproxy.store.shared.Replicas.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change that comes to the store after its deadline is not made: whoever asked for it was told so long ago. */
class ChangeDeadlineIT {
    private static final Keys KEYS = Keys.of("jove");

    private final Replicas replicas = new Replicas();

    @SuppressWarnings("NullAway.Init")
    private RedisServer redis;

    @BeforeEach
    void startRedis() throws IOException {
        redis = RedisServer.start();
    }

    @AfterEach
    void endAll() throws IOException {
        replicas.close();
        redis.close();
    }

    @Test
    void changesThatTheStoreGetsTooLateAreNeverMade() throws Exception {
        Member a = replicas.join(redis.url());
        Member b = replicas.join(redis.url());
        a.put("/user/zoe", "http://a:1");
        long before = b.store().sequence();

        redis.freeze();
        CompletableFuture<Void> added = a.store().put(Replicas.route("/user/ada", "http://a:1"));
        CompletableFuture<Boolean> removed = a.store().remove("/user/zoe");
        assertThatThrownBy(() -> added.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> removed.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreUnavailableException.class);
        // The two are still in what the kernel keeps for the server.
        redis.thaw();

        Replicas.await().until(() -> a.isWorking() && b.isWorking());
        a.put("/user/bob", "http://a:1");
        assertThat(b.targets()).containsOnlyKeys("/user/zoe", "/user/bob");
        assertThat(b.store().sequence()).isEqualTo(before + 1);
    }

    @Test
    void theStoresOwnTimeCounts() throws Exception {
        replicas.join(redis.url());
        String epoch = said("HGET {jove}:routes #epoch");
        RedisClients clients = new RedisClients(StoreAddress.parse(redis.url()), () -> null, () -> null);
        try (Session session = clients.connect().get(10, TimeUnit.SECONDS)) {
            long now = 1000 * Long.parseLong(said("TIME"));

            assertThat(put(session, epoch, now - 1)).isEqualTo(-2);
            assertThat(remove(session, epoch, now - 1)).isEqualTo(-2);
            assertThat(put(session, epoch, now + 60_000)).isPositive();
            assertThat(remove(session, epoch, now + 60_000)).isPositive();
            assertThat(put(session, "another", now + 60_000)).isEqualTo(-1);
        } finally {
            clients.close();
        }
    }

    /** The first word of an answer, whether it is one or several. */
    private String said(String command) {
        List<String> lines = redis.say(command).lines().toList();
        return lines.get(lines.get(0).startsWith("*") ? 2 : 1);
    }

    private static long put(Session session, String epoch, long until) throws Exception {
        return changed(
                session,
                Scripts.PUT,
                List.of(epoch, "/user/ada", "{}", "0", "test", Change.newToken(), Long.toString(until)));
    }

    private static long remove(Session session, String epoch, long until) throws Exception {
        return changed(
                session,
                Scripts.REMOVE,
                List.of(epoch, "/user/ada", "test", Change.newToken(), "0", Long.toString(until)));
    }

    private static long changed(Session session, String script, List<String> arguments) throws Exception {
        List<String> names = List.of(KEYS.routes(), KEYS.activity(), KEYS.changes(), KEYS.seen());
        return Heartbeat.number(Conversation.eval(session, script, names, arguments)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .get(0));
    }
}
