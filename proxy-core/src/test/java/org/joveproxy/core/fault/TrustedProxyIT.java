package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.ProxyProtocolMode;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Behind a balancer whose word is taken, the upstream and the log hear of the client. */
class TrustedProxyIT {
    private final Queue<String> clients = new ConcurrentLinkedQueue<>();
    private final Queue<String> names = new ConcurrentLinkedQueue<>();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.edge(
                    config,
                    new ForwardingConfig(ForwardedMode.SINGLE, false, true, true, false, false, null, Map.of()),
                    new EdgeConfig(TrustedPeers.of(List.of("127.0.0.1")), ProxyProtocolMode.OFF, true)))
            .observedBy(new ProxyObserver() {
                @Override
                public void exchangeEnded(ExchangeReport report) {
                    clients.add(String.valueOf(report.client()));
                    names.add(String.valueOf(report.requestId()));
                }
            });

    @Test
    void eachRequestOfAConnectionHasAClientOfItsOwn() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("hello"));
        proxy.route("/", upstream.url());
        RawClient balancer = proxy.client();

        balancer.send("GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n")
                .readMessage();
        balancer.send("GET /b HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https,http\r\n\r\n")
                .readMessage();
        balancer.send("POST /c HTTP/1.1\r\n"
                        + "Host: h\r\n"
                        + "X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n"
                        + "Content-Length: 1\r\n\r\n"
                        + "x")
                .readMessage();
        balancer.send("nonsense\r\n\r\n").readHead();

        await().until(() -> clients.size() == 4);
        assertThat(clients).containsExactly("203.0.113.5", "127.0.0.1", "203.0.113.7", "127.0.0.1");
        assertThat(upstream.requests())
                .map(request -> request.replace("\r\n", " "))
                .satisfiesExactly(
                        first ->
                                assertThat(first).contains("x-forwarded-for: 203.0.113.5 ", "x-forwarded-proto: http "),
                        second ->
                                assertThat(second).contains("x-forwarded-for: 127.0.0.1 ", "x-forwarded-proto: https "),
                        third -> assertThat(third)
                                .contains("x-forwarded-for: 203.0.113.7 ")
                                .doesNotContain("6.6.6.6"));
    }

    @Test
    void eachRequestHasANameOfItsOwnUnlessTheBalancerGaveOne() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("hello"));
        proxy.route("/", upstream.url());
        RawClient balancer = proxy.client();

        balancer.send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-ID: req-7\r\n\r\n")
                .readMessage();
        balancer.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
        balancer.send("GET /nowhere%zz HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

        await().until(() -> names.size() == 3);
        List<String> known = List.copyOf(names);
        assertThat(known.get(0)).isEqualTo("req-7");
        assertThat(known.subList(1, 3)).doesNotHaveDuplicates().allMatch(name -> name.matches("[0-9a-f]{32}"));
        assertThat(upstream.requests())
                .hasSize(2)
                .zipSatisfy(
                        known.subList(0, 2),
                        (request, name) -> assertThat(request)
                                .containsOnlyOnce("equest-")
                                .contains("x-request-id: " + name + "\r\n"));
    }

    @Test
    void anUpgradeHearsOfTheHostAndTheScheme() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        proxy.client()
                .send("GET /ws HTTP/1.1\r\nHost: hub.example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\n\r\n")
                .readHead();

        assertThat(upstream.requests())
                .singleElement()
                .asString()
                .contains(
                        "x-forwarded-for: 203.0.113.5\r\n",
                        "x-forwarded-proto: https\r\n",
                        "x-forwarded-port: 443\r\n",
                        "x-forwarded-host: hub.example.org\r\n")
                .doesNotContain("https,");
    }
}
