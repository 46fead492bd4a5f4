package org.joveproxy.core.threading;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.config.TcpConfig.KeepAlive;

/**
 * The kernel interface below the event loops: epoll where the machine has it, otherwise Java's own selector.
 *
 * <p>Immutable.
 */
public enum Transport {
    /** Linux epoll through Netty's native library. */
    EPOLL {
        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannels(SocketAddress address) {
            return address instanceof InetSocketAddress inet
                    ? () -> new EpollServerSocketChannel(family(inet))
                    : EpollServerDomainSocketChannel::new;
        }

        @Override
        public ChannelFactory<? extends Channel> clientChannels(boolean unix) {
            return unix ? EpollDomainSocketChannel::new : EpollSocketChannel::new;
        }

        @Override
        public SocketAddress unixAddress(Path path) {
            return new DomainSocketAddress(path.toFile());
        }

        @Override
        public void bindWithoutPort(Bootstrap bootstrap) {
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }

        @Override
        Map<ChannelOption<?>, Object> keepAliveOptions(KeepAlive keepAlive) {
            return Map.of(
                    EpollChannelOption.TCP_KEEPIDLE, keepAlive.idleSeconds(),
                    EpollChannelOption.TCP_KEEPINTVL, keepAlive.intervalSeconds(),
                    EpollChannelOption.TCP_KEEPCNT, keepAlive.count());
        }

        @Override
        Map<ChannelOption<?>, Object> userTimeoutOptions(int millis) {
            return Map.of(EpollChannelOption.TCP_USER_TIMEOUT, millis);
        }

        @Override
        Map<ChannelOption<?>, Object> unsentOptions(long bytes) {
            return Map.of(EpollChannelOption.TCP_NOTSENT_LOWAT, bytes);
        }

        @Override
        public Map<ChannelOption<?>, Object> handedDownOptions(TcpConfig tcp) {
            Map<ChannelOption<?>, Object> options = new HashMap<>();
            tcpOptions(tcp).forEach((option, value) -> {
                ChannelOption<?> own = OF_LISTENING_SOCKETS.get(option);
                if (own != null) {
                    options.put(own, value instanceof Boolean isOn ? (isOn ? 1 : 0) : ((Number) value).intValue());
                }
            });
            return Collections.unmodifiableMap(options);
        }
    },
    /** Java's own selector, which works everywhere. */
    NIO {
        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannels(SocketAddress address) {
            return address instanceof InetSocketAddress inet
                    ? () -> new NioServerSocketChannel(SelectorProvider.provider(), family(inet))
                    : NioServerDomainSocketChannel::new;
        }

        @Override
        public ChannelFactory<? extends Channel> clientChannels(boolean unix) {
            return unix ? NioDomainSocketChannel::new : NioSocketChannel::new;
        }

        @Override
        public SocketAddress unixAddress(Path path) {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        public void bindWithoutPort(Bootstrap bootstrap) {
            // Java has no such option: one port serves one socket, whatever its target.
        }

        @Override
        Map<ChannelOption<?>, Object> keepAliveOptions(KeepAlive keepAlive) {
            Map<SocketOption<Integer>, Integer> wanted = Map.of(
                    ExtendedSocketOptions.TCP_KEEPIDLE, keepAlive.idleSeconds(),
                    ExtendedSocketOptions.TCP_KEEPINTERVAL, keepAlive.intervalSeconds(),
                    ExtendedSocketOptions.TCP_KEEPCOUNT, keepAlive.count());
            Map<ChannelOption<?>, Object> options = new HashMap<>();
            try (SocketChannel probe = SocketChannel.open()) {
                wanted.forEach((option, value) -> {
                    if (probe.supportedOptions().contains(option)) {
                        options.put(NioChannelOption.of(option), value);
                    }
                });
            } catch (IOException noSocketNow) {
                return Map.of();
            }
            return options;
        }

        /** Java has no name for the option. */
        @Override
        Map<ChannelOption<?>, Object> userTimeoutOptions(int millis) {
            return Map.of();
        }

        /** Java has no name for the option. */
        @Override
        Map<ChannelOption<?>, Object> unsentOptions(long bytes) {
            return Map.of();
        }

        /** Java lets nobody set such options of a listening socket. */
        @Override
        public Map<ChannelOption<?>, Object> handedDownOptions(TcpConfig tcp) {
            return Map.of();
        }
    };

    // Chunks of 1 MiB, four times the largest read: Netty's own choice, four times as much, is for larger heaps.
    private static final int PAGE_BYTES = 8 * 1024;
    private static final int PAGES_OF_CHUNK_LOG2 = 7;

    /**
     * Where the memory of every socket's buffers comes from. Beside a heap below 512 MiB Netty's default allocator pools
     * nothing above 16 KiB, so that each read of a large body would allocate, clear and free its memory. An arena of memory
     * outside the heap for each loop is enough, and hardly anything is on the heap. Netty gives a thread the arena that the
     * fewest threads have.
     */
    public static final ByteBufAllocator BUFFERS = new PooledByteBufAllocator(
            true,
            1,
            arenas(NettyRuntime.availableProcessors(), PlatformDependent.maxDirectMemory()),
            PAGE_BYTES,
            PAGES_OF_CHUNK_LOG2,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            false);

    // By the kernel's numbers (linux/tcp.h, asm-generic/socket.h), since Netty has no name for them at a listening
    // socket.
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;
    private static final Map<ChannelOption<?>, ChannelOption<?>> OF_LISTENING_SOCKETS = Map.of(
            ChannelOption.SO_KEEPALIVE, new IntegerUnixChannelOption("SO_KEEPALIVE", SOL_SOCKET, 9),
            ChannelOption.TCP_NODELAY, new IntegerUnixChannelOption("TCP_NODELAY", IPPROTO_TCP, 1),
            EpollChannelOption.TCP_KEEPIDLE, new IntegerUnixChannelOption("TCP_KEEPIDLE", IPPROTO_TCP, 4),
            EpollChannelOption.TCP_KEEPINTVL, new IntegerUnixChannelOption("TCP_KEEPINTVL", IPPROTO_TCP, 5),
            EpollChannelOption.TCP_KEEPCNT, new IntegerUnixChannelOption("TCP_KEEPCNT", IPPROTO_TCP, 6),
            EpollChannelOption.TCP_USER_TIMEOUT, new IntegerUnixChannelOption("TCP_USER_TIMEOUT", IPPROTO_TCP, 18),
            EpollChannelOption.TCP_NOTSENT_LOWAT, new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", IPPROTO_TCP, 25));

    // The kernel lets a socket's buffer grow to megabytes so that much can be under way at once, and fills it also
    // for a peer that does not read. What cannot be sent yet need not wait there: this much bridges the time until we
    // are asked for more.
    private static final long MOST_UNSENT_BYTES = 128 * 1024;

    /**
     * One for each loop, whose threads would wait for one another at the lock of one that they share: reads of a large body
     * are more than a thread keeps for itself. Fewer where that many with three chunks each are more than half the memory,
     * which is what Netty goes by; its own number is for chunks that are four times as large.
     */
    static int arenas(int processors, long mostDirectBytes) {
        long chunk = (long) PAGE_BYTES << PAGES_OF_CHUNK_LOG2;
        return (int) Math.max(1, Math.min(processors, mostDirectBytes / chunk / 2 / 3));
    }

    abstract IoHandlerFactory ioHandlers();

    /** Makes channels to listen at {@code address}: of TCP, in the address' family, or of unix sockets. */
    public abstract ChannelFactory<? extends ServerChannel> serverChannels(SocketAddress address);

    /** Makes connecting channels, for unix sockets or TCP. */
    public abstract ChannelFactory<? extends Channel> clientChannels(boolean unix);

    /** The address of the unix socket at {@code path}, as this transport's channels take it. */
    public abstract SocketAddress unixAddress(Path path);

    /**
     * Has a connecting TCP socket that is bound to an address get its port when it connects (ip(7), {@code
     * IP_BIND_ADDRESS_NO_PORT}), so that sockets to different targets can share one. Does nothing where that is not to be
     * had.
     */
    public abstract void bindWithoutPort(Bootstrap bootstrap);

    abstract Map<ChannelOption<?>, Object> keepAliveOptions(KeepAlive keepAlive);

    abstract Map<ChannelOption<?>, Object> userTimeoutOptions(int millis);

    abstract Map<ChannelOption<?>, Object> unsentOptions(long bytes);

    /** The options of a connected TCP socket, as far as this transport and this machine have them. */
    public Map<ChannelOption<?>, Object> tcpOptions(TcpConfig tcp) {
        Map<ChannelOption<?>, Object> options = new HashMap<>();
        options.put(ChannelOption.TCP_NODELAY, true);
        options.putAll(unsentOptions(MOST_UNSENT_BYTES));
        KeepAlive keepAlive = tcp.keepAlive();
        if (keepAlive != null) {
            options.put(ChannelOption.SO_KEEPALIVE, true);
            options.putAll(keepAliveOptions(keepAlive));
        }
        Duration userTimeout = tcp.userTimeout();
        if (userTimeout != null) {
            options.putAll(userTimeoutOptions(Math.toIntExact(userTimeout.toMillis())));
        }
        return Collections.unmodifiableMap(options);
    }

    /**
     * Options of a listening TCP socket that the kernel may hand down to those that it accepts, which then have {@link
     * #tcpOptions} without being told. Linux does; whoever accepts has to look.
     */
    public abstract Map<ChannelOption<?>, Object> handedDownOptions(TcpConfig tcp);

    /** The family to open a socket in: one of IPv6 hears both, even when it is bound to the wildcard of IPv4. */
    private static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /** The best transport of this machine. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Starts {@code count} event loops whose threads are named {@code name}. The caller shuts the group down. */
    public MultiThreadIoEventLoopGroup newEventLoops(int count, String name) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), ioHandlers());
    }
}
