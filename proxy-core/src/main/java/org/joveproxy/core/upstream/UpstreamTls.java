package org.joveproxy.core.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import org.joveproxy.core.routing.Origin;

/**
 * Makes the TLS side of connections to https targets.
 *
 * <p>Any thread may call it.
 */
@FunctionalInterface
public interface UpstreamTls {
    /** A handler that checks the certificate against {@code origin}'s own name or address. */
    SslHandler newHandler(Origin origin, ByteBufAllocator allocator);
}
