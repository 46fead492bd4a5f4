package org.joveproxy.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Passes bytes between a port of its own and a server, until it is told not to.
 *
 * <p>Any thread may call any method.
 */
public final class StoppableRelay implements AutoCloseable {
    private enum Manner {
        PASSING,
        SILENT,
        WITHOUT_FEEDS,
        REFUSING
    }

    private final int serverPort;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> feeds = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Manner> manner = new AtomicReference<>(Manner.PASSING);

    /** A relay to {@code serverPort} on this machine. */
    public StoppableRelay(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (manner.get() == Manner.REFUSING) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(server);
                start(() -> pass(client, server));
                start(() -> pass(server, client));
            } catch (IOException e) {
                // The listener was closed, or the server is not there: the client sees its connection end.
                closeAll();
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                if (new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains("XREAD")) {
                    feeds.add(to);
                }
                // What comes while it is silent is lost, as in a network that is cut.
                if (passes(from)) {
                    to.getOutputStream().write(bytes, 0, length);
                }
            }
        } catch (IOException e) {
            // Both ends are closed.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
            feeds.remove(to);
        }
    }

    private boolean passes(Socket from) {
        Manner now = manner.get();
        return now == Manner.PASSING || (now == Manner.WITHOUT_FEEDS && !feeds.contains(from));
    }

    /** The port to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Takes bytes and connections, and passes none of them on. */
    public void beSilent() {
        manner.set(Manner.SILENT);
    }

    /** Passes on all but what a Redis answers on connections on which a stream is read. */
    public void holdUpFeeds() {
        manner.set(Manner.WITHOUT_FEEDS);
    }

    /** Closes all connections, and every new one. */
    public void refuse() {
        manner.set(Manner.REFUSING);
        closeAll();
    }

    /** Passes bytes again. Connections that have lost some are closed. */
    public void pass() {
        closeAll();
        manner.set(Manner.PASSING);
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // Closed it is.
            }
        }
    }

    /** Ends all. */
    @Override
    public void close() throws IOException {
        listener.close();
        closeAll();
    }
}
