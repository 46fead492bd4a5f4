package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.api.ApiUnderTest.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsIT {
    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    private final EventLoopGroup traffic = Transport.NIO.newEventLoops(1, "traffic-test");

    @AfterEach
    void endTraffic() {
        api.ledger.closeAll(traffic, Set.of(Role.CLIENT), CloseReason.SHUTDOWN, Duration.ofSeconds(30));
        traffic.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void openClients(int count) {
        for (int i = 0; i < count; i++) {
            EventLoop loop = traffic.next();
            NioSocketChannel socket = new NioSocketChannel();
            loop.register(socket).syncUninterruptibly();
            loop.submit(() -> {
                        LedgerEntry entry = api.ledger.open(socket, Role.CLIENT, Phase.TUNNEL);
                        entry.carries(Purpose.WEBSOCKET, "/user/ada");
                    })
                    .syncUninterruptibly();
        }
    }

    private String ask(String query) throws IOException {
        return api.client().send(request("GET", "/api/connections" + query)).readMessage();
    }

    private static JsonNode json(String answer) throws IOException {
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("content-type: application/json");
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }

    @Test
    void everySocketIsARowAndTheTotalsBalance() throws IOException {
        openClients(3);

        JsonNode listing = json(ask(""));

        assertThat(listing.get("connections")).hasSize(4);
        JsonNode client = listing.get("connections").get(0);
        assertThat(client.get("role").asText()).isEqualTo("client");
        assertThat(client.get("phase").asText()).isEqualTo("tunnel");
        assertThat(client.get("purpose").asText()).isEqualTo("websocket");
        assertThat(client.get("route").asText()).isEqualTo("/user/ada");
        assertThat(client.get("deadline_ms").isNull()).isTrue();
        assertThat(client.get("partner").isNull()).isTrue();
        JsonNode caller = listing.get("connections").get(3);
        assertThat(caller.get("role").asText()).isEqualTo("api");
        assertThat(caller.get("bytes_in").asLong())
                .isEqualTo(request("GET", "/api/connections").length());
        assertThat(caller.get("local").asText())
                .isEqualTo("127.0.0.1:" + api.server().port());
        assertThat(caller.get("deadline_ms").asLong()).isPositive();
        JsonNode totals = listing.get("totals");
        assertThat(totals.get("opened").asLong()).isEqualTo(4);
        assertThat(totals.get("open").asLong()).isEqualTo(4);
        assertThat(totals.get("by_role").get("client").get("open").asLong()).isEqualTo(3);
        assertThat(totals.get("open_by_phase").get("tunnel").asLong()).isEqualTo(3);
    }

    @Test
    void aLimitLeavesRowsOutAndTheTotalsWhole() throws IOException {
        openClients(5);

        JsonNode listing = json(ask("?role=client&limit=2"));

        assertThat(listing.get("connections")).hasSize(2);
        assertThat(listing.get("matched").asLong()).isEqualTo(5);
        assertThat(listing.get("omitted").asLong()).isEqualTo(3);
        assertThat(listing.get("totals").get("open").asLong()).isEqualTo(6);
        long last = listing.get("connections").get(1).get("id").asLong();
        assertThat(json(ask("?role=client&after=" + last)).get("connections")).hasSize(3);
    }

    @Test
    void theSummaryIsText() throws IOException {
        openClients(2);

        String answer = ask("?summary&role=client");

        assertThat(answer)
                .contains("content-type: text/plain; charset=utf-8\r\n")
                .containsPattern("client +tunnel +2 ")
                .contains("2  /user/ada");
    }

    @Test
    void aStrangerSeesNothing() throws IOException {
        String answer = api.client()
                .send("GET /api/connections HTTP/1.1\r\nHost: api\r\nAuthorization: token wrong\r\n\r\n")
                .readMessage();

        assertThat(answer).startsWith("HTTP/1.1 403").endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE"})
    void theyCanOnlyBeRead(String method) throws IOException {
        String answer = api.client()
                .send(request(method, "/api/connections", "", "Connection: close"))
                .readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 405").contains("allow: GET\r\n");
    }

    @Test
    void aBadValueIsRefusedWithAReason() throws IOException {
        assertThat(ask("?role=people")).startsWith("HTTP/1.1 400").contains("role: people (expected: client,");
    }

    @Test
    void thereIsNothingBelow() throws IOException {
        assertThat(ask("/1")).startsWith("HTTP/1.1 404");
        assertThat(ask("/")).startsWith("HTTP/1.1 200");
    }

    @Test
    void answersComeInTheOrderOfTheirRequests() throws IOException {
        RawClient client = api.client();

        client.send(request("GET", "/api/connections?limit=1")
                + request("POST", "/api/routes/x", "{\"target\":\"http://127.0.0.1:1\"}")
                + request("GET", "/api/connections?summary")
                + request("GET", "/api/routes"));

        assertThat(client.readMessage()).contains("\"connections\":[");
        assertThat(client.readMessage()).startsWith("HTTP/1.1 201");
        assertThat(client.readMessage()).contains("sockets at ");
        assertThat(client.readMessage()).contains("{\"/x\":");
    }

    @Test
    void aCallerThatHasClosedItsHalfIsAnswered() throws IOException {
        RawClient client = api.client().send(request("GET", "/api/connections"));
        client.shutdownOutput();

        assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("]}\n");
    }

    @Test
    void aStuckLoopIsNamedAndHoldsUpNobodyElse() throws Exception {
        openClients(2);
        CountDownLatch release = new CountDownLatch(1);
        traffic.next().execute(() -> awaitUninterruptibly(release));
        RawClient waiting = api.client().send(request("GET", "/api/connections"));
        await().until(() -> api.ledger.openCount(Role.API) == 1);

        assertThat(api.client().send(request("GET", "/api/routes")).readMessage())
                .startsWith("HTTP/1.1 200");
        JsonNode listing = json(waiting.readMessage());
        release.countDown();

        assertThat(listing.get("missing_loops")).hasSize(1);
        assertThat(listing.get("missing_loops").get(0).asText()).startsWith("traffic-test");
        assertThat(listing.get("totals")
                        .get("by_role")
                        .get("client")
                        .get("opened")
                        .asLong())
                .isZero();
    }

    @Test
    void aCallerWhoLeavesIsForgotten() throws Exception {
        openClients(1);
        CountDownLatch release = new CountDownLatch(1);
        traffic.next().execute(() -> awaitUninterruptibly(release));
        RawClient waiting = api.client().send(request("GET", "/api/connections"));
        await().until(() -> api.ledger.openCount(Role.API) == 1);

        waiting.reset();

        await().atMost(Duration.ofSeconds(10)).until(() -> api.ledger.openCount(Role.API) == 0);
        release.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
