package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clients and the servers of a play with nothing between them: what fails here is never a proxy's fault. */
class StandInIT {
    private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

    private final PlayLoop loop = new PlayLoop();
    private final Addresses addresses = new Addresses(230);
    private @Nullable UserServer started;
    private @Nullable Connections clients;

    @BeforeEach
    void startAServer() throws Exception {
        CompletableFuture<UserServer> ready = new CompletableFuture<>();
        loop.run(() -> UserServer.start(loop, addresses, ready::complete));
        started = ready.get(20, TimeUnit.SECONDS);
        clients = loop.ask(() -> new Connections(network(), addresses.next(), 2));
    }

    @AfterEach
    void end() {
        loop.close();
    }

    private UserServer server() {
        return Objects.requireNonNull(started);
    }

    private Connections clients() {
        return Objects.requireNonNull(clients);
    }

    private Network network() throws Exception {
        URI target = URI.create(server().target());
        return new Network(loop, new InetSocketAddress(InetAddress.getByName(target.getHost()), target.getPort()));
    }

    private Reply send(String method, String path, @Nullable Payload upload, Payload expected) throws Exception {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        loop.run(() ->
                clients().send(new Request(method, path, "", upload, "", expected.check(), PATIENCE, reply::complete)));
        return reply.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatThePathHoldsArrivesWhole() throws Exception {
        for (String path : new String[] {"/user/a/api/sessions", "/user/a/b.70000.js", "/user/a/c.10485760.bin"}) {
            Reply reply = send("GET", path, null, UserServer.contentOf(path));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.trouble()).isEmpty();
        }
    }

    @Test
    void somethingElseThanExpectedIsNoticed() throws Exception {
        Reply reply = send("GET", "/user/a/api/sessions", null, new Payload("/user/b/api/sessions", 400));

        assertThat(reply.trouble()).isEqualTo("wrong bytes from 0 on");
    }

    @Test
    void anUploadIsAcceptedOnlyWhole() throws Exception {
        String path = "/user/a/api/contents/x";

        assertThat(send("PUT", path, new Payload(path, 3_000_000), new Payload(path, 400))
                        .isWhole())
                .isTrue();
        assertThat(send("PUT", path, new Payload("another", 3_000_000), new Payload(path, 0))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void messagesOfAWebsocketAreAnswered() throws Exception {
        Heard heard = new Heard();
        loop.await(() -> {
            try {
                WebSocket.open(network(), addresses.next(), "/user/a/ws", "", "/user/a/ws", PATIENCE, heard);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        WebSocket socket = heard.open.get(20, TimeUnit.SECONDS);

        loop.run(() -> socket.send(70_000, 3, 50_000));

        assertThat(heard.answered.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDeadServerCutsItsWebsocketsAndRefuses() throws Exception {
        Heard heard = new Heard();
        Network network = network();
        loop.await(() -> WebSocket.open(network, addresses.next(), "/user/a/ws", "", "/user/a/ws", PATIENCE, heard));
        heard.open.get(20, TimeUnit.SECONDS);

        loop.await(() -> server().close(true));

        assertThat(heard.closed.get(20, TimeUnit.SECONDS)).isTrue();
        Reply reply = send("GET", "/user/a/api/sessions", null, UserServer.contentOf("/user/a/api/sessions"));
        assertThat(reply.status()).isZero();
        assertThat(reply.trouble()).contains("refused");
    }

    @Test
    void aStuckServerAcceptsAndSaysNothing() throws Exception {
        loop.await(() -> server().becomeStuck());
        CompletableFuture<Reply> reply = new CompletableFuture<>();

        loop.run(() -> clients()
                .send(new Request(
                        "GET", "/x", "", null, "", BodySink.ignoring(), TimeUnit.SECONDS.toNanos(1), reply::complete)));

        assertThat(reply.get(20, TimeUnit.SECONDS).trouble()).isEqualTo("no whole answer within 1 s");
    }

    private static final class Heard implements WebSocket.Events {
        final CompletableFuture<WebSocket> open = new CompletableFuture<>();
        final CompletableFuture<Boolean> answered = new CompletableFuture<>();
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();

        @Override
        public void onOpen(WebSocket socket, Reply reply) {
            open.complete(socket);
        }

        @Override
        public void onRefused(Reply reply) {
            open.completeExceptionally(new IllegalStateException(reply.toString()));
        }

        @Override
        public void onAnswered(long nanos) {
            answered.complete(true);
        }

        @Override
        public void onGarbled(String complaint) {
            answered.completeExceptionally(new IllegalStateException(complaint));
        }

        @Override
        public void onClosed() {
            closed.complete(true);
        }
    }
}
