package org.joveproxy.core.lifecycle;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * The first handler of every pipeline: counts what comes from the socket and what goes to it, as it is on the wire, so
 * with TLS in its encrypted form.
 *
 * <p>Confined to the socket's event loop.
 */
@EventLoopConfined
final class ByteCounter extends ChannelDuplexHandler {
    private final LedgerEntry entry;

    ByteCounter(LedgerEntry entry) {
        this.entry = entry;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            entry.received(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            entry.sent(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }
}
