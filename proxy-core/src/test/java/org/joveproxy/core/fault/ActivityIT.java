package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.joveproxy.core.config.ActivityConfig;
import org.joveproxy.core.config.IgnoredPaths;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTraffic;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What moves the time of a route's last use, and what is told of its traffic. */
class ActivityIT {
    private static final String UPGRADE = " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    private final CountDownLatch maySendTheRest = new CountDownLatch(1);

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    private static boolean isUsed(Route route) {
        return route.activity().lastMillis() > 0;
    }

    private static RouteTraffic traffic(Route route) {
        return route.activity().countTraffic();
    }

    /** Answers with half of a body, and with the rest when the test says so. */
    private StubUpstream.Script answeringInHalves(int status) {
        return (connection, upstream) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 " + status + " Whatever\r\nContent-Length: 8\r\n\r\nhalf");
            maySendTheRest.await();
            connection.send("rest");
            connection.readToEnd();
        };
    }

    /** Opens a websocket, says something by itself, and echoes the first four bytes. */
    private static StubUpstream.Script websocket() {
        return (connection, upstream) -> {
            connection.readHead();
            connection.send(SWITCHED + "news");
            connection.send(connection.read(4));
            connection.readToEnd();
        };
    }

    private static ProxyUnderTest proxy(boolean countsUpstream, String... ignored) {
        return ProxyUnderTest.with(config ->
                ProxyUnderTest.activity(config, new ActivityConfig(countsUpstream, IgnoredPaths.of(List.of(ignored)))));
    }

    @Nested
    class ByDefault {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        @Test
        void anAnswerCountsWhenItEnds() throws Exception {
            Route route =
                    proxy.route("/", proxy.upstream(answeringInHalves(299)).url());
            RawClient client = proxy.client().send(get("/"));
            client.readHead();
            client.read(4);
            assertThat(isUsed(route)).isFalse();

            maySendTheRest.countDown();

            assertThat(client.read(4)).isEqualTo("rest");
            await().until(() -> isUsed(route));
        }

        @ParameterizedTest
        @ValueSource(ints = {302, 404, 500})
        void otherAnswersDoNot(int status) throws Exception {
            Route route =
                    proxy.route("/", proxy.upstream(answeringInHalves(status)).url());
            maySendTheRest.countDown();

            assertThat(proxy.client().send(get("/")).readMessage()).endsWith("halfrest");

            await().until(() -> traffic(route).openRequests() == 0);
            assertThat(isUsed(route)).isFalse();
        }

        @Test
        void ofAWebsocketOnlyTheClientCounts() throws Exception {
            Route route = proxy.route("/", proxy.upstream(websocket()).url());
            RawClient client = proxy.client().send("GET /ws" + UPGRADE);
            client.readHead();
            assertThat(client.read(4)).isEqualTo("news");
            await().until(() -> traffic(route).openWebsockets() == 1);
            assertThat(isUsed(route)).isFalse();

            assertThat(client.send("ping").read(4)).isEqualTo("ping");

            await().until(() -> isUsed(route));
        }
    }

    @Nested
    class OfBothSides {
        @RegisterExtension
        final ProxyUnderTest proxy = proxy(true);

        @Test
        void anAnswerCountsAsItFlows() throws Exception {
            Route route =
                    proxy.route("/", proxy.upstream(answeringInHalves(200)).url());
            RawClient client = proxy.client().send(get("/"));
            client.readHead();
            client.read(4);

            await().until(() -> isUsed(route));
            assertThat(traffic(route).openRequests()).isOne();
        }

        @Test
        void anErrorDoesNot() throws Exception {
            Route route =
                    proxy.route("/", proxy.upstream(answeringInHalves(503)).url());
            maySendTheRest.countDown();

            assertThat(proxy.client().send(get("/")).readMessage()).endsWith("halfrest");

            await().until(() -> traffic(route).openRequests() == 0);
            assertThat(isUsed(route)).isFalse();
        }

        @Test
        void whatTheUpstreamSaysOverAWebsocketCounts() throws Exception {
            Route route = proxy.route("/", proxy.upstream(websocket()).url());
            RawClient client = proxy.client().send("GET /ws" + UPGRADE);
            client.readHead();
            client.read(4);

            await().until(() -> isUsed(route));
        }
    }

    @Nested
    class OfIgnoredPaths {
        @RegisterExtension
        final ProxyUnderTest proxy = proxy(true, "*/events", "/hooks/*", "jupyter");

        private void isIgnored(String request) throws Exception {
            Route route = proxy.route(
                    "/", proxy.upstream(StubUpstream.answering("hello")).url());

            assertThat(proxy.client().send(request).readMessage()).endsWith("hello");

            await().until(() -> traffic(route).openRequests() == 0);
            assertThat(isUsed(route)).isFalse();
            assertThat(traffic(route).clientMillis()).isPositive();
            assertThat(traffic(route).upstreamMillis()).isPositive();
            assertThat(traffic(route).requestMillis()).isZero();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"/events?since=5", "/user/zoe/events", "/user/zoe/%65vents", "/hooks/", "/x/api/kernels?1"})
        void aRequestDoesNotCount(String path) throws Exception {
            isIgnored(get(path));
        }

        @Test
        void neitherDoesWhatItBrings() throws Exception {
            isIgnored("POST /hooks/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET /events/1", "GET /lab?x=/events", "POST /x/api/kernels", "GET /x/api/kernels/1"})
        void otherRequestsDo(String methodAndPath) throws Exception {
            Route route = proxy.route(
                    "/", proxy.upstream(StubUpstream.answering("hello")).url());

            proxy.client()
                    .send(methodAndPath + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                    .readMessage();

            await().until(() -> isUsed(route));
            assertThat(traffic(route).requestMillis()).isPositive();
        }

        @Test
        void nothingOfAWebsocketCounts() throws Exception {
            Route route = proxy.route("/", proxy.upstream(websocket()).url());
            RawClient client = proxy.client().send("GET /events" + UPGRADE);
            client.readHead();
            client.read(4);
            assertThat(client.send("ping").read(4)).isEqualTo("ping");
            client.close();

            await().until(() -> traffic(route).openWebsockets() == 0);
            assertThat(isUsed(route)).isFalse();
        }
    }

    @Nested
    class Traffic {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

        private void awaitOpen(Route route, int requests, int websockets) {
            await().until(() ->
                    traffic(route).openRequests() == requests && traffic(route).openWebsockets() == websockets);
        }

        @Test
        void aRequestIsOpenUntilItIsAnsweredToTheEnd() throws Exception {
            Route route =
                    proxy.route("/", proxy.upstream(answeringInHalves(200)).url());
            assertThat(route.activity().traffic()).isNull();
            RawClient client = proxy.client().send(get("/"));
            client.readHead();
            awaitOpen(route, 1, 0);

            maySendTheRest.countDown();

            awaitOpen(route, 0, 0);
            assertThat(traffic(route).clientMillis()).isPositive();
            assertThat(traffic(route).requestMillis()).isPositive();
            await().until(() -> traffic(route).upstreamMillis() > 0);
        }

        @Test
        void aWebsocketIsOpenUntilItCloses() throws Exception {
            Route route = proxy.route("/", proxy.upstream(websocket()).url());
            RawClient client = proxy.client().send("GET /ws" + UPGRADE);
            client.readHead();
            awaitOpen(route, 0, 1);

            client.close();

            awaitOpen(route, 0, 0);
        }

        @Test
        void aClientThatLeavesLeavesNothingOpen() throws Exception {
            Route route =
                    proxy.route("/", proxy.upstream(answeringInHalves(200)).url());
            RawClient client = proxy.client().send(get("/"));
            client.readHead();

            client.close();

            awaitOpen(route, 0, 0);
        }

        @Test
        void aRequestThatFailsIsNotOpenAndTheUpstreamHasSaidNothing() throws Exception {
            Route route = proxy.route("/", proxy.deadUrl());

            assertThat(proxy.client().send(get("/")).readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(proxy.client().send("GET /ws" + UPGRADE).readToEnd()).startsWith("HTTP/1.1 503 ");

            awaitOpen(route, 0, 0);
            assertThat(traffic(route).requestMillis()).isPositive();
            assertThat(traffic(route).upstreamMillis()).isZero();
        }
    }
}
