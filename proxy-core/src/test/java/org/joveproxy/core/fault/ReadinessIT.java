package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether clients should be sent here: what a balancer is told, and what becomes of the clients that are here. */
class ReadinessIT {
    private static final String ASK = "GET /_chp_readyz HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final StoreStatus AWAITED =
            new StoreStatus("redis", false, false, "asking redis.example for routes");

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.drain(5_000));

    private String ask() throws IOException {
        return proxy.client().send(ASK).readMessage();
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /_chp_readyz",
                "GET /_chp_readyz/",
                "GET /_chp_readyz?verbose",
                "GET /_chp_readyz/?verbose",
                "POST /_chp_readyz"
            })
    void aProxyWithItsRoutesIsReady(String request) throws Exception {
        String answer =
                proxy.client().send(request + " HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        assertThat(answer.toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 200 ok\r\n")
                .contains("content-type: application/json\r\n")
                .contains("connection: keep-alive\r\n");
        assertThat(body(answer))
                .isEqualTo("{\"status\":\"ready\",\"store\":{\"kind\":\"memory\",\"working\":true,\"detail\":\"\"}}");
    }

    @Test
    void othersLearnHowLongAgoASharedStoreWasHeardOf() throws Exception {
        proxy.store().is(new StoreStatus("redis", true, true, "", Duration.ofMillis(120)));

        assertThat(body(ask()))
                .isEqualTo("{\"status\":\"ready\",\"store\":{\"kind\":\"redis\",\"working\":true,\"detail\":\"\","
                        + "\"silentMillis\":120}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/_chp_readyzz", "/_chp_readyz/x", "/_chp_readyz//", "/_chp_ready", "/x/_chp_readyz"})
    void otherPathsAreOrdinaryOnes(String path) throws Exception {
        proxy.route("/", proxy.upstream(StubUpstream.answering("routed")).url());

        String answer = proxy.client()
                .send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                .readMessage();

        assertThat(answer).endsWith("routed");
    }

    @Test
    void aProxyThatAwaitsItsRoutesIsNotReadyButAlive() throws Exception {
        proxy.store().is(AWAITED);

        String answer = ask();

        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(body(answer))
                .isEqualTo("{\"status\":\"not ready\",\"reasons\":[\"not all routes are known to be here\"],"
                        + "\"store\":{\"kind\":\"redis\",\"working\":false,"
                        + "\"detail\":\"asking redis.example for routes\"}}");
        assertThat(proxy.client()
                        .send("GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n")
                        .readMessage())
                .startsWith("HTTP/1.1 200 ")
                .endsWith("{\"status\":\"OK\"}");
    }

    @Test
    void aFailingStoreThatHasItsRoutesIsReadyAndSaysWhatIsWrong() throws Exception {
        proxy.store().is(StoreStatus.failing("journal", "no space left on \"C:\\disk\"\n"));

        String answer = ask();

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(body(answer))
                .isEqualTo("{\"status\":\"ready\",\"store\":{\"kind\":\"journal\",\"working\":false,"
                        + "\"detail\":\"no space left on \\\"C:\\\\disk\\\"\\u000a\"}}");
    }

    @Test
    void connectionsCloseWhileTheProxyIsNotReady() throws Exception {
        proxy.route("/", proxy.upstream(StubUpstream.answering("routed")).url());
        String get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        RawClient client = proxy.client();
        assertThat(client.send(get).readMessage()).containsIgnoringCase("connection: keep-alive\r\n");
        proxy.store().is(AWAITED);
        ask();

        String whole = client.send(get).readToEnd();

        assertThat(whole).containsIgnoringCase("connection: close\r\n").endsWith("routed");
        proxy.store().is(StoreStatus.working("redis"));
        await().untilAsserted(() ->
                assertThat(proxy.client().send(get).readMessage()).containsIgnoringCase("connection: keep-alive\r\n"));
    }

    @Test
    void aProxyThatStopsSaysSoOnConnectionsThatAreOpen() throws Exception {
        RawClient client = proxy.client().send(ASK.substring(0, 10));
        await().until(() -> proxy.clientsIn(Phase.REQUEST_HEAD) == 1);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();
        assertThat(proxy.clientsIn(Phase.TLS_HANDSHAKE))
                .as("both loops have heard it")
                .isZero();
        String answer = client.send(ASK.substring(10)).readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\"reasons\":[\"the proxy is stopping\"]");
        drained.join();
    }

    @Nested
    class WithOnePlace {
        @RegisterExtension
        final ProxyUnderTest full =
                ProxyUnderTest.with(config -> ProxyUnderTest.capacity(config, new CapacityConfig(1, 10, 1 << 20)));

        @Test
        void aFullProxyIsReady() throws Exception {
            full.route(
                    "/",
                    full.upstream((connection, self) -> {
                                self.heard(connection.readMessage());
                                connection.readToEnd();
                            })
                            .url());
            full.client().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await().until(() -> full.clientsIn(Phase.AWAITING_RESPONSE) == 1);

            String answer = full.client().send(ASK).readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"status\":\"ready\"");
        }
    }
}
