package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.joveproxy.loadtest.subject.Loopback;
import org.junit.jupiter.api.Test;

class WatcherTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void onlySocketsThatADescriptorHoldsCount() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(Loopback.port(0));
            int port = server.getLocalPort();
            Side side = new Side(1, 2, Map.of(port, "backend"));
            try (Watcher watcher = new Watcher(ProcessHandle.current().pid(), () -> side, Duration.ofMillis(100))) {
                int before = watcher.look().descriptors();
                Socket client = new Socket();
                client.connect(Loopback.port(port));

                Sample open = watcher.look();
                assertThat(open.sockets().on("backend", TcpState.ESTABLISHED)).isEqualTo(1);
                assertThat(open.descriptors()).isGreaterThan(before);
                assertThat(open.rssMib()).isGreaterThan(1);
                assertThat(open.threads()).isGreaterThan(1);
                assertThat(open.cpuSeconds()).isGreaterThan(0);

                client.close(); // the kernel keeps it, in FIN_WAIT2, without a descriptor
                Sample closed = watcher.await(sample -> sample.sockets().on("backend") == 0, LIMIT);
                assertThat(closed.sockets().on("backend")).isZero();
            }
        }
    }

    @Test
    void aDescriptorOfASocketThatTheKernelHasClosedIsALeakToo() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(Loopback.port(0));
            Side side = new Side(1, 2, Map.of(server.getLocalPort(), "backend"));
            try (Watcher watcher = new Watcher(ProcessHandle.current().pid(), () -> side, Duration.ofMinutes(1));
                    Socket client = new Socket()) {
                client.connect(Loopback.port(server.getLocalPort()));
                int before = watcher.look().sockets().on(Side.CLOSED);
                Socket accepted = server.accept();
                accepted.setSoLinger(true, 0);
                accepted.close();

                Sample reset = watcher.await(sample -> sample.sockets().on(Side.CLOSED) > before, LIMIT);
                assertThat(reset.sockets().on(Side.CLOSED)).isEqualTo(before + 1);
                assertThat(reset.sockets().on("backend")).isZero();
            }
        }
    }

    @Test
    void looksByItselfUntilItIsClosed() {
        try (Watcher watcher =
                new Watcher(ProcessHandle.current().pid(), () -> new Side(1, 2, Map.of()), Duration.ofMillis(100))) {
            Awaitility.await().atMost(LIMIT).until(() -> watcher.samples().size() >= 3);
            assertThat(watcher.samples()).isSortedAccordingTo((a, b) -> Double.compare(a.seconds(), b.seconds()));
        }
    }

    @Test
    void aProcessThatIsGoneHasNothing() {
        try (Watcher watcher = new Watcher(Integer.MAX_VALUE, () -> new Side(1, 2, Map.of()), Duration.ofSeconds(1))) {
            Sample sample = watcher.look();
            assertThat(sample.rssKib()).isZero();
            assertThat(sample.descriptors()).isZero();
            assertThat(sample.sockets().total()).isZero();
        }
    }

    @Test
    void refusesToLookTooOften() {
        assertThatThrownBy(() -> new Watcher(1, () -> new Side(1, 2, Map.of()), Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: >= 100 ms");
    }
}
