package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.ProxyProtocolMode;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real HAProxy in front, which passes bytes on and says whose they are; it checks by the same way that we are well. */
class BehindHaproxyIT {
    /** Another address of this machine than HAProxy's own, which is 127.0.0.1. */
    private static final String CLIENT = "127.0.0.77";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.edge(
            config,
            new ForwardingConfig(ForwardedMode.SINGLE, false, true, true, false, false, null, Map.of()),
            new EdgeConfig(TrustedPeers.of(List.of("127.0.0.1")), ProxyProtocolMode.ON, false)));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2-ssl"})
    void theClientIsKnown(String how) throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("hello"));
        proxy.route("/", upstream.url());
        int port = start(how + " check check-send-proxy inter 100ms");

        RawClient client = proxy.closing(connect(port));
        String answer = client.send("GET /x HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n")
                .readMessage();

        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("hello");
        assertThat(upstream.requests())
                .singleElement()
                .asString()
                .contains("x-forwarded-for: " + CLIENT + "\r\n")
                .doesNotContain("6.6.6.6");
    }

    private int start(String server) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = directory.resolve("haproxy.cfg");
        Files.writeString(config, """
            defaults
              mode tcp
              timeout connect 5s
              timeout client 20s
              timeout server 20s
            frontend public
              bind 127.0.0.1:%d
              default_backend jove
            backend jove
              option httpchk
              http-check send meth GET uri /_chp_healthz
              server jove 127.0.0.1:%d %s
            """.formatted(port, proxy.proxy().port(), server));
        Process haproxy = new ProcessBuilder("haproxy", "-db", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("haproxy.log").toFile())
                .start();
        proxy.closing(() -> haproxy.destroyForcibly().waitFor());
        return port;
    }

    private static RawClient connect(int port) {
        return await().ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> new RawClient(
                                new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(CLIENT), 0)),
                        unused -> true);
    }
}
