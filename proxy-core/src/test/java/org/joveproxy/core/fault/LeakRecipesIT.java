package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.SwitchableServer;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which proxies are known to lose sockets or memory, each done many times. */
class LeakRecipesIT {
    private static final int CLIENTS = 160;
    private static final int BATCH = 20;
    private static final String GET = "GET /u/x HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /u/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    /** The error pages' server; it is there before the proxy, whose settings name it. */
    private final SwitchableServer pages = new SwitchableServer();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(this::settings);

    private ProxyConfig settings(ProxyConfig config) {
        ErrorPageConfig errorPages = new ErrorPageConfig(Target.parse(pages.url() + "/hub/error"), null);
        return ProxyUnderTest.errorPages(
                ProxyUnderTest.timeouts(config, new Timeouts().halfClosed(500).config()), errorPages);
    }

    @BeforeEach
    void pagesAreServed() {
        pages.serve((connection, self) -> {
            String page = "p".repeat(1_400);
            while (true) {
                connection.readMessage();
                connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1400\r\n\r\n" + page);
            }
        });
    }

    @AfterEach
    void pagesEnd() throws IOException {
        pages.close();
    }

    @Test
    void recipeAClientsThatGiveUpOnASilentUpstream() throws Exception {
        StubUpstream upstream = proxy.upstream(silent());
        proxy.route("/u", upstream.url());

        inBatches(GET, upstream, RawClient::close);

        proxy.awaitBalance(0);
        await().until(() -> upstream.openCount() == 0);
    }

    @Test
    void recipeBUpgradesToADeadUpstreamNeverAskForAnErrorPage() throws Exception {
        proxy.route("/u", proxy.deadUrl());

        for (int i = 0; i < CLIENTS; i++) {
            RawClient client = proxy.client().send(UPGRADE);
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 503").endsWith("\r\n\r\n");
        }

        assertThat(pages.acceptedCount()).isZero();
        proxy.awaitBalance(0);
    }

