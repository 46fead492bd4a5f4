package org.joveproxy.core.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.core.threading.EventLoopConfined;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the accepted sockets of one or several listeners. At the bound nothing is accepted until there is room again:
 * clients wait in the kernel, where they cost no descriptor.
 *
 * <p>Any thread may call any method. What is open may be above the bound by what one turn of the accepting loop takes.
 */
public final class AcceptGate {
    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final long NO_DESCRIPTOR_PAUSE_MILLIS = 200;
    private static final Logger logger = LoggerFactory.getLogger(AcceptGate.class);

    private final int limit;
    private final Runnable makeRoom;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * A gate for {@code limit} sockets.
     *
     * @param makeRoom has sockets closed that can be spared; called again and again while the bound is reached
     */
    public AcceptGate(int limit, Runnable makeRoom) {
        this.limit = limit;
        this.makeRoom = makeRoom;
    }

    /** Sockets that were accepted and are not closed yet. */
    public int open() {
        return open.get();
    }

    /** A handler for the pipeline of one listening channel. */
    ChannelHandler newTurnstile() {
        return new Turnstile();
    }

    /**
     * Lets accepted sockets into the book-keeping of the gate.
     *
     * <p>Confined to the accepting loop.
     */
    @EventLoopConfined
    private final class Turnstile extends ChannelInboundHandlerAdapter {
        private boolean isPaused;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            int count = open.incrementAndGet();
            ((Channel) accepted).closeFuture().addListener(closed -> open.decrementAndGet());
            ctx.fireChannelRead(accepted);
            if (count >= limit && !isPaused) {
                logger.debug("{} clients are connected: no more are accepted for now", count);
                pause(ctx, LOOK_AGAIN_MILLIS);
            }
        }

        /** No descriptor is left, most likely. To try again at once would keep the loop from everything else. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!isPaused) {
                logger.warn("Cannot accept: {}", cause.getMessage());
                pause(ctx, NO_DESCRIPTOR_PAUSE_MILLIS);
            }
        }

        private void pause(ChannelHandlerContext ctx, long millis) {
            isPaused = true;
            ctx.channel().config().setAutoRead(false);
            makeRoom.run();
            lookAgain(ctx, millis);
        }

        private void lookAgain(ChannelHandlerContext ctx, long millis) {
            ctx.executor().schedule(() -> look(ctx), millis, TimeUnit.MILLISECONDS);
        }

        private void look(ChannelHandlerContext ctx) {
            if (open.get() < limit) {
                isPaused = false;
                ctx.channel().config().setAutoRead(ctx.channel().isActive());
            } else {
                makeRoom.run();
                lookAgain(ctx, LOOK_AGAIN_MILLIS);
            }
        }
    }
}
