package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.DeadPort;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that does not listen yet, just after its route was added: requests wait for it. */
class YoungRouteIT {
    private static final String GET = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private final Queue<String> ends = new ConcurrentLinkedQueue<>();
    private final ProxyObserver noting = new ProxyObserver() {
        @Override
        public void holdEnded(HoldResult result) {
            ends.add(result.label());
        }
    };

    @Nested
    class WhenItIsWanted {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(
                        t -> t.youngRoute(60_000).drain(20_000))
                .observedBy(noting);

        private void awaitHeld(int count) {
            await().until(() -> proxy.clientsIn(Phase.HELD) == count);
        }

        private StubUpstream listen(DeadPort dead, StubUpstream.Script script) throws Exception {
            dead.close();
            return proxy.closing(new StubUpstream(dead.port(), script));
        }

        @Test
        void aRequestIsServedWhenTheServerListens() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            RawClient client = proxy.client().send(GET);
            awaitHeld(1);

            listen(dead, StubUpstream.answering("here I am"));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("here I am");
            assertThat(ends).containsExactly("connected");
            // The client's connection goes on as any other.
            assertThat(client.send(GET).readMessage()).endsWith("here I am");
        }

        @Test
        void nothingOfABodyIsLost() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            String body = "0123456789".repeat(50_000);
            RawClient client = proxy.client()
                    .send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\nfirst");
            awaitHeld(1);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(body.substring("first".length()));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });

            StubUpstream upstream = listen(dead, StubUpstream.answering("thanks"));

            assertThat(client.readMessage()).endsWith("thanks");
            sending.join();
            assertThat(upstream.requests().element()).endsWith("first" + body.substring("first".length()));
        }

        @Test
        void aWebsocketIsOpenedWhenTheServerListens() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            RawClient client = proxy.client().send(UPGRADE + "early");
            awaitHeld(1);

            listen(dead, (connection, self) -> {
                connection.readHead();
                connection.send(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
                connection.send(connection.read(5));
                connection.readToEnd();
            });

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.read(5)).isEqualTo("early");
        }

        @Test
        void manyWaitAtTheCostOfFewConnects() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            RawClient[] clients = new RawClient[20];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = proxy.client().send(GET);
            }
            awaitHeld(clients.length);
            // The breaker is open, whose word is no answer here.
            await().until(() -> proxy.proxy().openBreakers() == 1);

            listen(dead, StubUpstream.answering("here I am"));

            for (RawClient client : clients) {
                assertThat(client.readMessage()).endsWith("here I am");
            }
            assertThat(ends).hasSize(clients.length).containsOnly("connected");
        }

        @Test
        void aClientThatLeavesIsHeldNoLonger() throws Exception {
            proxy.route("/", proxy.deadUrl());
            RawClient client = proxy.client().send(GET);
            awaitHeld(1);

            client.close();

            await().atMost(Duration.ofSeconds(2)).until(() -> ends.contains("left"));
            proxy.awaitBalance(0);
        }

        @Test
        void aClientThatLeavesInTheMiddleOfABodyIsHeldNoLonger() throws Exception {
            proxy.route("/", proxy.deadUrl());
            RawClient client =
                    proxy.client().send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nsome of it");
            awaitHeld(1);

            client.close();

            await().atMost(Duration.ofSeconds(2)).until(() -> ends.contains("left"));
            proxy.awaitBalance(0);
        }

        @Test
        void whenTheRouteGoesSoDoesTheHope() throws Exception {
            proxy.route("/", proxy.deadUrl());
            RawClient client = proxy.client().send(GET);
            awaitHeld(1);

            proxy.routes().remove("/");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(ends).containsExactly("failed");
        }

        @Test
        void anotherTargetIsNotWaitedForAtTheOldAddress() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            RawClient client = proxy.client().send(GET);
            awaitHeld(1);

            proxy.route("/", proxy.upstream(StubUpstream.answering("moved")).url());
            StubUpstream stranger = listen(dead, StubUpstream.answering("a stranger"));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(stranger.acceptedCount()).isZero();
        }

        @Test
        void theEndOfTheProxyIsTheEndOfTheWait() throws Exception {
            proxy.route("/", proxy.deadUrl());
            RawClient client = proxy.client().send(GET);
            awaitHeld(1);

            CompletableFuture<CutOff> drained = proxy.proxy().drain();

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("connection: close\r\n");
            assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
            assertThat(ends).containsExactly("failed");
        }

        @Test
        void aRouteThatHasBeenThereForLongIsNotWaitedFor() throws Exception {
            String url = proxy.deadUrl();
            proxy.routes().put(Route.of("/", Target.parse(url), 0).notNew());
            // The hub tells the same again each minute.
            proxy.route("/", url);

            assertThat(proxy.client().send(GET).readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(proxy.client().send(UPGRADE).readToEnd()).startsWith("HTTP/1.1 503 ");
            assertThat(ends).isEmpty();
        }

        @Test
        void otherFailuresAreAnsweredAtOnce() throws Exception {
            proxy.route(
                    "/",
                    proxy.upstream((connection, self) -> connection.readHead()).url());

            assertThat(proxy.client().send(GET).readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(ends).isEmpty();
        }
    }

    @Nested
    class WhenTheRouteGrowsOld {
        @RegisterExtension
        final ProxyUnderTest proxy =
                ProxyUnderTest.withTimeouts(t -> t.youngRoute(700)).observedBy(noting);

        @Test
        void theFailureIsAnswered() throws Exception {
            proxy.route("/", proxy.deadUrl());
            long begin = System.nanoTime();

            String answer = proxy.client().send(GET).readMessage();

            assertThat(answer).startsWith("HTTP/1.1 503 ").contains("<h1>503: Service Unavailable</h1>");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(500));
            assertThat(ends).containsExactly("failed");
            assertThat(proxy.ledger().openedCount(Role.UPSTREAM)).isGreaterThan(1);
        }
    }

    @Nested
    class WhenItIsNotWanted {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults().observedBy(noting);

        @Test
        void oneTryIsAll() throws Exception {
            proxy.route("/", proxy.deadUrl());

            assertThat(proxy.client().send(GET).readMessage()).startsWith("HTTP/1.1 503 ");

            assertThat(proxy.ledger().openedCount(Role.UPSTREAM)).isOne();
            assertThat(ends).isEmpty();
        }
    }

    @Nested
    class WhenAllPlacesAreTaken {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.timeouts(
                        withOneWaiter(config), new Timeouts().youngRoute(60_000).config()))
                .observedBy(noting);

        private static ProxyConfig withOneWaiter(ProxyConfig config) {
            return ProxyUnderTest.upstream(config, new UpstreamConfig(100, 1, 16, 0, List.of(), null));
        }

        @Test
        void theNextIsAnsweredAtOnce() throws Exception {
            proxy.route("/", proxy.deadUrl());
            // One place on each of two event loops; clients are spread over them.
            int answered = 0;
            RawClient[] clients = new RawClient[4];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = proxy.client().send(GET);
            }

            await().until(() -> proxy.clientsIn(Phase.HELD) == 2 && proxy.clientsIn(Phase.IDLE) == 2);
            for (RawClient client : clients) {
                if (client.socket().getInputStream().available() > 0) {
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
                    answered++;
                }
            }
            assertThat(answered).isEqualTo(2);
        }
    }
}
