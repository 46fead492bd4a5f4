package org.joveproxy.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.lifecycle.ConnectionFilter;
import org.joveproxy.core.lifecycle.ConnectionView;
import org.joveproxy.core.lifecycle.LedgerQuery;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.SwitchableServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the ledger says of sockets that carry real traffic. */
class SurveyIT {
    private static final String GET = "GET /user/ada/lab HTTP/1.1\r\nHost: h\r\n\r\n";

    private final SwitchableServer pages = new SwitchableServer();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config ->
            ProxyUnderTest.errorPages(config, new ErrorPageConfig(Target.parse(pages.url() + "/hub/error"), null)));

    @AfterEach
    void pagesEnd() throws IOException {
        pages.close();
    }

    private List<ConnectionView> listed(Role role) {
        ConnectionFilter filter = new ConnectionFilter(role, null, null, null, 0, null, null, 0);
        return proxy.ledger()
                .survey(LedgerQuery.list(filter, 100), Duration.ofSeconds(30))
                .join()
                .connections();
    }

    private ConnectionView only(Role role) {
        List<ConnectionView> listed = listed(role);
        assertThat(listed).hasSize(1);
        return listed.get(0);
    }

    private void awaitPhase(Role role, Phase phase) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> listed(role).stream().anyMatch(socket -> socket.phase() == phase));
    }

    @Test
    void bothSocketsOfAnExchangeKnowEachOtherUntilItEnds() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
            connection.readToEnd();
        });
        proxy.route("/user/ada", upstream.url());
        RawClient client = proxy.client();
        client.send(GET).readHead();
        awaitPhase(Role.CLIENT, Phase.RELAYING);

        ConnectionView down = only(Role.CLIENT);
        ConnectionView up = only(Role.UPSTREAM);

        assertThat(down.partner()).isEqualTo(up.id());
        assertThat(up.partner()).isEqualTo(down.id());
        assertThat(List.of(down, up)).extracting(ConnectionView::route).containsOnly("/user/ada");
        assertThat(List.of(down, up)).extracting(ConnectionView::target).containsOnly(upstream.url());
        assertThat(List.of(down, up)).extracting(ConnectionView::purpose).containsOnly(Purpose.REQUEST);
        assertThat(down.bytesIn()).isEqualTo(GET.length());
        assertThat(up.bytesOut()).isGreaterThan(GET.length());
        assertThat(up.bytesIn()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha".length());
        assertThat(String.valueOf(down.peer())).endsWith(":" + client.socket().getLocalPort());
        assertThat(String.valueOf(up.peer())).endsWith(":" + upstream.port());
    }

    @Test
    void anUnusedUpstreamHasNoPartner() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
        proxy.route("/user/ada", upstream.url());
        RawClient client = proxy.client();
        client.send(GET).readMessage();
        awaitPhase(Role.CLIENT, Phase.IDLE);

        ConnectionView up = only(Role.UPSTREAM);

        assertThat(up.phase()).isEqualTo(Phase.IDLE);
        assertThat(up.partner()).isNull();
        assertThat(up.route()).isEqualTo("/user/ada");
        assertThat(only(Role.CLIENT).partner()).isNull();
    }

    @Test
    void bothSocketsOfATunnelKnowEachOtherAndCountWhatPasses() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            connection.send(connection.read(5).repeat(10));
            connection.readToEnd();
        });
        proxy.route("/user/ada", upstream.url());
        RawClient client = proxy.client();
        client.send("GET /user/ada/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .readHead();
        ConnectionView before = only(Role.CLIENT);
        client.send("hello").read(50);

        ConnectionView down = only(Role.CLIENT);
        ConnectionView up = only(Role.UPSTREAM);

        assertThat(down.phase()).isEqualTo(Phase.TUNNEL);
        assertThat(down.purpose()).isEqualTo(Purpose.WEBSOCKET);
        assertThat(down.partner()).isEqualTo(up.id());
        assertThat(up.route()).isEqualTo("/user/ada");
        assertThat(down.bytesIn() - before.bytesIn()).isEqualTo(5);
        assertThat(down.bytesOut() - before.bytesOut()).isEqualTo(50);
    }

    @Test
    void aSocketThatFetchesAnErrorPageSaysSo() throws Exception {
        pages.serve((connection, self) -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
            connection.readToEnd();
        });
        proxy.client().send("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(listed(Role.UPSTREAM)).anySatisfy(up -> {
                    assertThat(up.purpose()).isEqualTo(Purpose.ERROR_PAGE);
                    assertThat(up.route()).isNull();
                    assertThat(up.target()).isEqualTo(pages.url());
                }));
    }
}
