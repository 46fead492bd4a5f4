package org.joveproxy.core.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureClassifier;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Places;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Scheme;
import org.joveproxy.core.threading.EventLoopConfined;
import org.joveproxy.core.threading.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to an upstream: name, sockets, TLS.
 *
 * <p>A host with several addresses gets a second socket when the first has not connected within a quarter of a second
 * (RFC 8305 5); the first to connect wins. Exactly one outcome is told unless the attempt is cancelled. Confined to its
 * event loop.
 */
@EventLoopConfined
final class ConnectAttempt {
    private static final long NEXT_ADDRESS_MILLIS = 250;

    /** Hears how the attempt ended. */
    interface Outcome {
        /** The socket is connected, TLS included. */
        void connected(LedgerEntry entry);

        /** No socket could be connected; all that were tried are closed. */
        void failed(Failure why);
    }

    private final UpstreamConnector connector;
    private final Origin origin;
    private final EventLoop loop;
    private final Outcome outcome;
    private final Deque<SocketAddress> untried = new ArrayDeque<>();
    private final List<LedgerEntry> racing = new ArrayList<>();
    private @Nullable ScheduledFuture<?> nextAddress;
    private int opening;
    private boolean isOver;

    ConnectAttempt(UpstreamConnector connector, Origin origin, EventLoop loop, Outcome outcome) {
        this.connector = connector;
        this.origin = origin;
        this.loop = loop;
        this.outcome = outcome;
    }

    void start() {
        if (origin.scheme() == Scheme.UNIX) {
            untried.add(connector.transport().unixAddress(Path.of(origin.host())));
            tryNext();
        } else if (origin.scheme() == Scheme.HTTPS) {
            whenTlsIsReady();
        } else {
            resolve();
        }
    }

