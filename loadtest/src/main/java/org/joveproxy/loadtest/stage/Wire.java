package org.joveproxy.loadtest.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The stage's end of one raw TCP connection, with all that a badly behaved peer can do: send what it likes, half-close,
 * close, reset, stop reading. Any thread may call its public methods; calls of one thread keep their order.
 */
public final class Wire extends ChannelInboundHandlerAdapter {
    private final SocketChannel channel;
    private final Script script;

    Wire(SocketChannel channel, Script script) {
        this.channel = channel;
        this.script = script;
    }

    public void send(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /** Sends a FIN, after all that was sent before, and goes on reading. */
    public void fin() {
        channel.eventLoop().execute(() -> {
            if (channel.isActive()) {
                channel.shutdownOutput();
            }
        });
    }

    /** Closes with a FIN, or with an RST when bytes lie unread. */
    public void close() {
        channel.close();
    }

    /** Closes with an RST. */
    public void reset() {
        channel.eventLoop().execute(() -> {
            if (channel.isActive()) {
                channel.config().setSoLinger(0);
                channel.close();
            }
        });
    }

    /** Waits until the socket is closed, for five seconds at most. Not on an event loop. */
    void awaitClosed() {
        channel.closeFuture().awaitUninterruptibly(5_000);
    }

    /** Takes nothing more from the kernel, so that the window of the other side closes. */
    public void stopReading() {
        channel.config().setAutoRead(false);
    }

    /** Whether the kernel takes what is sent; if not, it queues up here. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /** Runs {@code task} on this connection's event loop, unless the connection is gone by then. */
    public void after(Duration delay, Runnable task) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (channel.isActive()) {
                                task.run();
                            }
                        },
                        delay.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        script.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        try {
            script.received(this, ByteBufUtil.getBytes(buffer));
        } finally {
            buffer.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            script.ended(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        script.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a reset, mostly; the script hears that it is closed
    }
}
