package org.joveproxy.core.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Binding addresses of all kinds, and saying why one cannot be bound. */
class ListenerIT {
    private final ConnectionLedger ledger = new ConnectionLedger();

    @TempDir
    Path directory;

    private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();

    private EventLoops loops = EventLoops.start(Transport.NIO, 1);

    @AfterEach
    void end() {
        loops.close();
    }

    private Listener bind(Transport transport, ListenAddress address) throws IOException {
        if (loops.transport() != transport) {
            loops.close();
            loops = EventLoops.start(transport, 1);
        }
        Listener.Setup setup = new Listener.Setup(
                transport, loops.acceptor(), loops.workers(), ledger, Role.API, null, 16, Duration.ofSeconds(10));
        return Listener.bind(address, setup, entry -> accepted.add(entry.channel()));
    }

    private void assertAccepts(Socket client) throws IOException {
        try (client) {
            await().until(() -> ledger.openCount(Role.API) == 1);
        }
        await().until(() -> ledger.openCount(Role.API) == 0);
    }

    @ParameterizedTest
    @EnumSource
    void noHostMeansEveryAddressOfBothFamilies(Transport transport) throws Exception {
        try (Listener listener = bind(transport, ListenAddress.tcp("", 0))) {
            listener.startAccepting();

            assertAccepts(new Socket(literal("127.0.0.1"), listener.port()));
            assertAccepts(new Socket(literal("127.0.0.2"), listener.port()));
            if (Files.exists(Path.of("/proc/net/if_inet6"))) {
                assertAccepts(new Socket(literal("::1"), listener.port()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyConnectionHasTheOptions(Transport transport) throws Exception {
        try (Listener listener = bind(transport, ListenAddress.tcp("127.0.0.1", 0));
                Socket first = new Socket(literal("127.0.0.1"), listener.port());
                Socket second = new Socket(literal("127.0.0.1"), listener.port())) {
            listener.startAccepting();

            await().until(() -> accepted.size() == 2);
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            Map<ChannelOption<?>, Object> wanted = transport.tcpOptions(TcpConfig.defaults());
            assertThat(wanted).hasSizeGreaterThanOrEqualTo(4);
            for (Channel connection : accepted) {
                assertThat(connection.alloc()).isSameAs(Transport.BUFFERS);
                wanted.forEach((option, value) -> assertThat(connection.config().getOption(option))
                        .as(option.name())
                        .isEqualTo(value));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void allWhoWaitAreAcceptedInOneTurnAndHandedOnAtItsEnd(Transport transport) throws Exception {
        loops.close();
        loops = EventLoops.start(transport, 1);
        assertThat(loops.acceptor()).isSameAs(loops.workers());
        AcceptGate gate = new AcceptGate(10, () -> {});
        Listener.Setup setup = new Listener.Setup(
                transport,
                loops.acceptor(),
                loops.workers(),
                ledger,
                Role.API,
                null,
                TcpConfig.defaults(),
                16,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                gate,
                null);
        Queue<Integer> acceptedBefore = new ConcurrentLinkedQueue<>();
        try (Listener listener = Listener.bind(
                        ListenAddress.tcp("127.0.0.1", 0), setup, entry -> acceptedBefore.add(gate.open()));
                Socket first = new Socket(literal("127.0.0.1"), listener.port());
                Socket second = new Socket(literal("127.0.0.1"), listener.port())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();

            listener.startAccepting();

            await().until(() -> acceptedBefore.size() == 2);
            assertThat(acceptedBefore).containsExactly(2, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHostNameIsLookedUp(Transport transport) throws Exception {
        try (Listener listener = bind(transport, ListenAddress.tcp("localhost", 0))) {
            listener.startAccepting();

            assertAccepts(new Socket(InetAddress.getByName("localhost"), listener.port()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsAcceptedBeforeTheOrder(Transport transport) throws Exception {
        try (Listener listener = bind(transport, ListenAddress.tcp("127.0.0.1", 0));
                Socket early = new Socket(literal("127.0.0.1"), listener.port())) {
            await().during(Duration.ofMillis(100)).until(() -> ledger.openedCount(Role.API) == 0);

            listener.startAccepting();

            await().until(() -> ledger.openCount(Role.API) == 1);
            assertThat(early.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPortInUseIsNamedWithTheReason(Transport transport) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenAddress address = ListenAddress.tcp("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> bind(transport, address))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasMessageContaining("in use");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownHostNameIsNamed(Transport transport) {
        assertThatThrownBy(() -> bind(transport, ListenAddress.tcp("no-such-host.invalid", 8000)))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on no-such-host.invalid:8000: unknown host name");
    }

    @ParameterizedTest
    @EnumSource
    void thePortIsFreeWhenTheListenerIsClosed(Transport transport) throws Exception {
        Listener first = bind(transport, ListenAddress.tcp("127.0.0.1", 0));
        int port = first.port();
        first.close();

        // Java's selector lets go of the socket with its next turn.
        Listener second = await().ignoreException(IOException.class)
                .until(() -> bind(transport, ListenAddress.tcp("127.0.0.1", port)), Objects::nonNull);

        assertThat(second.port()).isEqualTo(port);
        second.close();
    }

    @ParameterizedTest
    @EnumSource
    void anAbandonedSocketFileIsReplaced(Transport transport) throws Exception {
        Path file = directory.resolve("abandoned.sock");
        ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        gone.bind(UnixDomainSocketAddress.of(file));
        gone.close();
        assertThat(file).exists();

        try (Listener listener = bind(transport, ListenAddress.unix(file));
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.startAccepting();
            client.connect(UnixDomainSocketAddress.of(file));

            await().until(() -> ledger.openCount(Role.API) == 1);
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatSomebodyListensOnIsRefusedAndStays(Transport transport) throws Exception {
        Path file = directory.resolve("live.sock");
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            live.bind(UnixDomainSocketAddress.of(file));

            assertThatThrownBy(() -> bind(transport, ListenAddress.unix(file)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + file + ": ");

            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                assertThat(client.connect(UnixDomainSocketAddress.of(file))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsNoSocketIsRefusedAndStays(Transport transport) throws Exception {
        Path file = directory.resolve("notes.txt");
        Files.writeString(file, "keep me");

        assertThatThrownBy(() -> bind(transport, ListenAddress.unix(file)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on " + file + ": ");

        assertThat(file).hasContent("keep me");
    }

    private static InetAddress literal(String address) {
        return NetUtil.createInetAddressFromIpAddressString(address);
    }
}
