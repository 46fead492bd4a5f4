package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order to stop: requests in hand come to their end, and nobody waits for those that may never end. */
class DrainIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final Semaphore answers = new Semaphore(0);

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.drain(5_000));

    private StubUpstream held() throws IOException {
        return proxy.upstream((connection, self) -> {
            while (true) {
                self.heard(connection.readMessage());
                answers.acquire();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
    }

    /** Gives the order and returns when both loops have heard it. */
    private CompletableFuture<CutOff> drain() {
        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        assertThat(proxy.clientsIn(Phase.TLS_HANDSHAKE)).isZero();
        return drained;
    }

    @Test
    void aRequestInHandFinishesAndItsConnectionSaysClose() throws Exception {
        StubUpstream upstream = held();
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET);
        await().until(() -> upstream.requests().size() == 1);

        CompletableFuture<CutOff> drained = drain();
        answers.release();

        assertThat(client.readToEnd())
                .containsIgnoringCase("connection: close\r\n")
                .endsWith("ok");
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
        await().until(() -> proxy.ledger().openCount() == 0);
    }

    @Test
    void theFutureWaitsForTheRequestInHand() throws Exception {
        StubUpstream upstream = held();
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET);
        await().until(() -> upstream.requests().size() == 1);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        await().during(Duration.ofMillis(200)).until(() -> !drained.isDone());
        answers.release();

        client.readToEnd();
        await().until(drained::isDone);
    }

    @Test
    void anAnswerUnderWayComesWhole() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
            answers.acquire();
            connection.send("later");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET);
        client.readHead();
        assertThat(client.read(5)).isEqualTo("first");

        CompletableFuture<CutOff> drained = drain();
        answers.release();

        assertThat(client.readToEnd()).isEqualTo("later");
        drained.join();
    }

    @Test
    void idleConnectionsAreClosed() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET);
        client.readMessage();

        proxy.proxy().drain().join();

        assertThat(client.readToEnd()).isEmpty();
        await().until(() -> proxy.ledger().openCount() == 0);
        assertThat(proxy.ledger().closedCount(CloseReason.SHUTDOWN)).isEqualTo(2);
    }

    @Test
    void nobodyIsAcceptedAnyMore() throws Exception {
        int port = proxy.proxy().port();

        proxy.proxy().drain().join();

        await().untilAsserted(
                        () -> assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class));
    }

    @Test
    void aClientThatHasSentNoRequestIsNotWaitedFor() throws Exception {
        RawClient client = proxy.client();
        await().until(() -> proxy.clientsIn(Phase.REQUEST_HEAD) == 1);

        CompletableFuture<CutOff> drained = drain();

        assertThat(client.readToEnd()).isEmpty();
        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
        assertThat(proxy.ledger().closedCount(CloseReason.SHUTDOWN)).isEqualTo(1);
    }

    @Test
    void pipelinedRequestsBehindTheOneInHandAreLeftToANewConnection() throws Exception {
        StubUpstream upstream = held();
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET + GET);
        await().until(() -> upstream.requests().size() == 1);

        CompletableFuture<CutOff> drained = drain();
        answers.release(2);

        assertThat(client.readToEnd()).containsOnlyOnce("HTTP/1.1 200 ");
        drained.join();
    }

    @Test
    void closingEndsEverythingAtOnce() throws Exception {
        StubUpstream upstream = held();
        proxy.route("/", upstream.url());
        RawClient client = proxy.client().send(GET);
        await().until(() -> upstream.requests().size() == 1);

        proxy.proxy().close();

        assertThat(client.readToEnd()).isIn("", "<reset>");
        await().until(() -> proxy.ledger().openCount(Role.UPSTREAM) == 0);
    }
}
