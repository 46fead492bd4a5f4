package org.joveproxy.core;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Ends a pipeline and keeps the one message that comes out of it.
 *
 * <p>Confined to the socket's event loop.
 */
public final class LastRead extends ChannelInboundHandlerAdapter {
    private @Nullable Object message;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        message = read;
    }

    /** Hands the message out, whose receiver releases it; there must be one. */
    public Object take() {
        Object taken = message;
        if (taken == null) {
            throw new IllegalStateException("nothing was read");
        }
        message = null;
        return taken;
    }
}
