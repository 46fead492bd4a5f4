package org.joveproxy.core.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One side of a socket in bytes, so that a test says and sees exactly what is on the wire. Not thread-safe. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;

    private final Closeable connection;
    private final @Nullable Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** Connects to {@code port} of 127.0.0.1. */
    public RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Takes over a connected socket. */
    public RawClient(Socket connected) throws IOException {
        connection = connected;
        socket = connected;
        connected.setSoTimeout(PATIENCE_MILLIS);
        connected.setTcpNoDelay(true);
        in = connected.getInputStream();
        out = connected.getOutputStream();
    }

    /** Takes over a connected unix socket, on which reads wait for ever. */
    public RawClient(SocketChannel connected) {
        connection = connected;
        socket = null;
        in = Channels.newInputStream(connected);
        out = Channels.newOutputStream(connected);
    }

    /** Connects to {@code port} of 127.0.0.1 with a small receive buffer, so that it is soon full. */
    public static RawClient withSmallBuffer(int port) throws IOException {
        Socket small = new Socket();
        small.setReceiveBufferSize(64 * 1024);
        small.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(small);
    }

    /** The TCP socket. */
    public Socket socket() {
        return Objects.requireNonNull(socket, "a unix socket");
    }

    /** Sends {@code text} as latin-1. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Reads up to and including the empty line that ends a head. */
    public String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the peer closed after " + head);
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** Reads exactly {@code count} bytes. */
    public String read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the peer closed after " + bytes.length + " of " + count + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads a whole message by its {@code Content-Length}; without one it has no body. */
    public String readMessage() throws IOException {
        String head = readHead();
        return head + read(contentLength(head));
    }

    /** Reads until the peer closes; a reset counts as that too. */
    public String readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                all.write(buffer, 0, n);
            }
        } catch (java.net.SocketException reset) {
            return all.toString(StandardCharsets.ISO_8859_1) + "<reset>";
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends FIN; the other direction stays open. */
    public void shutdownOutput() throws IOException {
        socket().shutdownOutput();
    }

    /** Closes with RST instead of FIN. */
    public void reset() throws IOException {
        socket().setSoLinger(true, 0);
        socket().close();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private static int contentLength(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).trim());
            }
        }
        return 0;
    }
}
