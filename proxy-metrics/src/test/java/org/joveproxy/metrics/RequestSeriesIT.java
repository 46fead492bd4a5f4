package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.SwitchableServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real requests through a whole data plane, and what a page then says of them. */
final class RequestSeriesIT {
    private static final String GET = "GET /user/ada HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /user/ada/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    private final MetricsObserver observer = new MetricsObserver();
    private final SwitchableServer pages = new SwitchableServer();
    private final RouteCounts counts = new RouteCounts();
    private final CountDownLatch finish = new CountDownLatch(1);

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config ->
                    ProxyUnderTest.errorPages(config, new ErrorPageConfig(Target.parse(pages.url() + "/e"), null)))
            .observedBy(observer);

    private MetricsPage page;

    @BeforeEach
    void makeThePage() {
        proxy.routes().addListener(counts);
        page = new MetricsPage(
                observer,
                new MetricsPage.Sources(
                        new MetricsPage.Build("1.2.3", "epoll", "none"),
                        proxy.ledger(),
                        proxy.proxy(),
                        proxy.routes()::size,
                        counts,
                        proxy.store(),
                        new RestoredRoutes(proxy.routes(), proxy.store(), null, () -> 0),
                        null,
                        List.of()));
    }

    @AfterEach
    void end() throws Exception {
        finish.countDown();
        page.close();
        pages.close();
    }

    private double value(String sample) {
        Exposition read = Exposition.parse(page.render(PageFormat.TEXT));
        String family = sample.replaceFirst("\\{.*", "");
        // Where labels have many values, a sample is absent before its first time.
        boolean isAbsent =
                read.families().values().stream().noneMatch(any -> any.samples().containsKey(sample));
        return isAbsent && read.families().keySet().stream().anyMatch(family::startsWith) ? 0 : read.value(sample);
    }

    private void eventually(String sample, double wanted) {
        ThrowingRunnable check = () -> assertThat(value(sample)).as(sample).isEqualTo(wanted);
        await().pollInterval(20, TimeUnit.MILLISECONDS).untilAsserted(check);
    }

    private static String request(String code, String ending, String kind, String origin, String reason) {
        return "jove_http_requests_total{code=\"%s\",ending=\"%s\",kind=\"%s\",origin=\"%s\",reason=\"%s\"}"
                .formatted(code, ending, kind, origin, reason);
    }

    private void route(String target) {
        proxy.routes().put(Route.of("/user/ada", Target.parse(target), Map.of("user", "ada"), 0));
    }

    private RawClient websocket() throws Exception {
        RawClient client = proxy.client();
        client.send(UPGRADE).readHead();
        return client;
    }

    private void routeToWebsockets() throws Exception {
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    connection.send(SWITCH);
                    connection.send(connection.read(4) + "12");
                })
                .url());
    }

    @Test
    void anAnswerShowsInEverySeriesOfRequests() throws Exception {
        route(proxy.upstream(StubUpstream.answering("hello")).url());
        RawClient client = proxy.client();
        client.send("POST /user/ada HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
                .readMessage();
        client.send(GET).readMessage();

        eventually(request("200", "complete", "web", "upstream", ""), 2);
        String labels = "{kind=\"web\",route_class=\"user\"}";
        assertThat(value("jove_http_request_duration_seconds_count" + labels)).isEqualTo(2);
        assertThat(value("jove_http_request_duration_seconds_sum" + labels)).isPositive();
        assertThat(value("jove_time_to_first_byte_seconds_count")).isEqualTo(2);
        assertThat(value("jove_upstream_connection_wait_seconds_count{connection=\"new\"}"))
                .isEqualTo(1);
        assertThat(value("jove_upstream_connection_wait_seconds_count{connection=\"reused\"}"))
                .isEqualTo(1);
        assertThat(value("jove_http_body_bytes_total{direction=\"in\",kind=\"web\"}"))
                .isEqualTo(3);
        assertThat(value("jove_http_body_bytes_total{direction=\"out\",kind=\"web\"}"))
                .isEqualTo(10);
        assertThat(value("jove_routes_by_class{route_class=\"user\"}")).isEqualTo(1);
        assertThat(value("jove_routes_changed_total{op=\"added\"}")).isEqualTo(1);
    }

    @Test
    void aServerThatIsDownIsAnErrorOfTheUpstreams() throws Exception {
        pages.serve((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
        });
        route(proxy.deadUrl());
        proxy.client().send(GET).readMessage();

        eventually(request("503", "failed", "web", "proxy", "connect_refused"), 1);
        assertThat(value("jove_upstream_errors_total{reason=\"connect_refused\"}"))
                .isEqualTo(1);
        assertThat(value("jove_error_page_requests_total{result=\"fetched\"}")).isEqualTo(1);
    }

    @Test
    void anErrorPageThatIsNotToBeHadShows() throws Exception {
        pages.serve((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        });
        for (int i = 0; i < 2; i++) {
            proxy.client()
                    .send("GET /nowhere/" + i + " HTTP/1.1\r\nHost: h\r\n\r\n")
                    .readMessage();
        }

        eventually(request("404", "failed", "web", "proxy", "no_route"), 2);
        assertThat(value("jove_error_page_requests_total{result=\"failed\"}")).isEqualTo(1);
        assertThat(value("jove_error_page_requests_total{result=\"shed\"}")).isEqualTo(1);
        assertThat(value("jove_http_request_duration_seconds_count{kind=\"web\",route_class=\"none\"}"))
                .isEqualTo(2);
        assertThat(value("jove_upstream_errors_total{reason=\"connect_refused\"}"))
                .isZero();
    }

    @Test
    void aServerThatBreaksOffIsAnErrorOfTheUpstreams() throws Exception {
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
                })
                .url());
        proxy.client().send(GET).readToEnd();

        eventually(request("200", "cut_off", "web", "upstream", ""), 1);
        assertThat(value("jove_upstream_errors_total{reason=\"cut_off\"}")).isEqualTo(1);
    }

    @Test
    void aWebsocketIsActiveUntilItIsOver() throws Exception {
        routeToWebsockets();
        RawClient client = websocket();
        eventually("jove_active_websockets", 1);
        assertThat(value("jove_websocket_duration_seconds_count")).isZero();

        client.send("abcd");
        client.readToEnd();
        client.close();

        eventually("jove_websocket_duration_seconds_count", 1);
        eventually("jove_active_websockets", 0);
        assertThat(value(request("101", "complete", "websocket", "upstream", "")))
                .isEqualTo(1);
        assertThat(value("jove_websocket_duration_seconds_bucket{le=\"60.0\"}")).isEqualTo(1);
        assertThat(value("jove_http_body_bytes_total{direction=\"in\",kind=\"websocket\"}"))
                .isEqualTo(4);
        assertThat(value("jove_http_body_bytes_total{direction=\"out\",kind=\"websocket\"}"))
                .isEqualTo(6);
        assertThat(value("jove_http_request_duration_seconds_count{kind=\"websocket\",route_class=\"user\"}"))
                .isZero();
    }

    @Test
    void aRequestIsActiveUntilItIsOver() throws Exception {
        route(proxy.upstream((connection, self) -> {
                    connection.readHead();
                    finish.await();
                    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                })
                .url());
        RawClient client = proxy.client().send(GET);
        eventually("jove_active_requests", 1);

        finish.countDown();
        client.readHead();

        eventually("jove_active_requests", 0);
    }

    /** However requests and websockets end, none of them stays in a gauge. */
    @Test
    void whatIsActiveDoesNotDrift() throws Exception {
        CountDownLatch served = new CountDownLatch(20);
        route(proxy.upstream((connection, self) -> {
                    boolean isUpgrade = connection.readHead().contains("Upgrade: websocket");
                    if (isUpgrade) {
                        connection.send(SWITCH);
                    }
                    served.countDown();
                    finish.await();
                })
                .url());
        List<RawClient> clients = Stream.iterate(0, i -> i + 1)
                .limit(20)
                .map(i -> send(i % 2 == 0 ? GET : UPGRADE))
                .toList();
        served.await();
        eventually("jove_active_requests", 10);
        eventually("jove_active_websockets", 10);

        // Half of the clients leave, and of the rest the upstream ends.
        for (RawClient client : clients.subList(0, 10)) {
            client.reset();
        }
        eventually("jove_active_requests", 5);
        eventually("jove_active_websockets", 5);
        finish.countDown();
        for (RawClient client : clients.subList(10, 20)) {
            client.readToEnd();
            client.close();
        }

        eventually("jove_active_requests", 0);
        eventually("jove_active_websockets", 0);
        assertThat(value("jove_websocket_duration_seconds_count")).isEqualTo(10);
    }

    private RawClient send(String request) {
        try {
            return proxy.client().send(request);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A loop that is kept busy hears nobody, and ten moments of a second tell of that. */
    @Test
    void aLoopThatIsBusyIsLate() throws Exception {
        eventuallyTicks(2);
        double late = lateTicks();

        proxy.loops().workers().next().submit(() -> {
            finish.await(1, TimeUnit.SECONDS);
            return null;
        });

        await().untilAsserted(() -> assertThat(lateTicks()).isGreaterThanOrEqualTo(late + 2));
        assertThat(value("jove_event_loop_lag_seconds_sum")).isGreaterThan(0.2);
    }

    private void eventuallyTicks(int count) {
        await().until(() -> value("jove_event_loop_lag_seconds_count") >= count);
    }

    private double lateTicks() {
        Exposition read = Exposition.parse(page.render(PageFormat.TEXT));
        return read.value("jove_event_loop_lag_seconds_count")
                - read.value("jove_event_loop_lag_seconds_bucket{le=\"0.1\"}");
    }
}
