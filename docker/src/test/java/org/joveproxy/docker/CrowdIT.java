package org.joveproxy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Statistics;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;

/** Three hundred users in the memory that clusters give a proxy. */
@Timeout(300)
final class CrowdIT {
    private static final int USERS = 300;
    private static final int ROUNDS = 10;
    private static final int READERS = 60;
    private static final String MESSAGE = "still there?";
    private static final long MIB = 1024 * 1024;

    @ParameterizedTest
    @ValueSource(longs = {192, 320})
    void threeHundredUsersFit(long megabytes) throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        List<Socket> websockets = new ArrayList<>();
        AtomicInteger pages = new AtomicInteger();
        try (JoveContainer container = started(megabytes);
                UserServers servers = new UserServers(container.gateway())) {
            for (int user = 0; user < USERS; user++) {
                String route =
                        "{\"target\": \"" + servers.url() + "\", \"user\": \"u" + user + "\", \"jupyterhub\": true}";
                assertThat(Http.ask(container, JoveContainer.API_PORT, "POST", "/api/routes/user/u" + user, route))
                        .startsWith("HTTP/1.1 201 ");
                websockets.add(websocket(container, user));
            }

            List<Future<?>> reading = new ArrayList<>();
            for (int user = 0; user < USERS; user++) {
                int number = user;
                reading.add(readers.submit(() -> {
                    read(container, number, pages);
                    return null;
                }));
            }
            for (int round = 0; round < 3; round++) {
                for (Socket websocket : websockets) {
                    echo(websocket);
                }
            }
            for (Future<?> one : reading) {
                one.get();
            }

            assertThat(pages).hasValue(USERS * ROUNDS);
            for (Socket websocket : websockets) {
                echo(websocket);
            }
            assertThat(container.state().getRunning()).isTrue();
            assertThat(container.state().getOOMKilled()).isFalse();
            assertThat(container.getLogs()).doesNotContain("OutOfMemory").doesNotContain(" 503 ");
            System.out.println("[crowd] " + megabytes + " MiB allowed, in use after 300 users: "
                    + inUse(container) / MIB + " MiB");
        } finally {
            readers.shutdownNow();
            for (Socket websocket : websockets) {
                websocket.close();
            }
        }
    }

    private static JoveContainer started(long megabytes) {
        JoveContainer container = JoveContainer.with().megabytes(megabytes);
        container.start();
        return container;
    }

    private static Socket websocket(JoveContainer container, int user) throws IOException {
        Socket socket = Http.connect(container, JoveContainer.PORT);
        UserServers.send(
                socket.getOutputStream(),
                "GET /user/u" + user + "/api/kernels/1/channels HTTP/1.1\r\nHost: proxy\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertThat(UserServers.head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
        return socket;
    }

    private static void echo(Socket websocket) throws IOException {
        UserServers.send(websocket.getOutputStream(), MESSAGE);
        assertThat(new String(websocket.getInputStream().readNBytes(MESSAGE.length()), StandardCharsets.US_ASCII))
                .isEqualTo(MESSAGE);
    }

    private static void read(JoveContainer container, int user, AtomicInteger pages) throws IOException {
        try (Socket socket = Http.connect(container, JoveContainer.PORT)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int round = 0; round < ROUNDS; round++) {
                UserServers.send(
                        socket.getOutputStream(), "GET /user/u" + user + "/lab HTTP/1.1\r\nHost: proxy\r\n\r\n");
                assertThat(UserServers.head(in)).startsWith("HTTP/1.1 200 ");
                assertThat(in.readNBytes(UserServers.PAGE_BYTES)).hasSize(UserServers.PAGE_BYTES);
                pages.incrementAndGet();
            }
        }
    }

    /** What the engine counts: without files that the kernel could forget. */
    private static long inUse(JoveContainer container) throws Exception {
        Statistics statistics = Objects.requireNonNull(DockerClientFactory.instance()
                .client()
                .statsCmd(container.getContainerId())
                .withNoStream(true)
                .exec(new FirstResult())
                .get());
        long usage = Objects.requireNonNull(statistics.getMemoryStats().getUsage());
        Long inactive = statistics.getMemoryStats().getStats() == null
                ? null
                : statistics.getMemoryStats().getStats().getTotalInactiveFile();
        return usage - (inactive == null ? 0 : inactive);
    }

    /** Waits for what is told first. */
    private static final class FirstResult extends ResultCallback.Adapter<Statistics> {
        private final CompletableFuture<Statistics> first = new CompletableFuture<>();

        @Override
        public void onNext(Statistics statistics) {
            first.complete(statistics);
        }

        Statistics get() throws Exception {
            return first.get(30, TimeUnit.SECONDS);
        }
    }
}
