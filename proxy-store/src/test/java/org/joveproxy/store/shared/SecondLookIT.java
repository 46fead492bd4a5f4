package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.RedisServer;
import org.joveproxy.core.testing.StoppableRelay;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.store.shared.Replicas.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A whole data plane whose replica is late: requests find routes that others have added. */
class SecondLookIT {
    private static final String GET = "GET /user/ada/lab HTTP/1.1\r\nHost: h\r\n\r\n";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

    private final Replicas replicas = new Replicas();

    @SuppressWarnings("NullAway.Init")
    private RedisServer redis;

    @SuppressWarnings("NullAway.Init")
    private StoppableRelay relay;

    @SuppressWarnings("NullAway.Init")
    private Member late;

    @SuppressWarnings("NullAway.Init")
    private Member other;

    @SuppressWarnings("NullAway.Init")
    private StubUpstream server;

    @BeforeEach
    void startAll() throws Exception {
        redis = RedisServer.start();
        relay = new StoppableRelay(redis.port());
        server = proxy.upstream(StubUpstream.answering("ada"));
        String hub = proxy.upstream(StubUpstream.answering("hub")).url();
        late = replicas.joinWith(proxy.routes(), "redis://127.0.0.1:" + relay.port(), hub);
        other = replicas.join(redis.url());
        proxy.store().looksBy(late.store().secondLook());
    }

    @AfterEach
    void endAll() throws IOException {
        replicas.close();
        relay.close();
        redis.close();
    }

    private String get() throws IOException {
        return proxy.client().send(GET).readMessage();
    }

    @Test
    void aReplicaThatIsWellAsksNobody() throws Exception {
        assertThat(get()).endsWith("hub");

        assertThat(late.looks()).isEmpty();
    }

    @Test
    void aReplicaWhoseFeedIsHeldUpFindsWhatAnotherHasAnswered() throws Exception {
        long before = late.store().sequence();
        relay.holdUpFeeds();

        other.put("/user/ada", server.url());

        // It connects again now and then, and has nobody to ask in between.
        Replicas.await().until(() -> get().endsWith("ada"));
        assertThat(late.looks()).contains(LookResult.FOUND);
        assertThat(late.store().sequence()).isEqualTo(before);
        assertThat(late.store().lag()).isEqualTo(1);
        relay.pass();
        Replicas.await().until(late::isWorking);
        assertThat(late.targets()).containsEntry("/user/ada", server.url());
        assertThat(late.store().lag()).isZero();
    }

    @Test
    void whatWasFoundIsCorrectedByWhatTheStoreSaysLater() throws Exception {
        relay.holdUpFeeds();
        other.put("/user/ada", server.url());
        Replicas.await().until(() -> get().endsWith("ada"));
        other.remove("/user/ada");

        relay.pass();

        Replicas.await().until(late::isWorking);
        assertThat(late.target("/user/ada")).isNull();
        assertThat(get()).endsWith("hub");
    }

    @Test
    void aStoreThatStandsStillHoldsRequestsUpOnlyForAMoment() throws Exception {
        redis.freeze();
        Replicas.await().until(() -> {
            assertThat(get()).endsWith("hub");
            return late.looks().contains(LookResult.FAILED);
        });

        // The next ones do not wait at all.
        assertThat(get()).endsWith("hub");
        redis.thaw();
    }

    @Test
    void aStoreThatIsGoneIsNotAsked() throws Exception {
        redis.kill();
        Replicas.await().until(() -> !late.isWorking());
        int before = late.looks().size();

        assertThat(get()).endsWith("hub");

        assertThat(late.looks()).hasSize(before);
    }

    @Test
    void aClientThatLeavesDuringTheLookLeavesNothing() throws Exception {
        redis.freeze();
        List<RawClient> clients = new ArrayList<>();
        Replicas.await().until(() -> {
            clients.add(proxy.client().send(GET));
            return proxy.clientsIn(Phase.ROUTING) > 0;
        });

        for (RawClient client : clients) {
            client.close();
        }

        proxy.awaitBalance(2);
        redis.thaw();
        Replicas.await().until(late::isWorking);
        other.store().put(Replicas.route("/user/ada", server.url())).get(10, TimeUnit.SECONDS);
        assertThat(get()).endsWith("ada");
    }

    @Test
    void aStormOfMissesCostsTheStoreNextToNothing() throws Exception {
        relay.holdUpFeeds();
        Replicas.await().until(() -> {
            get();
            return !late.looks().isEmpty();
        });

        RawClient client = proxy.client();
        int before = late.looks().size();
        for (int i = 0; i < 300; i++) {
            client.send("GET /user/u" + i + " HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
        }

        // Nothing was changed elsewhere, so one answer is good for all for a while.
        assertThat(late.looks().size() - before).isLessThan(100);
    }
}
