package org.joveproxy.core;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.relay.Tunnel;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * The end of the clients of one event loop, when no more are accepted: closes the idle ones, waits for requests in hand,
 * though not for servers that they are held for, and tells websockets that the proxy is going away. They are told one
 * after the other and waited for where there is time for that ({@link TimeoutConfig#spreadsDrain}); otherwise all at once
 * when the requests are done, or nearly out of time. A quarter of the time, a second at most, is kept for the goodbyes of
 * those that are told last.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
final class LoopDrain {
    private static final long STEP_MILLIS = 20;
    private static final long LONGEST_GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

    // A request that has not come by then is none in hand: browsers connect ahead of requests that may never come.
    private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NOT_YET = Long.MAX_VALUE;

    private final EventLoop loop;
    private final LoopLedger ledger;
    private final LongSupplier clock;
    private final long beginning;
    private final long limit;
    private final long goodbye;
    private final boolean isSpread;
    private final EvenSpread spread;
    private final Set<LedgerEntry> told = new HashSet<>();
    private final CompletableFuture<CutOff> done = new CompletableFuture<>();
    private long allToldAt = NOT_YET;

    private LoopDrain(EventLoop loop, LoopLedger ledger, TimeoutConfig timeouts, LongSupplier clock) {
        this.loop = loop;
        this.ledger = ledger;
        this.clock = clock;
        this.beginning = clock.getAsLong();
        this.limit = timeouts.drain().toNanos();
        this.goodbye = Math.min(limit / 4, LONGEST_GOODBYE_NANOS);
        this.isSpread = timeouts.spreadsDrain();
        this.spread = new EvenSpread(limit - goodbye);
    }

    /**
     * Begins; to be called on {@code loop}. The future completes there when all is done, or with what is not when the time
     * is over.
     *
     * @param clock nanoseconds that never go back
     */
    static CompletableFuture<CutOff> begin(
            EventLoop loop, LoopLedger ledger, TimeoutConfig timeouts, LongSupplier clock) {
        LoopDrain drain = new LoopDrain(loop, ledger, timeouts, clock);
        drain.step();
        return drain.done;
    }

    private void step() {
        long time = clock.getAsLong() - beginning;
        Clients clients = lookAt(ledger.entries(), time);
        if (isSpread) {
            tell(clients.tunnels, spread.due(time, untold(clients.tunnels)));
        } else if (clients.awaited == 0 || time >= limit - goodbye) {
            tell(clients.tunnels, clients.tunnels.size());
            allToldAt = Math.min(allToldAt, time);
        }
        boolean hasNothingLeft = clients.awaited == 0 && clients.tunnels.isEmpty() && clients.halfClosed == 0;
        boolean hasSaidGoodbye = clients.awaited == 0 && allToldAt <= time - goodbye;
        if (hasNothingLeft || hasSaidGoodbye || time >= limit) {
            done.complete(new CutOff(clients.inHand, inTunnel(clients.tunnels)));
        } else {
            loop.schedule(this::step, STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The clients of one moment. */
    private static final class Clients {
        /** Requests that are not answered to the end. */
        private int inHand;

        /** Those, and what is to be waited for beside them. */
        private int awaited;

        private int halfClosed;
        private final List<LedgerEntry> tunnels = new ArrayList<>();
    }

    /** Counts the clients, and closes those that have no request and will not have any. */
    private static Clients lookAt(List<LedgerEntry> entries, long time) {
        Clients clients = new Clients();
        for (LedgerEntry entry : entries) {
            if (entry.role() != Role.CLIENT) {
                continue;
            }
            switch (entry.phase()) {
                case IDLE -> entry.close(CloseReason.SHUTDOWN);
                case REQUEST_HEAD, TLS_HANDSHAKE -> {
                    if (time >= HEAD_NANOS) {
                        entry.close(CloseReason.SHUTDOWN);
                    } else {
                        clients.awaited++;
                    }
                }
                case TUNNEL -> clients.tunnels.add(entry);
                case HALF_CLOSED -> clients.halfClosed++;
                case LINGERING -> clients.awaited++;
                case HELD -> {
                    // Its server may come too late; the answer is on its way now, or soon.
                    entry.expire();
                    clients.inHand++;
                    clients.awaited++;
                }
                default -> {
                    clients.inHand++;
                    clients.awaited++;
                }
            }
        }
        return clients;
    }

    private void tell(List<LedgerEntry> tunnels, int count) {
        int left = count;
        for (LedgerEntry tunnel : tunnels) {
            if (left > 0 && told.add(tunnel)) {
                tunnel.channel().pipeline().fireUserEventTriggered(Tunnel.GOING_AWAY);
                left--;
            }
        }
    }

    private int untold(List<LedgerEntry> tunnels) {
        return (int) tunnels.stream().filter(tunnel -> !told.contains(tunnel)).count();
    }

    /** Those that are in the middle of a frame, or carry no websocket, have no close frame yet. */
    private static int inTunnel(List<LedgerEntry> tunnels) {
        return (int) tunnels.stream()
                .filter(tunnel -> tunnel.phase() == Phase.TUNNEL)
                .count();
    }
}
