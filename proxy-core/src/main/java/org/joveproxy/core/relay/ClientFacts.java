package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.joveproxy.core.config.TrustedPeers;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy knows of a client beside its request.
 *
 * <p>Immutable.
 *
 * @param address the IP address of the peer on the connection, or null over a unix socket
 * @param isEncrypted whether the peer speaks TLS, with us or with a balancer that passes its bytes on
 * @param isTrusted whether the peer's word about its own clients is taken
 * @param client the IP address of the client that the peer speaks for, else the peer's; null when neither is known
 * @param requestId the name of its present request, or null when requests have none
 */
public record ClientFacts(
        @Nullable String address,
        boolean isEncrypted,
        boolean isTrusted,
        @Nullable String client,
        @Nullable String requestId) {
    /** What is known of a peer with {@code address}, null for a unix socket, before it has sent anything. */
    public static ClientFacts of(@Nullable InetAddress address, boolean isEncrypted, TrustedPeers trusted) {
        String text = address == null ? null : NetUtil.toAddressString(address);
        return new ClientFacts(text, isEncrypted, trusted.contains(address), text, null);
    }

    /** What is known of the client whose request has {@code headers}. */
    public ClientFacts toldBy(HttpHeaders headers, TrustedPeers trusted) {
        String told = isTrusted ? ForwardedChain.client(headers, trusted) : null;
        return told == null ? this : new ClientFacts(address, isEncrypted, true, told, null);
    }

    /** What is known of the client whose request is named {@code id}. */
    public ClientFacts named(String id) {
        return new ClientFacts(address, isEncrypted, isTrusted, client, id);
    }
}
