package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.observe.Bounds.Bound;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a request does while its route is looked for in a store that others may have changed. */
class SecondLookIT {
    private static final String GET = "GET /user/ada/lab HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /user/ada/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private final AtomicInteger lookups = new AtomicInteger();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults().observedBy(new ProxyObserver() {
        @Override
        public void routeLookedUp(long nanos) {
            lookups.incrementAndGet();
        }
    });

    private final CompletableFuture<Void> look = new CompletableFuture<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void lookByHand() {
        proxy.store().looksBy((path, found) -> {
            asked.add(path);
            return look;
        });
    }

    private String hub() throws Exception {
        String url = proxy.upstream(StubUpstream.answering("hub")).url();
        proxy.route("/", url);
        return url;
    }

    private void awaitLook() {
        await().until(() -> proxy.clientsIn(Phase.ROUTING) == 1);
    }

    @Test
    void aRequestFollowsTheRouteThatWasFound() throws Exception {
        hub();
        StubUpstream server = proxy.upstream(StubUpstream.answering("ada"));

        RawClient client = proxy.client().send(GET);
        awaitLook();
        proxy.route("/user/ada", server.url());
        look.complete(null);

        assertThat(client.readMessage()).endsWith("ada");
        // Without a look, and over the same connection.
        assertThat(client.send(GET).readMessage()).endsWith("ada");
        assertThat(asked).containsExactly("/user/ada/lab");
        assertThat(lookups).hasValue(2);
    }

    @Test
    void anUnusedConnectionTakesTheRequestAtOnce() throws Exception {
        StubUpstream server = proxy.upstream(StubUpstream.answering("ada"));
        proxy.route("/warm", server.url());
        RawClient client = proxy.client().send("GET /warm HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readMessage()).endsWith("ada");

        client.send(GET);
        awaitLook();
        proxy.route("/user/ada", server.url());
        look.complete(null);

        assertThat(client.readMessage()).endsWith("ada");
        assertThat(server.acceptedCount()).isEqualTo(1);
    }

    @Test
    void aRequestForWhichNothingIsFoundGoesToTheDefault() throws Exception {
        hub();

        RawClient client = proxy.client().send(GET);
        awaitLook();
        look.complete(null);

        assertThat(client.readMessage()).endsWith("hub");
    }

    @Test
    void withoutAnyRouteTheAnswerIsStillNotFound() throws Exception {
        RawClient client = proxy.client().send(GET);
        awaitLook();
        look.complete(null);

        assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aLookThatDoesNotEndIsNotWaitedFor() throws Exception {
        hub();

        assertThat(proxy.client().send(GET).readMessage()).endsWith("hub");

        assertThat(asked).hasSize(1);
        look.complete(null);
    }

    @Test
    void aBodyThatComesMeanwhileIsKept() throws Exception {
        hub();
        StubUpstream server = proxy.upstream(StubUpstream.answering("ada"));
        String body = "x".repeat(50_000) + "y".repeat(50_000);

        RawClient client = proxy.client()
                .send("POST /user/ada/api HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"
                        + body.substring(0, 50_000));
        awaitLook();
        client.send(body.substring(50_000));
        proxy.route("/user/ada", server.url());
        look.complete(null);

        assertThat(client.readMessage()).endsWith("ada");
        assertThat(server.requests()).singleElement().asString().endsWith("\r\n\r\n" + body);
    }

    @Test
    void aClientThatSendsWithoutEndIsNotReadMeanwhile() throws Exception {
        StubUpstream server = proxy.upstream(StubUpstream.answering("ada"));
        // The first look is over when the second begins, for which there is time enough then.
        proxy.store().looksBy((path, found) -> new CompletableFuture<>());

        RawClient client =
                proxy.client().send("POST /user/ada/api HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
        awaitLook();
        client.send("x".repeat(100_000));

        assertThat(proxy.proxy().used(Bound.BUFFERED_BYTES)).isLessThan(1_000_000);
        assertThat(server.acceptedCount()).isZero();
        client.close();
        proxy.awaitBalance(0);
    }

    @Test
    void aClientThatLeavesMeanwhileLeavesNothing() throws Exception {
        StubUpstream server = proxy.upstream(StubUpstream.answering("ada"));

        RawClient client =
                proxy.client().send("POST /user/ada/api HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        awaitLook();
        client.close();
        proxy.awaitBalance(0);
        proxy.route("/user/ada", server.url());
        look.complete(null);
        // Both loops have done what the end of the look had them do.
        assertThat(proxy.clientsIn(Phase.ROUTING)).isZero();

        assertThat(server.acceptedCount()).isZero();
    }

    @Test
    void aWebsocketFollowsTheRouteThatWasFound() throws Exception {
        hub();
        StubUpstream server = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            connection.send(connection.read(4));
        });

        // What an eager client sends behind its request is not lost.
        RawClient client = proxy.client().send(UPGRADE + "ping");
        awaitLook();
        proxy.route("/user/ada", server.url());
        look.complete(null);

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.read(4)).isEqualTo("ping");
    }

    @Test
    void aRouteOfItsOwnNeedsNoLook() throws Exception {
        proxy.route("/user/ada", proxy.upstream(StubUpstream.answering("ada")).url());

        assertThat(proxy.client().send(GET).readMessage()).endsWith("ada");

        assertThat(asked).isEmpty();
    }

    @Test
    void aHubBelowABasePathTakesTheRestToo() throws Exception {
        String url = proxy.upstream(StubUpstream.answering("hub")).url();
        proxy.routes().put(Route.of("/user", Target.parse(url), Map.of("hub", true), 0));

        RawClient client = proxy.client().send(GET);
        awaitLook();
        look.complete(null);

        assertThat(client.readMessage()).endsWith("hub");
        assertThat(asked).hasSize(1);
    }

    @Test
    void whereThereIsNothingToLookForNobodyWaits() throws Exception {
        hub();
        proxy.store().looksBy((path, found) -> null);

        assertThat(proxy.client().send(GET).readMessage()).endsWith("hub");
    }
}
