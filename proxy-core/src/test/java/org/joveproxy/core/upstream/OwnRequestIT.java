package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Places;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Scheme;
import org.joveproxy.core.testing.DeadPort;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets, on one event loop, with one connection at a time. */
class OwnRequestIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final EventLoops loops = EventLoops.start(Transport.best(), 1);
    private final EventLoop loop = (EventLoop) loops.workers().iterator().next();
    private final ConnectionLedger ledger = new ConnectionLedger();
    private final NameService names = new NameService();
    private final UpstreamBudgets budgets = new UpstreamBudgets(1, LocalPorts.ofKernel(1));
    private final UpstreamPools pools = Objects.requireNonNull(loop.submit(() -> new UpstreamPools(connector(), loop))
            .syncUninterruptibly()
            .getNow());
    private final List<AutoCloseable> servers = new ArrayList<>();

    private UpstreamConnector connector() {
        return new UpstreamConnector(
                loops.transport(),
                names,
                ledger,
                ProxyUnderTest.withoutTls(),
                budgets,
                new Breakers(0, System::nanoTime, new Breakers.Listener() {
                    @Override
                    public void opened(Origin origin) {}

                    @Override
                    public void closed(Origin origin) {}
                }),
                new SourceAddresses(List.of()),
                TimeoutConfig.defaults(),
                UpstreamConfig.defaults(),
                64 * 1024,
                Map.of(),
                new Places(100));
    }

    @AfterEach
    void everythingIsGivenBack() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
        ledger.closeAll(loops.workers(), Set.of(Role.UPSTREAM), CloseReason.SHUTDOWN, Duration.ofSeconds(10));
        await().until(() -> budgets.permitsInUse() == 0);
        names.close();
        loops.close();
    }

    private StubUpstream server(StubUpstream.Script script) throws IOException {
        StubUpstream server = new StubUpstream(script);
        servers.add(server);
        return server;
    }

    /** Reads a request and answers {@code text} to it. */
    private static void exchange(RawClient connection, StubUpstream self, String text) throws IOException {
        self.heard(connection.readMessage());
        connection.send(text);
    }

    private static Origin origin(int port) {
        return new Origin(Scheme.HTTP, "127.0.0.1", port);
    }

    /** A request and what is heard of it. */
    private class Asked implements OwnRequest.Listener {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        final OwnRequest call;

        Asked(HttpMethod method, Origin origin, Duration limit) {
            HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/x");
            request.headers().set(HttpHeaderNames.HOST, origin.hostHeader()).set(HttpHeaderNames.CONTENT_LENGTH, 0);
            call = new OwnRequest(pools, loop, origin, request, Purpose.HUB_CHECK, limit, this);
            loop.execute(call::start);
        }

        Asked(HttpMethod method, StubUpstream server) {
            this(method, origin(server.port()), LONG);
        }

        @Override
        public void head(HttpResponse head) {
            heard.add("head " + head.status().code());
        }

        @Override
        public void body(ByteBuf piece) {
            if (piece.isReadable()) {
                heard.add("body " + piece.toString(StandardCharsets.ISO_8859_1));
            }
        }

        @Override
        public void over() {
            heard.add("over");
        }

        @Override
        public void answered() {
            heard.add("answered");
        }

        @Override
        public void failed(Failure why) {
            heard.add("failed " + why.kind());
        }

        Asked awaitEnd(String last) {
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.contains(last));
            return this;
        }
    }

    @Test
    void theAnswerIsHeardInOrder() throws Exception {
        StubUpstream server =
                server((connection, self) -> exchange(connection, self, "HTTP/1.1 103 Early Hints\r\n\r\n" + OK));

        Asked asked = new Asked(HttpMethod.GET, server).awaitEnd("answered");

        assertThat(asked.heard).containsExactly("head 200", "body hello", "over", "answered");
        assertThat(server.requests()).singleElement().asString().startsWith("GET /x HTTP/1.1\r\n");
    }

    @Test
    void theConnectionServesTheNextGetButNoPost() throws Exception {
        StubUpstream server = server((connection, self) -> {
            while (true) {
                exchange(connection, self, OK);
            }
        });

        new Asked(HttpMethod.GET, server).awaitEnd("answered");
        new Asked(HttpMethod.GET, server).awaitEnd("answered");
        assertThat(server.acceptedCount()).isEqualTo(1);

        new Asked(HttpMethod.POST, server).awaitEnd("answered");
        assertThat(server.acceptedCount()).isEqualTo(2);
    }

    @Test
    void aGetGoesOutAgainWhenItsUsedConnectionWasClosed() throws Exception {
        StubUpstream server = server((connection, self) -> {
            exchange(connection, self, OK);
            // Takes the next request and leaves without a word.
            self.heard(connection.readMessage());
        });
        new Asked(HttpMethod.GET, server).awaitEnd("answered");

        Asked asked = new Asked(HttpMethod.GET, server).awaitEnd("answered");

        assertThat(asked.heard).containsExactly("head 200", "body hello", "over", "answered");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void aPostThatHadToTakeAUsedConnectionDoesNotGoOutAgain() throws Exception {
        Semaphore answers = new Semaphore(0);
        StubUpstream server = server((connection, self) -> {
            self.heard(connection.readMessage());
            answers.acquire();
            connection.send(OK);
            self.heard(connection.readMessage());
        });
        Asked get = new Asked(HttpMethod.GET, server);
        await().until(() -> server.requests().size() == 1);
        Asked post = new Asked(HttpMethod.POST, server);
        loop.submit(() -> {}).syncUninterruptibly();

        answers.release();

        get.awaitEnd("answered");
        post.awaitEnd("failed UPSTREAM_CLOSED");
        assertThat(post.heard).containsExactly("over", "failed UPSTREAM_CLOSED");
        assertThat(server.requests()).hasSize(2);
        assertThat(server.acceptedCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void whatWasClosedOnAFreshConnectionHasFailed(String method) throws Exception {
        StubUpstream server = server((connection, self) -> self.heard(connection.readMessage()));

        Asked asked = new Asked(HttpMethod.valueOf(method), server).awaitEnd("failed UPSTREAM_CLOSED");

        assertThat(asked.heard).containsExactly("over", "failed UPSTREAM_CLOSED");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void anAnswerThatIsCutOffHasFailed() throws Exception {
        StubUpstream server = server((connection, self) -> exchange(connection, self, OK.replace("5\r\n", "6\r\n")));

        Asked asked = new Asked(HttpMethod.GET, server).awaitEnd("failed UPSTREAM_CLOSED");

        assertThat(asked.heard).containsExactly("head 200", "body hello", "over", "failed UPSTREAM_CLOSED");
    }

    @Test
    void nobodyListens() throws Exception {
        DeadPort dead = new DeadPort();
        servers.add(dead);
        int port = Integer.parseInt(dead.url().replaceFirst(".*:", ""));

        Asked asked = new Asked(HttpMethod.GET, origin(port), LONG).awaitEnd("failed CONNECT_REFUSED");

        assertThat(asked.heard).containsExactly("over", "failed CONNECT_REFUSED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"})
    void theTimeIsLimitedToTheEndOfTheAnswer(String answer) throws Exception {
        StubUpstream server = server((connection, self) -> {
            exchange(connection, self, answer);
            Pace.untilClosed(connection);
        });

        Asked asked = new Asked(HttpMethod.GET, origin(server.port()), Duration.ofMillis(300))
                .awaitEnd("failed UPSTREAM_SILENT");

        assertThat(asked.heard).endsWith("over", "failed UPSTREAM_SILENT");
        await().until(() -> ledger.openCount(Role.UPSTREAM) == 0);
    }

    @Test
    void whoCancelsHearsThatItIsOverAndNothingMore() throws Exception {
        StubUpstream server = server((connection, self) -> {
            exchange(connection, self, "");
            Pace.untilClosed(connection);
        });
        Asked asked = new Asked(HttpMethod.GET, server);
        await().until(() -> server.requests().size() == 1);

        loop.submit(asked.call::cancel).syncUninterruptibly();
        loop.submit(asked.call::cancel).syncUninterruptibly();

        await().until(() -> ledger.openCount(Role.UPSTREAM) == 0);
        assertThat(asked.heard).containsExactly("over");
    }

    @Test
    void itMayBeCancelledBecauseOfItsHead() throws Exception {
        StubUpstream server = server((connection, self) -> {
            exchange(connection, self, OK);
            Pace.untilClosed(connection);
        });

        Asked asked = new Asked(HttpMethod.GET, server) {
            @Override
            public void head(HttpResponse head) {
                super.head(head);
                call.cancel();
            }
        };

        asked.awaitEnd("over");
        await().until(() -> ledger.openCount(Role.UPSTREAM) == 0);
        assertThat(asked.heard).containsExactly("head 200", "over");
    }
}
