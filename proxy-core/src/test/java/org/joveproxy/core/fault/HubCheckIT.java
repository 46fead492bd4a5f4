package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.hub.HubCheck;
import org.joveproxy.core.lifecycle.ConnectionFilter;
import org.joveproxy.core.lifecycle.ConnectionView;
import org.joveproxy.core.lifecycle.LedgerQuery;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.LoggedLines;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy's own wish that the hub check its routes, with hubs of every mood. */
class HubCheckIT {
    private static final HubCheck.Pace FAST =
            new HubCheck.Pace(Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofSeconds(20));

    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final AtomicReference<String> token = new AtomicReference<>("s3cret");
    private volatile OptionalLong tableRead = OptionalLong.empty();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults().observedBy(new ProxyObserver() {
        @Override
        public void hubAsked(HubAnswer answer) {
            answers.add(answer.label());
        }
    });

    private HubCheck ask(String api, HubCheck.Pace pace) {
        HubConfig config = new HubConfig(Target.parse(api), token::get);
        HubCheck check = proxy.closing(proxy.proxy().hubCheck(config, pace, () -> tableRead));
        check.ask("a test");
        return check;
    }

    /** A hub that gives these answers one after another and then the last for ever. */
    private StubUpstream hub(String... heads) throws IOException {
        Queue<String> left = new ConcurrentLinkedQueue<>(List.of(heads));
        return proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            String head = left.size() > 1 ? left.remove() : left.element();
            if (!head.isEmpty()) {
                connection.send("HTTP/1.1 " + head + "\r\nContent-Length: 2\r\n\r\n{}");
                connection.readToEnd();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "/hub/api, /hub/api/proxy",
        "/hub/api/, /hub/api/proxy",
        "/@/space%20word/hub/api, /@/space%20word/hub/api/proxy"
    })
    void theHubIsAskedToCheckItsRoutes(String api, String path) throws Exception {
        StubUpstream hub = hub("200 OK");

        ask(hub.url() + api, FAST);

        await().until(() -> answers.size() == 1);
        assertThat(answers).containsExactly("checked");
        assertThat(hub.requests()).singleElement().asString().startsWith("POST " + path + " HTTP/1.1\r\n");
        assertThat(hub.requests().element())
                .containsIgnoringCase("\r\nhost: 127.0.0.1:" + hub.port() + "\r\n")
                .containsIgnoringCase("\r\nauthorization: token s3cret\r\n")
                .containsIgnoringCase("\r\ncontent-length: 0\r\n");
    }

