package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.joveproxy.core.ReverseProxy;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.MemoryStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections to targets come from the addresses that were configured, in turn. */
class SourceAddressIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    private static ProxyConfig from(ProxyConfig config, String... addresses) {
        List<InetAddress> sources =
                List.of(addresses).stream().map(SourceAddressIT::address).toList();
        return ProxyUnderTest.upstream(config, new UpstreamConfig(100, 100, 16, 5, sources, null));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    abstract static class WithTwoAddresses {
        @RegisterExtension
        final ProxyUnderTest proxy =
                ProxyUnderTest.on(transport(), config -> from(config, "127.0.0.2", "127.0.0.3", "::1"));

        abstract Transport transport();

        @Test
        void thoseOfTheTargetsFamilyTakeTurns() throws Exception {
            StubUpstream upstream = proxy.upstream((connection, self) -> {
                connection.readMessage();
                self.heard(connection.socket().getInetAddress().getHostAddress());
                connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            });
            proxy.route("/", upstream.url());

            for (int i = 0; i < 4; i++) {
                assertThat(proxy.client().send(GET).readToEnd()).endsWith("ok");
            }

            assertThat(upstream.requests())
                    .containsExactlyInAnyOrder("127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3");
        }
    }

    @Nested
    class OnEpoll extends WithTwoAddresses {
        @BeforeAll
        static void epollIsThere() {
            assumeThat(Epoll.isAvailable()).as("epoll").isTrue();
        }

        @Override
        Transport transport() {
            return Transport.EPOLL;
        }
    }

    @Nested
    class OnNio extends WithTwoAddresses {
        @Override
        Transport transport() {
            return Transport.NIO;
        }
    }

    @Nested
    class OfAnotherMachine {
        @Test
        void anAddressKeepsTheProxyFromStarting() {
            ProxyConfig config = from(ProxyUnderTest.defaults(), "127.0.0.2", "192.0.2.1");
            EventLoops loops = EventLoops.start(Transport.best(), 1);
            try {
                RouteTable routes = new RouteTable();
                ReverseProxy.Parts parts = new ReverseProxy.Parts(
                        loops,
                        routes,
                        new MemoryStore(routes),
                        new ConnectionLedger(),
                        ProxyObserver.none(),
                        null,
                        ProxyUnderTest.withoutTls());

                assertThatThrownBy(() -> ReverseProxy.bind(config, parts))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("source address: 192.0.2.1 (expected: an address of this machine)");
            } finally {
                loops.close();
            }
        }
    }
}
