package org.joveproxy.core.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.routing.Origin;

/**
 * Makes the TLS side of connections to https targets.
 *
 * <p>Any thread may call it.
 */
@FunctionalInterface
public interface UpstreamTls {
    /** Completes when handlers can be made; fails when they never can. Must not block. */
    default CompletableFuture<?> ready() {
        return CompletableFuture.completedFuture(null);
    }

    /** A handler that checks the certificate against {@code origin}'s own name or address, once this is ready. */
    SslHandler newHandler(Origin origin, ByteBufAllocator allocator);
}
