package org.joveproxy.core.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose every connection follows a script, in a thread of its own. */
public final class StubUpstream implements AutoCloseable {
    private final ServerSocket server;
    private final Thread acceptor;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();

    /** What a connection does until it is closed. */
    @FunctionalInterface
    public interface Script {
        /** Runs once for each connection, which is closed afterwards. An exception ends it quietly. */
        void serve(RawClient connection, StubUpstream upstream) throws Exception;
    }

    /** Starts to listen on a port of 127.0.0.1. */
    public StubUpstream(Script script) throws IOException {
        this(0, script);
    }

    /** Starts to listen on {@code port} of 127.0.0.1. */
    public StubUpstream(int port, Script script) throws IOException {
        this.server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        this.script = script;
        acceptor = new Thread(this::acceptAll, "stub-upstream");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers every request with 200 and {@code body}, for as long as the proxy keeps the connection. */
    public static Script answering(String body) {
        return (connection, upstream) -> {
            while (true) {
                upstream.heard(connection.readMessage());
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        };
    }

    /** The URL of this server. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Notes a request that the script has read. */
    public void heard(String request) {
        requests.add(request);
    }

    /** The requests noted so far, oldest first. */
    public Queue<String> requests() {
        return requests;
    }

    /** Connections accepted so far. */
    public int acceptedCount() {
        return accepted.get();
    }

    /** The most connections whose scripts ever ran at one time. */
    public int mostOpenCount() {
        return mostOpen.get();
    }

    /** Connections whose script still runs. */
    public int openCount() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        awaitAcceptor();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** A thread that is inside accept keeps the closed socket alive and may take one more connection. */
    private void awaitAcceptor() throws InterruptedIOException {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("while a stub upstream ended");
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                if (server.isClosed()) {
                    socket.close();
                    return;
                }
                open.add(socket);
                mostOpen.accumulateAndGet(open.size(), Math::max);
                accepted.incrementAndGet();
                Thread thread = new Thread(() -> serve(socket), "stub-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(new RawClient(socket), this);
        } catch (Exception ended) {
            // The peer left, or the test is over.
        } finally {
            open.remove(socket);
        }
    }
}
