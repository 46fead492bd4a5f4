package org.joveproxy.core.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.ProxyProtocolMode;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Balancers say whose connection they pass on; nobody else is believed. */
class ProxyProtocolIT {
    private static final String REQUEST = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String V1 = "PROXY TCP4 203.0.113.5 192.0.2.1 4711 443\r\n";
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    private static ProxyUnderTest proxy(ProxyProtocolMode mode, String... trusted) {
        return ProxyUnderTest.with(config -> adjusted(config, mode, trusted));
    }

    private static ProxyConfig adjusted(ProxyConfig config, ProxyProtocolMode mode, String... trusted) {
        ForwardingConfig forwarding =
                new ForwardingConfig(ForwardedMode.SINGLE, false, true, true, false, false, null, Map.of());
        ProxyConfig edge =
                ProxyUnderTest.edge(config, forwarding, new EdgeConfig(TrustedPeers.of(List.of(trusted)), mode, false));
        return ProxyUnderTest.timeouts(edge, new Timeouts().requestHead(300).config());
    }

    /** A head of version 2: the command, the family, and what follows. */
    private static byte[] v2(int command, int family, String body) {
        byte[] rest = HexFormat.of().parseHex(body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        out.write(0x20 | command);
        out.write(family);
        out.write(rest.length >> 8);
        out.write(rest.length);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    private static byte[] both(byte[] head, String request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head);
        out.writeBytes(request.getBytes(ISO_8859_1));
        return out.toByteArray();
    }

    /** What the upstream hears of the client when {@code bytes} come. */
    private static String heard(ProxyUnderTest proxy, byte[]... bytes) throws Exception {
        StubUpstream upstream = proxy.upstream(StubUpstream.answering("hello"));
        proxy.route("/", upstream.url());
        var balancer = proxy.client();
        for (byte[] each : bytes) {
            balancer.send(each);
        }
        assertThat(balancer.readMessage()).startsWith("HTTP/1.1 200 OK").endsWith("hello");
        String request = String.valueOf(upstream.requests().peek());
        return request.replaceAll("(?s).*x-forwarded-for: (\\S+)\r\n.*x-forwarded-proto: (\\S+)\r\n.*", "$2 $1");
    }

    @Nested
    class WhenItMustBeSaid {
        @RegisterExtension
        final ProxyUnderTest proxy = proxy(ProxyProtocolMode.ON, "127.0.0.1");

        @Test
        void versionOne() throws Exception {
            assertThat(heard(proxy, (V1 + REQUEST).getBytes(ISO_8859_1))).isEqualTo("http 203.0.113.5");
        }

        @Test
        void versionOneInPieces() throws Exception {
            byte[] all = (V1 + REQUEST).getBytes(ISO_8859_1);
            byte[][] pieces = new byte[all.length][];
            for (int i = 0; i < all.length; i++) {
                pieces[i] = new byte[] {all[i]};
            }
            assertThat(heard(proxy, pieces)).isEqualTo("http 203.0.113.5");
        }

        @Test
        void whoeverTheClientSaysItIsIsNotAsked() throws Exception {
            assertThat(heard(
                            proxy,
                            (V1 + "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n")
                                    .getBytes(ISO_8859_1)))
                    .isEqualTo("http 203.0.113.5");
        }

        @Test
        void unknownMeansTheBalancer() throws Exception {
            assertThat(heard(proxy, ("PROXY UNKNOWN\r\n" + REQUEST).getBytes(ISO_8859_1)))
                    .isEqualTo("http 127.0.0.1");
        }

        @Test
        void versionTwoOverIpv6() throws Exception {
            String source = HexFormat.of().formatHex(NetUtil.createByteArrayFromIpAddressString("2001:db8::7"));
            byte[] head = v2(1, 0x21, source + "00".repeat(16) + "1267" + "01bb");

            assertThat(heard(proxy, both(head, REQUEST))).isEqualTo("http 2001:db8::7");
        }

        @Test
        void versionTwoTellsOfTls() throws Exception {
            // PP2_TYPE_SSL: five bytes, of which the first says PP2_CLIENT_SSL.
            byte[] head = v2(1, 0x11, "cb007105" + "c0000201" + "1267" + "01bb" + "20" + "0005" + "01" + "00000000");

            assertThat(heard(proxy, both(head, REQUEST))).isEqualTo("https 203.0.113.5");
        }

        @Test
        void aCheckOfTheBalancerItself() throws Exception {
            assertThat(heard(proxy, both(v2(0, 0x00, ""), REQUEST))).isEqualTo("http 127.0.0.1");
        }

        @Test
        void whoeverDoesNotSayItIsClosed() throws Exception {
            assertThat(proxy.client().send(REQUEST).readToEnd()).isIn("", "<reset>");
        }

        @Test
        void whoeverSaysNothingIsClosedInTime() throws Exception {
            assertThat(proxy.client().send("PROXY TCP4 203.").readToEnd()).isIn("", "<reset>");
        }

        @Test
        void anEndlessLineIsClosed() throws Exception {
            assertThat(proxy.client().send("PROXY TCP4 " + "1".repeat(200)).readToEnd())
                    .isIn("", "<reset>");
        }
    }

    @Nested
    class WhenItMayBeSaid {
        @RegisterExtension
        final ProxyUnderTest proxy = proxy(ProxyProtocolMode.OPTIONAL, "127.0.0.1");

        @Test
        void itIsHeard() throws Exception {
            assertThat(heard(proxy, (V1 + REQUEST).getBytes(ISO_8859_1))).isEqualTo("http 203.0.113.5");
            proxy.routes().remove("/");
            byte[] head = v2(1, 0x11, "cb007106" + "c0000201" + "1267" + "01bb");
            assertThat(heard(proxy, both(head, REQUEST))).isEqualTo("http 203.0.113.6");
        }

        @Test
        void othersAreServed() throws Exception {
            assertThat(heard(proxy, REQUEST.getBytes(ISO_8859_1))).isEqualTo("http 127.0.0.1");
        }

        @Test
        void aPostIsNotTakenForIt() throws Exception {
            assertThat(heard(
                            proxy,
                            "P".getBytes(ISO_8859_1),
                            "OST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1)))
                    .isEqualTo("http 127.0.0.1");
        }
    }

    @Nested
    class OfStrangers {
        @RegisterExtension
        final ProxyUnderTest required = proxy(ProxyProtocolMode.ON, "192.0.2.1");

        @RegisterExtension
        final ProxyUnderTest optional = proxy(ProxyProtocolMode.OPTIONAL, "192.0.2.1");

        @Test
        void nobodyIsLetIn() throws Exception {
            assertThat(required.client().readToEnd()).isIn("", "<reset>");
        }

        @Test
        void nobodyIsBelieved() throws Exception {
            assertThat(optional.client().send(V1 + REQUEST).readHead()).startsWith("HTTP/1.1 400");
            assertThat(heard(optional, REQUEST.getBytes(ISO_8859_1))).isEqualTo("http 127.0.0.1");
        }
    }
}
