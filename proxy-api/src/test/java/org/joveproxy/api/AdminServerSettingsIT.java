package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.api.ApiUnderTest.request;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.threading.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The REST API with other settings than the usual. */
class AdminServerSettingsIT {
    private static final String X = "{\"target\":\"http://127.0.0.1:8888\"}";

    @Nested
    class WithoutAToken {
        @RegisterExtension
        final ApiUnderTest api = ApiUnderTest.with("", false, AdminLimits.defaults());

        @Test
        void everybodyMayCall() throws IOException {
            RawClient client = api.client().send("GET /api/routes HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Nested
    class WithHostRouting {
        @RegisterExtension
        final ApiUnderTest api = ApiUnderTest.with(ApiUnderTest.TOKEN, true, AdminLimits.defaults());

        @Test
        void theFirstSegmentIsKeptAsTheHost() throws IOException {
            RawClient client = api.client();
            client.send(request("POST", "/api/routes/river.example.org/user/river", X))
                    .readMessage();
            client.send(request("POST", "/api/routes/", X)).readMessage();

            assertThat(dataOf("/river.example.org/user/river")).containsEntry("host", "river.example.org");
            assertThat(dataOf("/")).doesNotContainKey("host");
        }

        private Map<String, @Nullable Object> dataOf(String path) {
            return Objects.requireNonNull(api.routes.get(path)).data();
        }
    }

    @Nested
    class WithShortLimits {
        @RegisterExtension
        final ApiUnderTest api = ApiUnderTest.with(
                ApiUnderTest.TOKEN,
                false,
                new AdminLimits(
                        1000,
                        Duration.ofMillis(500),
                        Duration.ofMillis(300),
                        Duration.ofMillis(500),
                        Duration.ofMillis(300)));

        @Test
        void aSlowBodyIsGivenUp() throws Exception {
            RawClient client =
                    api.client().send(request("POST", "/api/routes/x", X).substring(0, 120));

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
            await().until(() -> api.ledger.closedCount(CloseReason.DEADLINE) == 1);
            assertThat(api.routes.size()).isZero();
        }

        @Test
        void aSlowHeadIsGivenUp() throws Exception {
            RawClient client = api.client().send("GET /api/rou");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
        }

        @Test
        void aSecondHeadThatIsSlowIsGivenUpToo() throws Exception {
            RawClient client = api.client().send(request("GET", "/api/routes"));
            client.readMessage();

            client.send("G");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
        }

        @Test
        void anIdleConnectionIsClosedQuietly() throws Exception {
            RawClient client = api.client().send(request("GET", "/api/routes"));
            client.readMessage();

            assertThat(client.readToEnd()).isEmpty();
            await().until(() -> api.ledger.closedCount(CloseReason.DEADLINE) == 1);
        }

        @Test
        void aRefusedBodyThatDoesNotEndIsGivenUp() throws Exception {
            RawClient client = api.client().send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
            assertThat(client.readToEnd()).isEmpty();
        }

        @Test
        void anAnswerThatNobodyTakesIsGivenUp() throws Exception {
            String data = "{\"target\":\"http://a\",\"pad\":\"" + "x".repeat(900) + "\"}";
            RawClient client = api.client();
            for (int n = 0; n < 500; n++) {
                client.send(request("POST", "/api/routes/" + n, data)).readMessage();
            }

            client.send(request("GET", "/api/routes").repeat(40));

            await().atMost(Duration.ofSeconds(10)).until(() -> api.ledger.openCount() == 0);
            assertThat(api.ledger.closedCount(CloseReason.DEADLINE)).isOne();
        }

        @Test
        void aClientThatKeepsSendingAfterTheLastAnswerIsCutOff() throws Exception {
            RawClient client = api.client();
            client.send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + ApiUnderTest.TOKEN
                    + "\r\nContent-Length: 5000\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 413 ");
            await().atMost(Duration.ofSeconds(10)).until(() -> api.ledger.openCount() == 0);
            assertThat(api.ledger.closedCount(CloseReason.PROTOCOL_ERROR)).isOne();
        }
    }

    @Nested
    class OnTheJavaTransport {
        @RegisterExtension
        final ApiUnderTest api = ApiUnderTest.on(Transport.NIO);

        @Test
        void aRouteIsAdded() throws IOException {
            RawClient client = api.client().send(request("POST", "/api/routes/x", X));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 201 ");
            assertThat(api.routes.size()).isOne();
        }

        @Test
        void aLastAnswerIsFollowedByTheEnd() throws IOException {
            RawClient client = api.client()
                    .send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + ApiUnderTest.TOKEN
                            + "\r\nContent-Length: 5000000\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ").doesNotContain("<reset>");
        }
    }
}
