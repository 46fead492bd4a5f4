package org.joveproxy.core.downstream;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import org.joveproxy.core.codec.HttpDate;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.exchange.ExchangeContext;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.relay.ClientFacts;
import org.joveproxy.core.relay.KnownPeers;
import org.joveproxy.core.relay.RequestIds;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * What all client connections of one event loop share.
 *
 * <p>Confined to the event loop.
 */
@EventLoopConfined
public final class ClientLoop {
    private final ExchangeContext context;
    private final HttpDate date = new HttpDate();
    private final Admission admission;
    private final Readiness readiness;
    private final int maxHeaderBytes;
    private final TrustedPeers trusted;
    private final KnownPeers peers;
    private final @Nullable RequestIds requestIds;
    private boolean isDraining;

    /**
     * Client connections whose exchanges share {@code context}, as far as {@code admission} lets them in, and which are
     * kept open as far as {@code readiness} wants them.
     *
     * @param trusted whose word is taken about their own clients
     * @param requestIds names requests; null when they have no names
     */
    public ClientLoop(
            ExchangeContext context,
            Admission admission,
            Readiness readiness,
            int maxHeaderBytes,
            TrustedPeers trusted,
            @Nullable RequestIds requestIds) {
        this.context = context;
        this.admission = admission;
        this.readiness = readiness;
        this.maxHeaderBytes = maxHeaderBytes;
        this.trusted = trusted;
        this.peers = new KnownPeers(trusted);
        this.requestIds = requestIds;
    }

    /** From now on each connection closes after the answer to its present request. */
    public void drain() {
        isDraining = true;
    }

    boolean isDraining() {
        return isDraining;
    }

    /** Whether a connection may wait for its next request; where other proxies serve as well, it finds one of them. */
    boolean wantsClients() {
        return !isDraining && readiness.hasRoutes();
    }

    ExchangeContext context() {
        return context;
    }

    Admission admission() {
        return admission;
    }

    Readiness readiness() {
        return readiness;
    }

    LoopBuffers buffers() {
        return context.buffers();
    }

    int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    /** What is known of the client on {@code peer}'s connection whose request has {@code headers}. */
    ClientFacts client(ClientFacts peer, HttpHeaders headers) {
        ClientFacts client = peer.toldBy(headers, trusted);
        return requestIds == null ? client : client.named(requestIds.of(headers, client));
    }

    /** What is known of a peer with {@code address}, null for a unix socket, before it has sent anything. */
    ClientFacts peer(@Nullable InetAddress address, boolean isEncrypted) {
        return peers.of(address, isEncrypted);
    }

    String date() {
        return date.at(context.clock().epochMillis());
    }
}
