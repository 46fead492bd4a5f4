package org.joveproxy.core.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A client and a server that shake hands in memory, and then say something to each other.
 *
 * <p>Confined to the thread that made it; close it to give back the engines.
 */
final class Handshake implements AutoCloseable {
    private final EmbeddedChannel client;
    private final EmbeddedChannel server;
    private final SslHandler clientTls;
    private final SslHandler serverTls;
    private @Nullable Throwable clientFailure;
    private @Nullable Throwable serverFailure;

    private Handshake(SslHandler clientTls, SslHandler serverTls) {
        this.clientTls = clientTls;
        this.serverTls = serverTls;
        server = new EmbeddedChannel(serverTls);
        client = new EmbeddedChannel(clientTls);
        pump();
    }

    static Handshake between(UpstreamTls client, ListenerTls server, String host) {
        return new Handshake(
                client.newHandler(ByteBufAllocator.DEFAULT, host, 443), server.newHandler(ByteBufAllocator.DEFAULT));
    }

    static Handshake between(SslContext client, ListenerTls server) {
        return new Handshake(client.newHandler(ByteBufAllocator.DEFAULT), server.newHandler(ByteBufAllocator.DEFAULT));
    }

    // Carries what either side has written to the other until both are silent.
    private void pump() {
        boolean isMoving = true;
        while (isMoving) {
            boolean toServer = carry(client, server);
            boolean toClient = carry(server, client);
            isMoving = toServer || toClient;
        }
    }

    private boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        boolean hasCarried = false;
        ByteBuf bytes = from.readOutbound();
        while (bytes != null) {
            hasCarried = true;
            try {
                to.writeInbound(bytes);
            } catch (Exception e) {
                note(to, e);
            }
            bytes = from.readOutbound();
        }
        return hasCarried;
    }

    private void note(EmbeddedChannel where, Throwable failure) {
        if (where.equals(client) && clientFailure == null) {
            clientFailure = failure;
        } else if (where.equals(server) && serverFailure == null) {
            serverFailure = failure;
        }
    }

    /** Whether both sides are content and a message gets through each way. */
    boolean isComplete() {
        return clientFailure() == null
                && serverFailure() == null
                && sent(client, server, "ping").equals("ping")
                && sent(server, client, "pong").equals("pong");
    }

    private String sent(EmbeddedChannel from, EmbeddedChannel to, String text) {
        from.writeOutbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        pump();
        StringBuilder received = new StringBuilder();
        ByteBuf bytes = to.readInbound();
        while (bytes != null) {
            received.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
            bytes = to.readInbound();
        }
        return received.toString();
    }

    /** Why the client gave up, or null. */
    @Nullable
    Throwable clientFailure() {
        Throwable cause = clientTls.handshakeFuture().cause();
        return cause == null ? clientFailure : cause;
    }

    /** Why the server gave up, or null. */
    @Nullable
    Throwable serverFailure() {
        Throwable cause = serverTls.handshakeFuture().cause();
        return cause == null ? serverFailure : cause;
    }

    SSLSession clientSession() {
        return clientTls.engine().getSession();
    }

    String protocol() {
        return clientSession().getProtocol();
    }

    String cipherSuite() {
        return clientSession().getCipherSuite();
    }

    @Nullable
    String applicationProtocol() {
        return serverTls.applicationProtocol();
    }

    /** The common names of the certificates that the server showed. */
    List<String> serverCertificates() throws SSLPeerUnverifiedException {
        return Arrays.stream(clientSession().getPeerCertificates())
                .map(Handshake::subject)
                .toList();
    }

    /** The common name of the certificate that the client showed; an exception when it showed none. */
    String clientCertificate() throws SSLException {
        return subject(serverTls.engine().getSession().getPeerCertificates()[0]);
    }

    private static String subject(Certificate certificate) {
        return ((X509Certificate) certificate).getSubjectX500Principal().getName();
    }

    /** The host names that the client said; only a server on the JDK can tell. */
    List<String> serverNames() {
        ExtendedSSLSession session = (ExtendedSSLSession) serverTls.engine().getSession();
        return session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName())
                .toList();
    }

    @Override
    public void close() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }
}
