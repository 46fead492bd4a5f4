package org.joveproxy.docker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The servers of all users: a page for each request, and for each websocket its own bytes back.
 *
 * <p>Listens where containers reach this machine. Any thread may call any method.
 */
final class UserServers implements AutoCloseable {
    static final int PAGE_BYTES = 100_000;

    private static final byte[] PAGE = new byte[PAGE_BYTES];
    private static final int BACKLOG = 512;

    private final String host;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "user-server");
        thread.setDaemon(true);
        return thread;
    });

    /** Listens on {@code host}, an address of this machine. */
    UserServers(String host) throws IOException {
        this.host = host;
        server = new ServerSocket(0, BACKLOG, InetAddress.getByName(host));
        threads.execute(this::accept);
    }

    String url() {
        return "http://" + host + ":" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                if (head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket")) {
                    send(
                            out,
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                    in.transferTo(out);
                    return;
                }
                send(out, "HTTP/1.1 200 OK\r\nContent-Length: " + PAGE_BYTES + "\r\n\r\n");
                out.write(PAGE);
            }
        } catch (IOException gone) {
            // The proxy has ended the connection.
        }
    }

    static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** A message's head up to and with its empty line; empty at the end of the stream. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int one = in.read();
            if (one < 0) {
                return "";
            }
            head.append((char) one);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
