package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.joveproxy.app.LaunchedProxy.freePort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The kernel is the judge: after every kind of ending, on either side, what {@code /api/connections} lists is what the
 * kernel has for the process, socket by socket.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
final class LedgerAgainstKernelIT {
    private static final int ROUNDS = 6;
    private static final int CLIENTS = 40;
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    /** In which states a socket may be whose phase is this. */
    private static final Map<String, Set<String>> STATES = Map.of(
            "connecting", Set.of("SYN_SENT", "ESTABLISHED"),
            "half_closed", Set.of("FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT", "LAST_ACK"),
            "lingering", Set.of("FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT", "ESTABLISHED"));

    private final Random random = new Random(20240305);
    private final List<RawClient> clients = new ArrayList<>();
    private StubUpstream upstream;
    private LaunchedProxy proxy;
    private RawClient api;
    private int port;

    @BeforeEach
    void start() throws Exception {
        upstream = new StubUpstream(LedgerAgainstKernelIT::serve);
        port = freePort();
        proxy = LaunchedProxy.serving(port, "--default-target=" + upstream.url());
        api = new RawClient(port + 1);
    }

    @AfterEach
    void end() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        api.close();
        proxy.close();
        upstream.close();
    }

    private static void serve(RawClient connection, StubUpstream self) throws Exception {
        while (true) {
            String head = connection.readHead();
            if (head.contains(" /silent")) {
                connection.readToEnd();
                return;
            } else if (head.contains(" /cut")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
                connection.reset();
                return;
            } else if (head.contains(" /socket")) {
                connection.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                connection.readToEnd();
                // The client has closed its half; this one stays open until the proxy has lost patience.
                Thread.sleep(60_000);
            } else if (head.contains(" /body")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegin");
                connection.readToEnd();
                return;
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    @Test
    void theLedgerListsWhatTheKernelHas() throws Exception {
        Set<String> seen = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(begin(random.nextInt(8)));
                assertBalanced(ask("?limit=1"));
            }
            for (int i = 0; i < CLIENTS / 2; i++) {
                endOne(clients.remove(random.nextInt(clients.size())), random.nextInt(4));
            }

            await("the ledger and the kernel to agree in round " + round)
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> seen.addAll(assertSame()));
        }

        // The rounds were worth it only if they brought sockets into many phases.
        assertThat(seen).contains("idle", "request_head", "awaiting_response", "relaying", "tunnel", "half_closed");
        for (RawClient client : clients) {
            client.close();
        }
        await("nothing but unused sockets to be left")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    assertSame();
                    assertThat(ask("?role=client").get("matched").asInt()).isZero();
                    assertThat(ask("?role=upstream").get("matched").asInt()).isLessThanOrEqualTo(32);
                });
    }

    /** A client in one of many situations. */
    private RawClient begin(int situation) throws IOException {
        RawClient client = new RawClient(port);
        switch (situation) {
            case 0 -> client.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n").readMessage();
            case 1 -> client.send("GET /half a head");
            case 2 -> client.send("GET /silent HTTP/1.1\r\nHost: h\r\n\r\n");
            case 3 -> client.send("GET /silent HTTP/1.1\r\nHost: h\r\n" + UPGRADE + "\r\n");
            case 4 ->
                client.send("GET /socket HTTP/1.1\r\nHost: h\r\n" + UPGRADE + "\r\n")
                        .readHead();
            case 5 -> client.send("GET /body HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
            case 6 -> client.send("GET /cut HTTP/1.1\r\nHost: h\r\n\r\n");
            default -> client.send("PUT /silent HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nsome");
        }
        return client;
    }

    private static void endOne(RawClient client, int how) throws IOException {
        switch (how) {
            case 0 -> client.reset();
            case 1 -> client.shutdownOutput();
            case 2 -> client.send("\0\1\2 garbage \r\n\r\n").close();
            default -> client.close();
        }
    }

    /** Compares both and returns the phases that were seen. */
    private Set<String> assertSame() throws IOException {
        JsonNode listing = ask("?limit=10000");
        Map<String, String> kernel = KernelTable.of(proxy.pid());
        assertBalanced(listing);
        assertThat(listing.get("omitted").asInt()).isZero();
        Map<String, String> phases = new TreeMap<>();
        for (JsonNode row : listing.get("connections")) {
            phases.put(
                    row.get("local").asText() + " -> " + row.get("peer").asText(),
                    row.get("phase").asText());
        }
        assertThat(phases.keySet()).isEqualTo(kernel.keySet());
        phases.forEach((socket, phase) -> assertThat(kernel.get(socket))
                .as("%s in phase %s", socket, phase)
                .isIn(STATES.getOrDefault(phase, Set.of("ESTABLISHED"))));
        return Set.copyOf(phases.values());
    }

    private static void assertBalanced(JsonNode listing) {
        JsonNode totals = listing.get("totals");
        assertThat(listing.get("missing_loops")).isEmpty();
        assertThat(totals.get("opened").asLong())
                .isEqualTo(totals.get("closed").asLong() + totals.get("open").asLong());
        assertThat(sum(totals.get("open_by_phase")))
                .isEqualTo(totals.get("open").asLong());
        assertThat(sum(totals.get("closed_by_reason")))
                .isEqualTo(totals.get("closed").asLong());
        for (JsonNode role : totals.get("by_role")) {
            assertThat(role.get("opened").asLong())
                    .isEqualTo(role.get("closed").asLong() + role.get("open").asLong());
        }
    }

    private static long sum(JsonNode numbers) {
        long sum = 0;
        for (JsonNode number : numbers) {
            sum += number.asLong();
        }
        return sum;
    }

    private JsonNode ask(String query) throws IOException {
        String answer = api.send("GET /api/connections" + query
                        + " HTTP/1.1\r\nHost: proxy\r\nAuthorization: token secret\r\n\r\n")
                .readMessage();
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }
}
