package org.joveproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.failure.FailureClassifier;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raw bytes both ways after an upgrade, untouched, until both sides have closed.
 *
 * <p>One side is read only while the other can be written. When one side closes, the close is passed on and the other has
 * a limited time to do the same. Confined to the event loop that both sockets share.
 */
@EventLoopConfined
public final class Tunnel {
    private static final Logger logger = LoggerFactory.getLogger(Tunnel.class);

    private final End client;
    private final End upstream;
    private final TimeoutConfig timeouts;
    private final LoopBuffers buffers;
    private final Listener listener;
    private @Nullable CloseReason firstReason;

    /** Hears what a tunnel carries, and of its end. Called on the tunnel's event loop. */
    public interface Listener {
        /** The client has sent {@code bytes}. */
        void clientSent(int bytes);

        /** The upstream has sent {@code bytes}. */
        void upstreamSent(int bytes);

        /** Both sockets have closed; the first of them because of {@code why}, or its peer has closed it when that is null. */
        void ended(@Nullable CloseReason why);
    }

    /**
     * A tunnel between two sockets whose ends are yet to be put into their pipelines.
     *
     * @param listener hears of all that comes, and of the end
     */
    public Tunnel(
            LedgerEntry client, LedgerEntry upstream, TimeoutConfig timeouts, LoopBuffers buffers, Listener listener) {
        this.client = new End(client);
        this.upstream = new End(upstream);
        this.timeouts = timeouts;
        this.buffers = buffers;
        this.listener = listener;
    }

    /** The last handler of the client's pipeline. */
    public ChannelHandler clientEnd() {
        return client;
    }

    /** The last handler of the upstream's pipeline. */
    public ChannelHandler upstreamEnd() {
        return upstream;
    }

    /** Begins to relay, both ends being in place. */
    public void open() {
        client.open();
        upstream.open();
    }

    /** Either side has sent something. After the end of one side time runs out whatever the other sends. */
    private void noteLife() {
        if (timeouts.tunnelIdle() != null && client.entry.phase() == Phase.TUNNEL) {
            client.entry.renewDeadline();
            upstream.entry.renewDeadline();
        }
    }

    /** One side has closed; when the other had before, that is the end. */
    private void gone(End end) {
        if (end.isGone) {
            return;
        }
        end.isGone = true;
        End other = other(end);
        if (!other.isGone) {
            firstReason = end.entry.reason();
        } else {
            listener.ended(firstReason);
        }
    }

    private End other(End end) {
        return end == client ? upstream : client;
    }

    /** One side's socket. */
    private final class End extends ChannelInboundHandlerAdapter implements LoopBuffers.StallListener {
        private final LedgerEntry entry;
        private final Channel channel;
        private boolean hasEnded;
        private boolean isGone;

        End(LedgerEntry entry) {
            this.entry = entry;
            this.channel = entry.channel();
        }

        void open() {
            entry.enter(Phase.TUNNEL, timeouts.tunnelIdle());
            buffers.fit(channel);
            entry.onExpiry((expired, phase) -> expired.close(CloseReason.DEADLINE));
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.config().setAutoRead(other(this).channel.isWritable());
            if (!channel.isActive()) {
                onGone();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            End other = other(this);
            // What is not bytes is the decoder's end mark of the 101, which has nobody left to hear it.
            if (!(message instanceof ByteBuf bytes) || !other.channel.isActive()) {
                ReferenceCountUtil.release(message);
                return;
            }
            noteLife();
            int count = bytes.readableBytes();
            other.channel.write(message, other.channel.voidPromise());
            if (!buffers.takesMore(other.entry, other)) {
                // Not only when the read is over: one turn of reading brings several times what may wait for a slow
                // peer.
                channel.config().setAutoRead(false);
            }
            if (this == client) {
                listener.clientSent(count);
            } else {
                listener.upstreamSent(count);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            End other = other(this);
            buffers.flush(other.entry, other);
            if (!other.channel.isWritable()) {
                channel.config().setAutoRead(false);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (channel.isWritable()) {
                other(this).channel.config().setAutoRead(true);
            }
        }

        /** The peer takes nothing of what waits for it, not even into its kernel. */
        @Override
        public void stalled() {
            entry.close(CloseReason.DEADLINE);
        }

        @Override
        public boolean isOnlyTheRest() {
            return entry.phase() == Phase.HALF_CLOSED;
        }

        @Override
        public void relieve() {
            entry.close(CloseReason.EVICTED);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
                onEnded();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            onGone();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!FailureClassifier.isPeersDoing(cause)) {
                logger.error("Unexpected error in a tunnel", cause);
                entry.closingBecause(CloseReason.OUR_BUG);
            }
            entry.close(CloseReason.PEER);
        }

        /** This side has sent all it will ever send: tell the other, and give it a limited time. */
        private void onEnded() {
            if (hasEnded) {
                return;
            }
            hasEnded = true;
            End other = other(this);
            if (other.hasEnded) {
                // Both directions are done; what is still to be written goes out first.
                entry.closingBecause(CloseReason.COMPLETE);
                other.closeAfterFlush();
                closeAfterFlush();
                return;
            }
            entry.enter(Phase.HALF_CLOSED, timeouts.halfClosed());
            other.entry.enter(Phase.HALF_CLOSED, timeouts.halfClosed());
            other.sendEnd();
        }

        private void sendEnd() {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                SslHandler tls = channel.pipeline().get(SslHandler.class);
                if (tls != null) {
                    tls.closeOutbound();
                } else if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
                    duplex.shutdownOutput();
                }
            });
        }

        private void onGone() {
            gone(this);
            End other = other(this);
            if (other.channel.isActive()) {
                other.closeAfterFlush();
            }
        }

        private void closeAfterFlush() {
            entry.closingBecause(CloseReason.OTHER_SIDE);
            if (entry.phase() != Phase.HALF_CLOSED) {
                // A peer that does not read must not keep the socket open.
                entry.enter(Phase.HALF_CLOSED, timeouts.halfClosed());
            }
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
        }
    }
}