    @Test
    void itsSocketIsInTheBooksByItsPurpose() throws Exception {
        StubUpstream hub = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.readToEnd();
        });

        HubCheck check = ask(hub.url() + "/hub/api", FAST);
        await().until(() -> hub.requests().size() == 1);

        assertThat(upstreams())
                .singleElement()
                .satisfies(up -> assertThat(up.purpose()).isEqualTo(Purpose.HUB_CHECK));
        check.close();
        await().until(() -> proxy.ledger().openCount() == 0);
        assertThat(answers).isEmpty();
    }

    private List<ConnectionView> upstreams() {
        ConnectionFilter filter = new ConnectionFilter(Role.UPSTREAM, null, null, null, 0, null, null, 0);
        return proxy.ledger()
                .survey(LedgerQuery.list(filter, 100), Duration.ofSeconds(30))
                .join()
                .connections();
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 Internal Server Error", "503 Service Unavailable", "429 Too Many Requests", ""})
    void aHubThatFailsIsAskedAgain(String failure) throws Exception {
        StubUpstream hub = hub(failure, failure, "202 Accepted");

        ask(hub.url() + "/hub/api", FAST);

        await().until(() -> answers.contains("checked"));
        assertThat(answers).containsExactly("failed", "failed", "checked");
    }

    @Test
    void aHubThatDoesNotListenIsAskedAgainAndToldOfOnce() throws Exception {
        try (LoggedLines log = LoggedLines.of(HubCheck.class.getName())) {
            ask(proxy.deadUrl() + "/hub/api", FAST);

            await().until(() -> answers.size() >= 3);

            assertThat(answers).containsOnly("failed");
            assertThat(log.with("Connection refused")).hasSize(1);
        }
    }

    @Test
    void aHubThatDoesNotAnswerIsAskedAgain() throws Exception {
        StubUpstream hub = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.readToEnd();
        });

        ask(hub.url() + "/hub/api", new HubCheck.Pace(FAST.firstPause(), FAST.longestPause(), Duration.ofMillis(50)));

        await().until(() -> hub.requests().size() >= 2);
        assertThat(answers).contains("failed").doesNotContain("checked");
    }

    @ParameterizedTest
    @CsvSource({
        "401 Unauthorized, a token with the scope proxy",
        "403 Forbidden, a token with the scope proxy",
        "404 Not Found, the URL of a hub's REST API",
        "302 Found, the URL of a hub's REST API"
    })
    void aHubThatRefusesIsNotAskedAgain(String refusal, String expected) throws Exception {
        try (LoggedLines log = LoggedLines.of(HubCheck.class.getName())) {
            StubUpstream hub = hub(refusal);

            ask(hub.url() + "/hub/api", FAST);

            await().until(() -> !answers.isEmpty());
            await().during(Duration.ofMillis(300)).until(() -> answers.size() == 1);
            assertThat(answers).containsExactly("refused");
            assertThat(log.with(expected)).hasSize(1);
            assertThat(log.with("s3cret")).isEmpty();
        }
    }

    @Test
    void anotherTokenIsTriedWhereTheFirstWasRefused() throws Exception {
        StubUpstream hub = hub("403 Forbidden", "200 OK");
        HubCheck check = ask(hub.url() + "/hub/api", FAST);
        await().until(() -> !answers.isEmpty());

        token.set("an0ther");
        check.tokenChanged();

        await().until(() -> answers.contains("checked"));
        assertThat(answers).containsExactly("refused", "checked");
        assertThat(hub.requests().stream().toList().get(1)).containsIgnoringCase("authorization: token an0ther\r\n");
        check.tokenChanged();
        await().during(Duration.ofMillis(300)).until(() -> answers.size() == 2);
    }

    @Test
    void anotherTokenChangesNothingWhereTheAddressIsWrong() throws Exception {
        StubUpstream hub = hub("404 Not Found");
        HubCheck check = ask(hub.url() + "/hub/api", FAST);
        await().until(() -> !answers.isEmpty());

        check.tokenChanged();

        await().during(Duration.ofMillis(300)).until(() -> answers.size() == 1);
    }

    @Test
    void aHubThatHasReadTheRoutesByItselfIsNotAskedAgain() throws Exception {
        try (LoggedLines log = LoggedLines.of(HubCheck.class.getName())) {
            ask(proxy.deadUrl() + "/hub/api", FAST);
            await().until(() -> !answers.isEmpty());

            tableRead = OptionalLong.of(System.currentTimeMillis());

            await().until(() -> !log.with("has read the routes by itself").isEmpty());
            int asked = answers.size();
            await().during(Duration.ofMillis(300)).until(() -> answers.size() == asked);
        }
    }

    @Test
    void aReadingFromBeforeDoesNotCount() throws Exception {
        tableRead = OptionalLong.of(System.currentTimeMillis() - 1_000);

        ask(proxy.deadUrl() + "/hub/api", FAST);

        await().until(() -> answers.size() >= 3);
    }

    @Test
    void itIsAskedOnceMoreWhenRoutesAreLostWhileItChecks() throws Exception {
        StubUpstream hub = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            await().until(() -> self.requests().size() > 1 || tableRead.isPresent());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            connection.readToEnd();
        });
        HubCheck check = ask(hub.url() + "/hub/api", FAST);
        await().until(() -> hub.requests().size() == 1);
        long before = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > before);

        check.ask("another test");
        assertThat(proxy.clientsIn(Phase.IDLE)).as("both loops have heard it").isZero();
        tableRead = OptionalLong.of(0);

        await().until(() -> answers.size() == 2);
        assertThat(hub.requests()).hasSize(2);
    }
}
