package org.joveproxy.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.joveproxy.core.downstream.DownstreamConnection;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a tunnel keeps in memory, of which there are thousands, most of them idle. */
class IdleTunnelIT {
    private static final int TUNNELS = 20;
    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

    @Test
    void aTunnelHoldsOnToNothingThatSpeaksHttp() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        proxy.client();
        await().until(() -> proxy.ledger().openCount(Role.CLIENT) == 1);
        Map<String, Integer> before = speakersOfHttp();
        assertThat(before).containsKey(DownstreamConnection.class.getName());

        for (int i = 0; i < TUNNELS; i++) {
            RawClient client = proxy.client();
            client.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101");
        }

        // One or the other may be in use for a moment longer by a thread that has just seen to the upgrade.
        await().untilAsserted(() -> speakersOfHttp()
                .forEach((name, count) -> assertThat(count - before.getOrDefault(name, 0))
                        .as(name)
                        .isLessThan(TUNNELS / 2)));
        assertThat(proxy.clientsIn(Phase.TUNNEL)).isEqualTo(TUNNELS);
    }

    /** How many objects are alive that decode, encode or understand HTTP on some connection, by their class. */
    private static Map<String, Integer> speakersOfHttp() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Integer> counts = new TreeMap<>();
        for (Matcher line = LINE.matcher((String) histogram); line.find(); ) {
            String name = line.group(2);
            if (name.matches(
                    "org\\.joveproxy\\.core\\..*(Decoder|Encoder|\\.DownstreamConnection|\\.UpstreamConnection|\\.Exchange)")) {
                counts.put(name, Integer.valueOf(line.group(1)));
            }
        }
        return counts;
    }
}
