package org.joveproxy.core.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 that refuses every connection: it is taken, so that no other process can get it, and nobody listens
 * on it. Not thread-safe.
 */
public final class DeadPort implements AutoCloseable {
    private final Socket bound = new Socket();

    /** Takes the port. */
    public DeadPort() throws IOException {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return bound.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
