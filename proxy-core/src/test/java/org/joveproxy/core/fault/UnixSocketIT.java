package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unix sockets on either side of the proxy. */
class UnixSocketIT {
    private final Path directory = temporary();
    private final Path socket = directory.resolve("public.sock");

    @RegisterExtension
    final ProxyUnderTest proxy =
            ProxyUnderTest.with(config -> ProxyUnderTest.publicAddress(config, ListenAddress.unix(socket)));

    private static Path temporary() {
        try {
            return Files.createTempDirectory("jove");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void clean() throws IOException {
        Files.deleteIfExists(directory.resolve("target.sock"));
    }

    private RawClient client() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new RawClient(channel);
    }

    @Test
    void aClientOfAUnixSocketHasNoAddressToForward() throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("hello"));
        proxy.route("/", upstream.url());

        try (RawClient client = client()) {
            String answer = client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();

            assertThat(answer).endsWith("hello");
            assertThat(upstream.requests().element().toLowerCase(Locale.ROOT))
                    .contains("x-forwarded-proto: http\r\n")
                    .doesNotContain("x-forwarded-for");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http+unix", "unix+http"})
    void aTargetMayBeAUnixSocket(String scheme) throws Exception {
        Path target = directory.resolve("target.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(target));
            Thread serving = new Thread(() -> serveOnce(server), "unix-target");
            serving.setDaemon(true);
            serving.start();
            proxy.route("/", scheme + "://" + URLEncoder.encode(target.toString(), StandardCharsets.UTF_8) + "/base");

            try (RawClient client = client()) {
                assertThat(client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                        .endsWith("\r\n\r\nGET /base/x HTTP/1.1");
            }
            serving.join();
        }
    }

    private static void serveOnce(ServerSocketChannel server) {
        try (RawClient connection = new RawClient(server.accept())) {
            String line = connection.readHead().split("\r\n")[0];
            connection.send(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + line.length() + "\r\n\r\n" + line);
            connection.readToEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http+unix://%2Fno%2Fsuch%2Fsocket", "http+unix://%2F%00"})
    void aTargetSocketThatIsNotThereIs503OrUnusable(String target) throws Exception {
        String answer;
        try {
            proxy.route("/", target);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("unix");
            return;
        }

        try (RawClient client = client()) {
            answer = client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
        }

        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(proxy.proxy().upstreamPermitsInUse()).isZero();
    }

    @Test
    void aPathTooLongForASocketIs503() throws Exception {
        proxy.route("/", "http+unix://%2F" + "a".repeat(200));

        try (RawClient client = client()) {
            assertThat(client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readMessage())
                    .startsWith("HTTP/1.1 503 ");
        }
        assertThat(proxy.proxy().upstreamPermitsInUse()).isZero();
    }

    @Test
    void aWebsocketPassesOverUnixSockets() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            connection.send(connection.read(4));
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());

        try (RawClient client = client()) {
            client.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            client.readHead();
            assertThat(client.send("ping").read(4)).isEqualTo("ping");
        }
    }

    @Test
    void theSocketFileGoesWithTheProxy() throws Exception {
        assertThat(socket).exists();

        proxy.proxy().close();

        assertThat(socket).doesNotExist();
    }
}
