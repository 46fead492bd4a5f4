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
 * a limited time to do the same. A proxy that stops tells a websocket's client so: see {@link #GOING_AWAY}. Confined to the
 * event loop that both sockets share.
 */
@EventLoopConfined
public final class Tunnel {
    /**
     * The event that tells the client's pipeline that the proxy is stopping. If the tunnel carries a websocket, the client
     * gets a close frame with the code 1001 between two frames of the upstream, at once or when the present one ends; the
     * socket is then {@link Phase#HALF_CLOSED}. Whatever else the upstream sends is thrown away, what the client sends still
     * goes to the upstream, and both have the limited time of a close. In other phases and protocols nothing happens.
     */
    public static final Object GOING_AWAY = new Object() {
        @Override
        public String toString() {
            return "GOING_AWAY";
        }
    };

    private static final Logger logger = LoggerFactory.getLogger(Tunnel.class);

    // FIN and the opcode of a close, two bytes without a mask, 1001 (RFC 6455 5.5.1, 7.4.1).
    private static final int CLOSE_FRAME_GOING_AWAY = 0x88_02_03_e9;

    private enum Farewell {
        NOT_ORDERED,
        /** The upstream is in the middle of a frame. */
        AWAITING_BOUNDARY,
        SAID
    }

    private final End client;
    private final End upstream;
    private final TimeoutConfig timeouts;
    private final LoopBuffers buffers;
    private final @Nullable FrameBoundary frames;
    private final Listener listener;
    private Farewell farewell = Farewell.NOT_ORDERED;
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
     * @param isWebsocket whether the upstream has agreed to speak that protocol
     * @param listener hears of all that comes, and of the end
     */
    public Tunnel(
            LedgerEntry client,
            LedgerEntry upstream,
            TimeoutConfig timeouts,
            LoopBuffers buffers,
            boolean isWebsocket,
            Listener listener) {
        this.client = new End(client);
        this.upstream = new End(upstream);
        this.timeouts = timeouts;
        this.buffers = buffers;
        this.frames = isWebsocket ? new FrameBoundary() : null;
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

    // ---- the proxy is stopping ----

    private void goAway() {
        if (frames == null || farewell != Farewell.NOT_ORDERED || client.entry.phase() != Phase.TUNNEL) {
            return;
        }
        farewell = Farewell.AWAITING_BOUNDARY;
        if (frames.isBetweenFrames()) {
            sayFarewell(frames);
        }
    }

    /** Makes of {@code bytes} from the upstream what the client may still get, and returns whether that is anything. */
    private boolean isForClient(ByteBuf bytes) {
        if (frames == null) {
            return true;
        }
        if (farewell == Farewell.NOT_ORDERED) {
            frames.passed(bytes);
            return true;
        }
        if (farewell == Farewell.SAID) {
            return false;
        }
        bytes.writerIndex(frames.passedToEnd(bytes));
        return true;
    }

    private void sayFarewell(FrameBoundary between) {
        farewell = Farewell.SAID;
        if (!between.isClosed()) {
            ByteBuf frame = client.channel.alloc().ioBuffer(Integer.BYTES).writeInt(CLOSE_FRAME_GOING_AWAY);
            client.channel.write(frame, client.channel.voidPromise());
        }
        client.leave();
        upstream.leave();
        buffers.flush(client.entry, client);
        // Its bytes wait for nobody any more, and its end must be seen.
        upstream.channel.config().setAutoRead(true);
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
            if (!(message instanceof ByteBuf bytes)
                    || !other.channel.isActive()
                    || (this == upstream && !isForClient(bytes))) {
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
                if (farewell == Farewell.AWAITING_BOUNDARY && frames != null && frames.isBetweenFrames()) {
                    sayFarewell(frames);
                }
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            End other = other(this);
            buffers.flush(other.entry, other);
            if (!other.channel.isWritable() && !isUnheard()) {
                channel.config().setAutoRead(false);
            }
        }

        /** Whether what this side sends is thrown away. */
        private boolean isUnheard() {
            return this == upstream && farewell == Farewell.SAID;
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
            if (event == GOING_AWAY) {
                goAway();
            } else if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
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
            enterHalfClosed();
            other.enterHalfClosed();
            other.sendEnd();
        }

        /** What is left to say has a limited time, which does not begin again. */
        private void enterHalfClosed() {
            if (entry.phase() != Phase.HALF_CLOSED) {
                entry.enter(Phase.HALF_CLOSED, timeouts.halfClosed());
            }
        }

        private void leave() {
            entry.closingBecause(CloseReason.SHUTDOWN);
            enterHalfClosed();
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
            // A peer that does not read must not keep the socket open.
            enterHalfClosed();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
        }
    }
}