    private void whenTlsIsReady() {
        CompletableFuture<?> ready = connector.tls().ready();
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            resolve();
            return;
        }
        ready.whenCompleteAsync(
                (done, failure) -> {
                    if (failure == null) {
                        resolve();
                    } else {
                        fail(new Failure(FailureKind.TLS_FAILED, "TLS cannot be spoken: " + failure.getMessage()));
                    }
                },
                loop);
    }

    private void resolve() {
        connector.names().resolve(origin.host(), loop, this::resolved);
    }

    /** Gives up; sockets on their way are closed and nothing is told. Returns false when it was over before. */
    boolean cancel() {
        boolean wasRunning = !isOver;
        end(CloseReason.OTHER_SIDE, null);
        return wasRunning;
    }

    /** Whether it has neither come to an end nor been cancelled. */
    boolean isRunning() {
        return !isOver;
    }

    private void resolved(@Nullable List<InetAddress> addresses, @Nullable Throwable failure) {
        if (isOver) {
            return;
        }
        if (addresses == null || addresses.isEmpty()) {
            fail(new Failure(FailureKind.UNKNOWN_HOST, "no address for " + origin.host() + ": " + failure));
            return;
        }
        for (InetAddress address : addresses) {
            untried.add(new InetSocketAddress(address, origin.port()));
        }
        tryNext();
    }

    private void tryNext() {
        SocketAddress address = untried.poll();
        if (isOver || address == null) {
            return;
        }
        if (!untried.isEmpty()) {
            nextAddress = loop.schedule(this::tryNext, NEXT_ADDRESS_MILLIS, TimeUnit.MILLISECONDS);
        }
        // The kernel gives the descriptor of a closed socket to the next one. Events for the old one may still
        // be in the batch that the loop is working through, and would break off the new one's connecting.
        opening++;
        loop.execute(() -> open(address, false));
    }

    /** All places for sockets are taken: an unused socket to another upstream is worth less than this one. */
    private void openWhenThereIsRoom(SocketAddress address) {
        opening++;
        var unused = connector
                .ledger()
                .closeSpare(Role.UPSTREAM, 1, false)
                .whenCompleteAsync((closed, failure) -> open(address, true), loop);
    }

    private void open(SocketAddress address, boolean hasMadeRoom) {
        opening--;
        if (isOver) {
            return;
        }
        if (!connector.sockets().tryTake()) {
            if (hasMadeRoom) {
                lost(null, new Failure(FailureKind.PROXY_FULL, "no more sockets to upstreams may be open"));
            } else {
                openWhenThereIsRoom(address);
            }
            return;
        }
        boolean isUnix = origin.scheme() == Scheme.UNIX;
        Opened opened = new Opened(isUnix);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(connector.transport().clientChannels(isUnix))
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                // What cannot be written any more is no reason not to read an answer that came before.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.ALLOCATOR, Transport.BUFFERS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 * 1024, 64 * 1024))
                .handler(opened);
        SocketAddress source = sourceTowards(address);
        if (source != null) {
            connector.transport().bindWithoutPort(bootstrap);
        }
        ChannelFuture registered = bootstrap.register();
        if (!opened.hasSocket) {
            connector.sockets().giveBack();
        }
        // Not left to a later task: to epoll, a socket that is registered and not yet connecting has been hung up.
        ChannelFuture connect =
                registered.cause() == null ? registered.channel().connect(address, source) : registered;
        // The initializer has run by now: we are on the loop that the channel is registered with. A socket that could
        // not even be opened has no loop; that is told on another thread.
        connect.addListener(done -> {
            if (loop.inEventLoop()) {
                connectEnded(connect);
            } else {
                loop.execute(() -> connectEnded(connect));
            }
        });
    }

    private @Nullable SocketAddress sourceTowards(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? connector.sources().towards(inet.getAddress()) : null;
    }

    private void connectEnded(ChannelFuture connect) {
        LedgerEntry entry = entryOf(connect.channel());
        Throwable cause = connect.cause();
        if (entry == null && cause instanceof ClosedChannelException) {
            return; // we gave it up before, and told why
        }
        if (cause != null) {
            // Without an entry the socket could not even be opened: no descriptors are left, say.
            lost(entry, FailureClassifier.whileConnecting(cause));
        } else if (entry == null) {
            connect.channel().close();
        } else if (origin.scheme() == Scheme.HTTPS) {
            handshake(entry);
        } else {
            won(entry);
        }
    }

    private void handshake(LedgerEntry entry) {
        Channel channel = entry.channel();
        SslHandler tls = connector.tls().newHandler(origin, channel.alloc());
        tls.setHandshakeTimeoutMillis(0);
        entry.enter(Phase.TLS_HANDSHAKE, connector.timeouts().connect());
        channel.pipeline().addLast(tls);
        tls.handshakeFuture().addListener(done -> {
            Throwable cause = done.cause();
            if (cause != null) {
                lost(entry, FailureClassifier.whileConnecting(cause));
            } else if (!isOver) {
                won(entry);
            }
        });
    }

    private void won(LedgerEntry entry) {
        racing.remove(entry);
        end(CloseReason.EVICTED, null);
        outcome.connected(entry);
    }

    private void lost(@Nullable LedgerEntry entry, Failure why) {
        if (entry != null) {
            racing.remove(entry);
            entry.close(CloseReason.PEER);
        }
        if (isOver) {
            return;
        }
        if (!untried.isEmpty()) {
            stopTimer();
            tryNext();
        } else if (racing.isEmpty() && opening == 0) {
            fail(why);
        }
    }

    private void outstayed(LedgerEntry entry) {
        entry.closingBecause(CloseReason.DEADLINE);
        lost(
                entry,
                new Failure(FailureKind.CONNECT_TIMEOUT, "connecting to " + origin.hostHeader() + " took too long"));
    }

    private void fail(Failure why) {
        end(CloseReason.OTHER_SIDE, why);
    }

    private void end(CloseReason forTheRest, @Nullable Failure why) {
        if (isOver) {
            return;
        }
        isOver = true;
        stopTimer();
        untried.clear();
        List.copyOf(racing).forEach(entry -> entry.close(forTheRest));
        racing.clear();
        if (why != null) {
            outcome.failed(why);
        }
    }

    private void stopTimer() {
        if (nextAddress != null) {
            nextAddress.cancel(false);
            nextAddress = null;
        }
    }

    private @Nullable LedgerEntry entryOf(Channel channel) {
        for (LedgerEntry entry : racing) {
            if (entry.channel() == channel) {
                return entry;
            }
        }
        return null;
    }

    /** Enters the socket into the ledger before it connects. */
    private final class Opened extends ChannelInitializer<Channel> {
        private final boolean isUnix;
        private boolean hasSocket;

        Opened(boolean isUnix) {
            this.isUnix = isUnix;
        }

        @Override
        protected void initChannel(Channel channel) {
            hasSocket = true;
            Places places = connector.sockets();
            // The socket may outlive this attempt by days, and must not hold on to it.
            channel.closeFuture().addListener(closed -> places.giveBack());
            if (!isUnix) {
                channel.config().setOptions(connector.tcpOptions());
            }
            LedgerEntry entry = connector.ledger().open(channel, Role.UPSTREAM, Phase.CONNECTING);
            Duration allowed = connector.timeouts().connect();
            entry.leadsTo(origin.toString());
            entry.onExpiry((expired, phase) -> outstayed(expired));
            entry.enter(Phase.CONNECTING, allowed);
            racing.add(entry);
        }
    }
}
