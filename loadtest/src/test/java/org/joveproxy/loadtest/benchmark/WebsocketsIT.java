package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.loadtest.stage.Handshake;
import org.joveproxy.loadtest.subject.Loopback;
import org.junit.jupiter.api.Test;

/** Websockets without a proxy between: what comes back is compared byte by byte. */
class WebsocketsIT {
    private static final Setup SETUP = new Setup(Path.of("."), 1, 2, 1, null);

    private record Direct(int port) implements Contender.Started {
        @Override
        public long pid() {
            return 0;
        }

        @Override
        public long startedAt() {
            return 0;
        }

        @Override
        public String commandLine() {
            return "";
        }

        @Override
        public void close() {}
    }

    @Test
    void messagesOfAllSizesComeBack() throws Exception {
        try (EchoServer server = EchoServer.start()) {
            for (int bytes : new int[] {1, 125, 126, 65_535, 65_536}) {
                try (Websockets.Crowd crowd = new Websockets(3, bytes).open(new Direct(server.port()), SETUP)) {
                    crowd.once();
                    crowd.check();
                }
            }
        }
    }

    @Test
    void theServerTakesTheMaskOff() throws Exception {
        byte[] frame = {(byte) 0x82, (byte) 0x83, 1, 2, 3, 4, 'a' ^ 1, 'b' ^ 2, 'c' ^ 3};
        try (EchoServer server = EchoServer.start();
                Socket socket = new Socket()) {
            socket.connect(Loopback.port(server.port()));
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AA==\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            readHead(socket.getInputStream());
            out.write(frame);

            assertThat(socket.getInputStream().readNBytes(5)).containsExactly(0x82, 3, 'a', 'b', 'c');
        }
    }

    @Test
    void aChangedByteIsFoundOut() throws Exception {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(Loopback.port(0));
            CompletableFuture<Void> garbling = CompletableFuture.runAsync(() -> garble(server));
            try (Websockets.Crowd crowd = new Websockets(1, 100).open(new Direct(server.getLocalPort()), SETUP)) {
                assertThatThrownBy(crowd::once).hasMessageContaining("not what was sent");
            }
            garbling.join();
        }
    }

    private static void garble(ServerSocket server) {
        try (Socket socket = server.accept()) {
            String head = readHead(socket.getInputStream());
            String key = head.lines()
                    .filter(line -> line.startsWith("Sec-WebSocket-Key"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseThrow();
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                                    + Handshake.accept(key) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] question = socket.getInputStream().readNBytes(2 + 4 + 100);
            byte[] message = new byte[100];
            System.arraycopy(question, 6, message, 0, 100);
            message[99] ^= 1;
            ByteBuf reply = Websockets.reply(message);
            out.write(ByteBufUtil.getBytes(reply));
            reply.release();
            out.flush();
            assertThat(socket.getInputStream().read()).isNegative(); // until the other side has left
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }
}
