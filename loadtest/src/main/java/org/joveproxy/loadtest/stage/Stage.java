package org.joveproxy.loadtest.stage;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.joveproxy.loadtest.kernel.Side;
import org.joveproxy.loadtest.subject.Loopback;
import org.joveproxy.loadtest.subject.Ports;

/**
 * The world around one proxy: servers behind it and clients before it, all on 127.0.0.1, and the event loops that carry
 * them. Any thread may call any method, but not on one of those loops when it opens a server or a client.
 */
public final class Stage implements AutoCloseable {
    /** No scenario may open more connections than this at the same time, both sides counted. */
    public static final int MAX_CONNECTIONS = 60_000;

    private static final int LOOPS = 2;
    private static final int BACKLOG = 4096;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(LOOPS, new DefaultThreadFactory("stage", true), NioIoHandler.newFactory());
    private final Map<Integer, String> names = new ConcurrentHashMap<>();
    private final List<AutoCloseable> held = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    /** The loops, for clients and servers that a scenario builds itself. */
    public EventLoopGroup loops() {
        return loops;
    }

    /** A server that plays {@code script}, a new one for each connection. */
    public Server raw(String name, Supplier<? extends Script> script) {
        return raw(name, 1, script);
    }

    /** As {@link #raw(String, Supplier)}, on 127.0.0.{@code last} instead of 127.0.0.1. */
    public Server raw(String name, int last, Supplier<? extends Script> script) {
        return listen(name, last, new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new Wire(channel, script.get()));
            }
        });
    }

    /** A server that somebody else runs, a process for example, listens on {@code port}: counts the sockets to it too. */
    public void knows(String name, int port) {
        names.put(port, name);
    }

    /**
     * A server whose connections get {@code pipeline}; half-closed connections stay open, as {@link Script} wants it.
     *
     * @param name under which the proxy's sockets to it are counted
     */
    public Server listen(String name, ChannelHandler pipeline) {
        return listen(name, 1, pipeline);
    }

    /** As {@link #listen(String, ChannelHandler)}, on 127.0.0.{@code last} instead of 127.0.0.1. */
    public Server listen(String name, int last, ChannelHandler pipeline) {
        ChannelGroup connections = new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
        int port = Ports.free();
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        count(channel);
                        channel.pipeline().addLast(pipeline);
                    }
                })
                .bind(Loopback.address(last, port))
                .syncUninterruptibly()
                .channel();
        Server server = new Server("127.0.0." + last, port, listening, connections);
        names.put(port, name);
        hold(server);
        return server;
    }

    /**
     * A port where nobody listens and nobody else can. Returns the port.
     *
     * @param name under which the proxy's sockets to it are counted
     */
    public int nobody(String name) {
        try {
            // Bound but not listening: the kernel refuses connections and gives the port to nobody.
            int port = Ports.free();
            java.nio.channels.SocketChannel bound = java.nio.channels.SocketChannel.open();
            bound.bind(Loopback.port(port));
            names.put(port, name);
            hold(bound);
            return port;
        } catch (IOException e) {
            throw new IllegalStateException("a port for nobody: " + e.getMessage(), e);
        }
    }

    /** A raw client, connected to {@code port}. */
    public Client connect(int port) throws IOException {
        return connect(port, 1);
    }

    /** As {@link #connect(int)}, from 127.0.0.{@code last} instead of 127.0.0.1. */
    public Client connect(int port, int last) throws IOException {
        Client client = new Client();
        ChannelFuture connected = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5000)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        count(channel);
                        Wire wire = new Wire(channel, client);
                        client.has(wire);
                        channel.pipeline().addLast(wire);
                    }
                })
                .connect(Loopback.port(port), Loopback.address(last, 0))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new IOException("connecting to port " + port, connected.cause());
        }
        return client;
    }

    /** Counts {@code channel} among the open connections until it closes. Refuses it beyond {@link #MAX_CONNECTIONS}. */
    public void count(Channel channel) {
        if (open.incrementAndGet() > MAX_CONNECTIONS) {
            open.decrementAndGet();
            throw new IllegalStateException("connections: " + MAX_CONNECTIONS + " (expected: fewer)");
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
    }

    /** What the sockets of a proxy with these ports lead to, for the servers that there are by now. */
    public Side sides(int publicPort, int apiPort) {
        return new Side(publicPort, apiPort, new HashMap<>(names));
    }

    /** Closes {@code resource} with the stage. */
    public void hold(AutoCloseable resource) {
        synchronized (held) {
            held.add(resource);
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> last;
        synchronized (held) {
            last = new ArrayList<>(held);
            held.clear();
        }
        for (AutoCloseable resource : last) {
            try {
                resource.close();
            } catch (Exception e) {
                System.err.println("closing " + resource + ": " + e);
            }
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
    }
}
