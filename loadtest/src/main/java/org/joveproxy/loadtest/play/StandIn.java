package org.joveproxy.loadtest.play;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A server at an address of its own, with all its connections: when it is closed, the kernel refuses whoever still comes.
 *
 * <p>Confined to the play's loop.
 */
final class StandIn {
    private static final int BACKLOG = 1024;

    private final Channel listener;
    private final Set<ServerConnection> connections;

    private StandIn(Channel listener, Set<ServerConnection> connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /** Listens at {@code address}, and tells {@code whenBound} of the server or of what was in the way. */
    static void listen(
            PlayLoop loop,
            InetSocketAddress address,
            Site site,
            BiConsumer<@Nullable StandIn, @Nullable Throwable> whenBound) {
        Set<ServerConnection> connections = new HashSet<>();
        new ServerBootstrap()
                .group(loop.eventLoop(), loop.eventLoop())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpRequestDecoder(new HttpDecoderConfig().setValidateHeaders(false)),
                                        new ServerConnection(site, connections));
                    }
                })
                .bind(address)
                .addListener((io.netty.channel.ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        whenBound.accept(new StandIn(bound.channel(), connections), null);
                    } else {
                        whenBound.accept(null, bound.cause());
                    }
                });
    }

    int connectionCount() {
        return connections.size();
    }

    /** Sends a ping on every open websocket, as notebook servers do. */
    void pingAll() {
        for (ServerConnection connection : connections) {
            connection.ping();
        }
    }

    /** Ends everything at once: with a FIN for each connection, or a reset as of a killed process. */
    void close(boolean abruptly) {
        listener.close();
        for (ServerConnection connection : List.copyOf(connections)) {
            connection.close(abruptly);
        }
    }
}