    @Test
    void recipeCUpgradesThatAreRefusedWithAnOrdinaryAnswer() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            while (true) {
                self.heard(connection.readMessage());
                connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            }
        });
        proxy.route("/u", upstream.url());

        for (int i = 0; i < CLIENTS; i++) {
            RawClient client = proxy.client().send(UPGRADE);
            assertThat(client.readMessage()).startsWith("HTTP/1.1 403").endsWith("no");
            client.close();
        }

        proxy.awaitBalance(2);
        assertThat(upstream.acceptedCount()).isLessThan(CLIENTS / 4);
    }

    @Test
    void recipeDClientsThatGiveUpOnAnUpgradeToASilentUpstream() throws Exception {
        StubUpstream upstream = proxy.upstream(silent());
        proxy.route("/u", upstream.url());

        inBatches(UPGRADE, upstream, RawClient::close);

        proxy.awaitBalance(0);
        await().until(() -> upstream.openCount() == 0);
    }

    @Test
    void recipeEClientsThatLeaveBeforeALate101OfAnUpstreamThatIgnoresTheEnd() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            Pace.millis(300);
            connection.send(SWITCHING);
            while (true) {
                connection.send("x".repeat(100));
                Pace.millis(100);
            }
        });
        proxy.route("/u", upstream.url());

        inBatches(UPGRADE, upstream, RawClient::close);

        proxy.awaitBalance(0);
        await().until(() -> upstream.openCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recipeFUpstreamsThatIgnoreTheEndOfATunnel(boolean byReset) throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send(SWITCHING);
            self.heard("open");
            connection.readToEnd();
            Pace.untilClosed(connection);
        });
        proxy.route("/u", upstream.url());

        inBatches(UPGRADE, upstream, client -> {
            client.readHead();
            if (byReset) {
                client.reset();
            } else {
                client.close();
            }
        });

        proxy.awaitBalance(0);
    }

    @Test
    void recipeGAHungErrorPageServerHoldsNobody() throws Exception {
        pages.serve(silent());
        proxy.route("/u", proxy.deadUrl());

        for (int batch = 0; batch < CLIENTS / BATCH; batch++) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                clients.add(proxy.client().send(GET));
            }
            await().until(() -> pages.mostOpenCount() > 0);
            for (RawClient client : clients) {
                client.close();
            }
        }

        await().atMost(Duration.ofSeconds(3)).until(() -> proxy.ledger().openCount() == 0);
        assertThat(pages.mostOpenCount()).isBetween(1, 4);
    }

    @Test
    void recipeHClientsThatLeaveAroundTheRefusalOfTheirUpgrade() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            while (true) {
                self.heard(connection.readMessage());
                Pace.millis(20);
                connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            }
        });
        proxy.route("/u", upstream.url());

        for (int batch = 0; batch < CLIENTS / BATCH; batch++) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                clients.add(proxy.client().send(UPGRADE));
            }
            // From before the answers to after them.
            Pace.millis(5L * batch);
            for (int i = 0; i < BATCH; i++) {
                if (i % 2 == 0) {
                    clients.get(i).reset();
                } else {
                    clients.get(i).close();
                }
            }
        }

        await().atMost(Duration.ofSeconds(3)).until(() -> proxy.ledger().openCount(Role.CLIENT) == 0);
        await().atMost(Duration.ofSeconds(3)).until(() -> proxy.proxy().upstreamPermitsInUse() <= BATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked", "X-Until: the end"})
    void recipeIResponsesThatBreakOffByReset(String framing) throws Exception {
        truncated(framing, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
    void recipeIResponsesThatBreakOffByClosing(String framing) throws Exception {
        truncated(framing, false);
    }

    private void truncated(String framing, boolean byReset) throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n3e8\r\n" + "x".repeat(1_000));
            Pace.millis(20);
            if (byReset) {
                connection.reset();
            }
        });
        proxy.route("/u", upstream.url());

        for (int i = 0; i < 25; i++) {
            RawClient client = proxy.client().send(GET);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            long begin = System.nanoTime();
            assertThat(client.readToEnd()).contains("xxxx").doesNotContain("\r\n0\r\n\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        }

        proxy.awaitBalance(0);
    }

    @Test
    void recipeIAClientOfHttp10SeesAResetWhenABodyWithoutLengthBreaksOff() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            Pace.millis(20);
        });
        proxy.route("/u", upstream.url());

        RawClient client = proxy.client().send("GET /u HTTP/1.0\r\n\r\n");

        assertThat(client.readToEnd()).endsWith("abc<reset>");
    }

    @Test
    void recipeJUpstreamsThatCloseJustAfterTheirAnswer() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            Pace.millis(5);
        });
        proxy.route("/u", upstream.url());

        int failures = 0;
        for (int i = 0; i < 200; i++) {
            RawClient client = proxy.client().send(GET);
            failures += client.readMessage().startsWith("HTTP/1.1 200") ? 0 : 1;
            client.close();
            Pace.millis(3 + i % 5);
        }

        assertThat(failures).isZero();
        proxy.awaitBalance(1);
    }

    @Test
    void recipeKASlowUploadHasNoLimitAsLongAsItMoves() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.readToEnd();
        });
        proxy.route("/u", upstream.url());
        RawClient client = proxy.client().send("PUT /u HTTP/1.1\r\nHost: h\r\nContent-Length: 400\r\n\r\n");

        for (int i = 0; i < 40; i++) {
            client.send("0123456789");
            Pace.millis(25);
        }

        assertThat(client.readMessage()).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, UPGRADE})
    void recipeLASlowReaderHoldsUpTheUpstream(String request) throws Exception {
        byte[] megabyte = new byte[1024 * 1024];
        AtomicLong written = new AtomicLong();
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + 50L * megabyte.length + "\r\n\r\n");
            for (int i = 0; i < 50; i++) {
                connection.send(megabyte);
                written.addAndGet(megabyte.length);
            }
            connection.readToEnd();
        });
        proxy.route("/u", upstream.url());
        long before = memoryInUse();

        RawClient client = proxy.slowClient().send(request);
        client.readHead();
        await().until(new Settled(written)::isSettled);

        // The kernel's buffers between stub and proxy take some megabytes; the proxy takes next to nothing.
        assertThat(written.get()).isLessThan(25L * megabyte.length);
        assertThat(memoryInUse() - before).isLessThan(8L * megabyte.length);
        long received = 0;
        while (received < 50L * megabyte.length) {
            received += client.read(megabyte.length).length();
        }
        client.close();
        proxy.awaitBalance(1);
    }

    @Test
    void clientsThatBreakOffAnUploadThatTheUpstreamDoesNotRead() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            Pace.untilClosed(connection);
        });
        proxy.route("/u", upstream.url());
        byte[] more = new byte[64 * 1024];

        for (int i = 0; i < 5; i++) {
            RawClient client = proxy.client().send("PUT /u HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            Thread uploading = new Thread(() -> {
                try {
                    while (true) {
                        client.send(more);
                        sent.addAndGet(more.length);
                    }
                } catch (IOException brokenOff) {
                    sent.set(-1);
                }
            });
            uploading.start();
            await().until(new Settled(sent)::isSettled);
            client.reset();
            uploading.join();
            assertThat(sent).hasValue(-1);
        }

        proxy.awaitBalance(0);
    }

    @Test
    void clientsThatBreakOffDownloadsDoNotDisturbThoseThatBeginOne() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readHead());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            while (true) {
                connection.send(new byte[16 * 1024]);
            }
        });
        proxy.route("/u", upstream.url());
        ExecutorService clients = Executors.newFixedThreadPool(BATCH);
        Callable<Void> downloads = () -> {
            for (int i = 0; i < 20; i++) {
                RawClient client = new RawClient(proxy.proxy().port());
                assertThat(client.send(GET).readHead()).startsWith("HTTP/1.1 200");
                client.reset();
            }
            return null;
        };

        try {
            for (Future<Void> done : clients.invokeAll(Collections.nCopies(BATCH, downloads))) {
                done.get();
            }
        } finally {
            clients.shutdownNow();
        }

        proxy.awaitBalance(0);
    }

    /** Heap and what Netty holds outside of it. */
    private static long memoryInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory()
                - runtime.freeMemory()
                + io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }

    private static StubUpstream.Script silent() {
        return (connection, self) -> {
            self.heard(connection.readHead());
            connection.readToEnd();
        };
    }

    /** Sends {@code request} from many clients; when the upstream has heard a batch, each client does {@code end}. */
    private void inBatches(String request, StubUpstream upstream, Ending end) throws Exception {
        for (int sent = BATCH; sent <= CLIENTS; sent += BATCH) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                clients.add(proxy.client().send(request));
            }
            int heard = sent;
            await().until(() -> upstream.requests().size() >= heard);
            for (RawClient client : clients) {
                end.of(client);
            }
        }
    }

    private interface Ending {
        void of(RawClient client) throws IOException;
    }

    /** Whether a number has stood still for a while. */
    private static final class Settled {
        private final AtomicLong number;
        private long last = -1;
        private int unchanged;

        Settled(AtomicLong number) {
            this.number = number;
        }

        boolean isSettled() {
            long now = number.get();
            unchanged = now == last ? unchanged + 1 : 0;
            last = now;
            return unchanged > 50 && now > 0;
        }
    }
}
