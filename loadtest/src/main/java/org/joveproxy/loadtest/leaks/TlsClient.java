package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.joveproxy.loadtest.subject.Loopback;

/**
 * A client that speaks TLS over a socket of its own, so that it can leave without saying so in TLS. Confined to the thread
 * that made it.
 */
final class TlsClient implements AutoCloseable {
    private static final int READ_LIMIT_MILLIS = 5000;

    private final Socket socket;
    private final SSLSocket tls;

    TlsClient(int port) throws IOException {
        socket = new Socket();
        socket.connect(Loopback.port(port), READ_LIMIT_MILLIS);
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        tls = (SSLSocket) context().getSocketFactory().createSocket(socket, "localhost", port, false);
    }

    private static SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    /** Shakes hands, then sends {@code text}. */
    void send(String text) throws IOException {
        tls.getOutputStream().write(Http.bytes(text));
    }

    /** Sends bytes that are no TLS record into the connection. */
    void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The first {@code count} bytes of what comes. */
    String read(int count) throws IOException {
        return new String(tls.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Leaves by FIN, without TLS's own goodbye. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Leaves by RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The proxy under test has a certificate that nobody knows, and whose it is does not matter here. */
    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
