package org.joveproxy.core.accept;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.threading.Transport;
import org.joveproxy.core.tls.ListenerTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bound address, TCP or unix socket, of the proxy, the REST API, the metrics or the redirect.
 *
 * <p>Every connection it accepts is in the ledger before its first handler runs. Any thread may call any method except
 * an event loop's: binding waits for the kernel's answer.
 */
public final class Listener implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Listener.class);

    // A loop that has much else to do in each turn must still keep up with a crowd that comes at once.
    private static final int ACCEPTED_IN_A_ROW = 16;

    private final Channel channel;
    private final @Nullable Path socketFile;

    private Listener(Channel channel, @Nullable Path socketFile) {
        this.channel = channel;
        this.socketFile = socketFile;
    }

    /**
     * What a listener needs beside its address.
     *
     * @param acceptor the loop that accepts
     * @param loops the loops that carry the accepted connections
     * @param tls null for plain text
     * @param tcp what the kernel is told about the accepted sockets
     * @param backlog connections that may wait in the kernel to be accepted
     * @param tlsHandshake how long the TLS handshake may take
     * @param firstRequest how long a new connection may take to its first complete request head, after TLS
     * @param gate bounds the accepted sockets; null when nothing does
     * @param proxyProtocol reads first of all whose connections they are; null when nobody says it
     */
    public record Setup(
            Transport transport,
            EventLoopGroup acceptor,
            EventLoopGroup loops,
            ConnectionLedger ledger,
            Role role,
            @Nullable ListenerTls tls,
            TcpConfig tcp,
            int backlog,
            Duration tlsHandshake,
            Duration firstRequest,
            @Nullable AcceptGate gate,
            @Nullable ProxyProtocol proxyProtocol) {
        /** With what TCP does by default, one limit for TLS and the first request, and no bound. */
        public Setup(
                Transport transport,
                EventLoopGroup acceptor,
                EventLoopGroup loops,
                ConnectionLedger ledger,
                Role role,
                @Nullable ListenerTls tls,
                int backlog,
                Duration firstRequest) {
            this(
                    transport,
                    acceptor,
                    loops,
                    ledger,
                    role,
                    tls,
                    TcpConfig.defaults(),
                    backlog,
                    firstRequest,
                    firstRequest,
                    null,
                    null);
        }
    }

    /**
     * Binds {@code address}; {@code pipeline} adds the handlers of each connection, after TLS. Connections wait in the
     * kernel until {@link #startAccepting}, so that a process can bind all its addresses before it serves on any.
     *
     * @throws IOException when the address cannot be bound; the message names the address and the cause
     */
    public static Listener bind(ListenAddress address, Setup setup, Consumer<LedgerEntry> pipeline) throws IOException {
        Path socketFile = address.socket();
        if (socketFile != null) {
            removeAbandoned(socketFile);
            return new Listener(
                    bind(setup, true, setup.transport().unixAddress(socketFile), address, pipeline), socketFile);
        }
        if (!address.host().isEmpty()) {
            InetAddress ip = resolve(address);
            return new Listener(bind(setup, false, new InetSocketAddress(ip, address.port()), address, pipeline), null);
        }
        // Every address means IPv6 and IPv4 in one socket; a kernel without IPv6 has only the other.
        SocketAddress any = new InetSocketAddress(anyAddress(), address.port());
        return new Listener(bind(setup, false, any, address, pipeline), null);
    }

    private static Channel bind(
            Setup setup, boolean unix, SocketAddress at, ListenAddress address, Consumer<LedgerEntry> pipeline)
            throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(setup.acceptor(), setup.loops())
                .channelFactory(setup.transport().serverChannels(at))
                .option(ChannelOption.SO_BACKLOG, setup.backlog())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, severalAtOnce())
                .childOption(ChannelOption.ALLOCATOR, Transport.BUFFERS)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 * 1024, 64 * 1024))
                .childHandler(new Accepted(setup, unix, pipeline));
        if (!unix) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
            setup.transport().handedDownOptions(setup.tcp()).forEach((option, value) -> set(bootstrap, option, value));
        }
        bootstrap.handler(new Entrance(setup.gate()));
        ChannelFuture bound = bootstrap.bind(at).awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw new IOException("cannot listen on " + address + ": " + reason(failure), failure);
        }
        return bound.channel();
    }

    /** By itself Netty's epoll transport accepts one connection in each turn of the loop, whatever waits. */
    private static RecvByteBufAllocator severalAtOnce() {
        return new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(ACCEPTED_IN_A_ROW);
    }

    @SuppressWarnings("unchecked") // each option stands beside a value of its own
    private static <T> void set(ServerBootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static InetAddress resolve(ListenAddress address) throws IOException {
        try {
            return InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            throw new IOException("cannot listen on " + address + ": unknown host name", e);
        }
    }

    private static InetAddress anyAddress() throws UnknownHostException {
        boolean hasIpv6 = Files.exists(Path.of("/proc/net/if_inet6")) || !Files.exists(Path.of("/proc/net"));
        return InetAddress.getByName(hasIpv6 ? "::" : "0.0.0.0");
    }

    /**
     * Removes a socket file that a process which is gone left behind. Netty's epoll transport would remove any file, also
     * the socket of a server that is alive.
     */
    private static void removeAbandoned(Path socketFile) throws IOException {
        if (!Files.exists(socketFile)) {
            return;
        }
        if (!UnixSocketProbe.isAbandoned(socketFile)) {
            throw new IOException("cannot listen on " + socketFile + ": the file exists and is in use");
        }
        logger.info("Removing the abandoned socket {}", socketFile);
        Files.delete(socketFile);
    }

    /** Accepts connections from now on. */
    public void startAccepting() {
        channel.config().setAutoRead(true);
    }

    /** The address that was bound, with the port the kernel chose. */
    public SocketAddress localAddress() {
        return channel.localAddress();
    }

    /** The bound TCP port, or 0 for a unix socket. */
    public int port() {
        return channel.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    /** Stops accepting; accepted connections live on. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        if (socketFile != null) {
            try {
                Files.deleteIfExists(socketFile);
            } catch (IOException e) {
                logger.warn("Cannot remove the socket {}: {}", socketFile, e.toString());
            }
        }
    }

    /** The listening channel's handlers: the gate, and the wait for the end of the loop's turn. */
    private static final class Entrance extends ChannelInitializer<Channel> {
        private final @Nullable AcceptGate gate;

        Entrance(@Nullable AcceptGate gate) {
            this.gate = gate;
        }

        @Override
        protected void initChannel(Channel listening) {
            if (gate != null) {
                listening.pipeline().addLast(gate.newTurnstile());
            }
            listening.pipeline().addLast(new AfterTheTurn());
        }
    }

    /**
     * Hands accepted sockets on when the loop has seen to all events of its turn. The kernel gives a new socket the number of
     * one that has been closed in this turn, and an event for the old one, still to come, would be taken for the new one's.
     */
    private static final class AfterTheTurn extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            ctx.executor().execute(() -> ctx.fireChannelRead(accepted));
        }
    }

    /** Enters each accepted connection into the ledger and builds its pipeline. */
    private static final class Accepted extends ChannelInitializer<Channel> {
        private final Setup setup;
        private final Map<ChannelOption<?>, Object> options;
        private final Consumer<LedgerEntry> pipeline;
        // Found out by the first of them: seven calls of the system less for each of the others.
        private volatile @Nullable Boolean areHandedDown;

        Accepted(Setup setup, boolean unix, Consumer<LedgerEntry> pipeline) {
            this.setup = setup;
            this.options = unix ? Map.of() : setup.transport().tcpOptions(setup.tcp());
            this.pipeline = pipeline;
        }

        @Override
        protected void initChannel(Channel accepted) {
            LedgerEntry entry = setup.ledger().open(accepted, setup.role(), Phase.REQUEST_HEAD);
            if (!areHandedDown(accepted)) {
                accepted.config().setOptions(options);
            }
            ProxyProtocol proxyProtocol = setup.proxyProtocol();
            if (proxyProtocol != null) {
                entry.enter(Phase.REQUEST_HEAD, setup.firstRequest());
                proxyProtocol.begin(entry, () -> speak(entry));
            } else {
                speak(entry);
            }
        }

        private void speak(LedgerEntry entry) {
            Channel accepted = entry.channel();
            ListenerTls tls = setup.tls();
            if (tls != null) {
                SslHandler handler = tls.newHandler(accepted.alloc());
                // The ledger's deadline bounds the handshake too.
                handler.setHandshakeTimeoutMillis(0);
                accepted.pipeline().addLast(handler);
                entry.enter(Phase.TLS_HANDSHAKE, setup.tlsHandshake());
                handler.handshakeFuture().addListener(done -> handshakeEnded(entry, done.isSuccess()));
            } else {
                entry.enter(Phase.REQUEST_HEAD, setup.firstRequest());
            }
            pipeline.accept(entry);
        }

        /** Whether the kernel gives accepted sockets the options of the listening one. */
        private boolean areHandedDown(Channel accepted) {
            Boolean known = areHandedDown;
            if (known == null) {
                ChannelConfig config = accepted.config();
                known = options.entrySet().stream()
                        .allMatch(option -> option.getValue().equals(config.getOption(option.getKey())));
                areHandedDown = known;
            }
            return known;
        }

        private void handshakeEnded(LedgerEntry entry, boolean isSuccess) {
            if (isSuccess) {
                entry.enter(Phase.REQUEST_HEAD, setup.firstRequest());
            } else {
                entry.close(CloseReason.PROTOCOL_ERROR);
            }
        }
    }
}
