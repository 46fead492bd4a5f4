package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.testing.RedisServer;
import org.joveproxy.core.testing.StoppableRelay;
import org.joveproxy.store.shared.ReplicaProcess.State;
import org.joveproxy.store.shared.Replicas.Member;
import org.junit.jupiter.api.Test;

/** A replica that stood still wakes up with an old table, and must not serve from it as if nothing had been. */
class StandstillIT {
    private static final String PATH = "/user/ada";

    @Test
    void aReplicaThatStoodStillIsNotReadyBeforeItHasCaughtUp() throws Exception {
        try (RedisServer redis = RedisServer.start();
                StoppableRelay relay = new StoppableRelay(redis.port());
                Replicas replicas = new Replicas();
                ReplicaProcess child = new ReplicaProcess("redis://127.0.0.1:" + relay.port())) {
            Member other = replicas.join(redis.url());
            Replicas.await().until(() -> child.state(PATH).isWorking());
            // Otherwise it may not wait for the one that has just come.
            Replicas.await().until(() -> other.store().replicaCount() == 2);

            child.freeze();
            relay.holdUpFeeds();
            // Answered when the one that stands still is no longer waited for, which is long enough.
            other.put(PATH, "http://a:1");
            child.thaw();

            State awake = child.state(PATH);
            assertThat(awake.target()).isEqualTo("-");
            assertThat(awake.isReady()).isFalse();
            assertThat(awake.isWorking()).isFalse();
            assertThat(awake.detail()).contains("stood still");
            relay.pass();
            Replicas.await().until(() -> child.state(PATH).isReady());
            assertThat(child.state(PATH).target()).isEqualTo("http://a:1");
        }
    }

    @Test
    void aShortPauseIsNoStandstill() throws Exception {
        try (RedisServer redis = RedisServer.start();
                ReplicaProcess child = new ReplicaProcess(redis.url())) {
            Replicas.await().until(() -> child.state(PATH).isWorking());

            child.freeze();
            TimeUnit.MILLISECONDS.sleep(Duration.ofMillis(300).toMillis());
            child.thaw();

            assertThat(child.state(PATH).isReady()).isTrue();
        }
    }
}
