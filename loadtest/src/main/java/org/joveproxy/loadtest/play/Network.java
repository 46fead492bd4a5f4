package org.joveproxy.loadtest.play;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How clients reach one port of the proxy, and who ends calls that take too long.
 *
 * <p>Each user's sockets come from an address of 127.0.0.0/8 of its own, as from the world outside: thousands of users
 * find room beside a proxy that has a thousand ports. Confined to the play's loop.
 */
final class Network {
    private static final int CONNECT_MILLIS = 20_000;
    private static final Duration SWEEP = Duration.ofMillis(250);

    private final PlayLoop loop;
    private final InetSocketAddress proxy;
    private final Set<Connections> clients = new HashSet<>();

    Network(PlayLoop loop, InetSocketAddress proxy) {
        this.loop = loop;
        this.proxy = proxy;
        loop.every(SWEEP, this::sweep);
    }

    PlayLoop loop() {
        return loop;
    }

    /** The value of the Host field. */
    String host() {
        return proxy.getHostString() + ":" + proxy.getPort();
    }

    /** Begins to connect from {@code address}, with {@code handlers} in the pipeline. */
    ChannelFuture connect(InetAddress address, ChannelHandler... handlers) {
        EpollSocketChannel channel = new EpollSocketChannel();
        EpollSocketChannelConfig config = channel.config();
        config.setIpBindAddressNoPort(true).setTcpNoDelay(true).setConnectTimeoutMillis(CONNECT_MILLIS);
        channel.pipeline().addLast(handlers);
        // In one go, as a bootstrap does not do it: a socket that epoll watches before it connects is reported as
        // closed.
        loop.eventLoop().register(channel);
        return channel.connect(proxy, new InetSocketAddress(address, 0));
    }

    void joined(Connections client) {
        clients.add(client);
    }

    void left(Connections client) {
        clients.remove(client);
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Connections client : List.copyOf(clients)) {
            client.endOverdueCalls(now);
        }
    }
}
