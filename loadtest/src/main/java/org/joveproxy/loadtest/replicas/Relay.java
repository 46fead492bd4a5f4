package org.joveproxy.loadtest.replicas;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.joveproxy.loadtest.subject.Loopback;
import org.joveproxy.loadtest.subject.Ports;
import org.jspecify.annotations.Nullable;

/**
 * The cable between one replica and Redis. It can stop passing bytes, as a network does that has lost its way, or be pulled, so
 * that both ends are closed and nobody accepts. Any thread may call any method but a loop's own.
 */
final class Relay implements AutoCloseable {
    private final EventLoopGroup loops;
    private final int target;
    private final int port = Ports.free();
    private final ChannelGroup ends = new DefaultChannelGroup("relay", GlobalEventExecutor.INSTANCE);
    private @Nullable Channel listening;
    private volatile boolean passes = true;

    /** @param target port of 127.0.0.1 */
    Relay(EventLoopGroup loops, int target) {
        this.loops = loops;
        this.target = target;
        listen();
    }

    int port() {
        return port;
    }

    private void listen() {
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        ends.add(channel);
                        connect(channel);
                    }
                })
                .bind(Loopback.port(port))
                .syncUninterruptibly()
                .channel();
    }

    private void connect(Channel near) {
        new Bootstrap()
                .group(near.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(Loopback.port(target))
                .addListener((io.netty.channel.ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        near.close();
                        return;
                    }
                    Channel far = connected.channel();
                    if (!near.isActive()) {
                        far.close(); // the cable was pulled meanwhile
                        return;
                    }
                    ends.add(far);
                    near.pipeline().addLast(new Passing(far));
                    far.pipeline().addLast(new Passing(near));
                    near.config().setAutoRead(passes);
                    far.config().setAutoRead(passes);
                });
    }

    /** Passes no byte from now on, and tells nobody. */
    void freeze() {
        passes = false;
        readAll(false);
    }

    private void readAll(boolean reads) {
        for (Channel end : ends) {
            // What is not connected to its other end yet would have nowhere to pass its bytes to.
            if (end.pipeline().get(Passing.class) != null) {
                end.config().setAutoRead(reads);
            }
        }
    }

    /** Closes all connections, and refuses new ones. */
    void pull() {
        if (listening != null) {
            listening.close().syncUninterruptibly();
            listening = null;
        }
        ends.close().awaitUninterruptibly();
    }

    /** Works again; what it held back is passed on first. */
    void mend() {
        passes = true;
        readAll(true);
        if (listening == null) {
            listen();
        }
    }

    @Override
    public void close() {
        pull();
    }

    private static final class Passing extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Passing(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            other.writeAndFlush(bytes, other.voidPromise());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
