package org.joveproxy.core.lifecycle;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The book of all open connections: every socket is in it from open to close, and opened = closed + open at all times.
 *
 * <p>Any thread may call any method; the entries themselves belong to their event loops.
 */
public final class ConnectionLedger {
    private final Map<EventExecutor, LoopLedger> loops = new ConcurrentHashMap<>();
    private final Map<Role, LongAdder> opened = counters(Role.class);
    private final Map<Role, LongAdder> closed = counters(Role.class);
    private final Map<CloseReason, LongAdder> closedByReason = counters(CloseReason.class);

    /** Opens an entry for {@code channel}, to be called on its event loop; it is settled when the channel closes. */
    public LedgerEntry open(Channel channel, Role role, Phase phase) {
        return of(channel.eventLoop()).open(channel, role, phase);
    }

    /** The part of the book that belongs to {@code loop}; its reaper starts with the first call. */
    public LoopLedger of(EventLoop loop) {
        LoopLedger known = loops.get(loop);
        return known != null ? known : loops.computeIfAbsent(loop, unused -> begin(loop));
    }

    /** Sockets opened so far for {@code role}. */
    public long openedCount(Role role) {
        return of(opened, role);
    }

    /** Sockets closed so far for {@code role}. */
    public long closedCount(Role role) {
        return of(closed, role);
    }

    /** Sockets closed so far for {@code reason}. */
    public long closedCount(CloseReason reason) {
        return of(closedByReason, reason);
    }

    /** Sockets open now for {@code role}. */
    public long openCount(Role role) {
        // Closed is read first: a socket that closes in between is counted as open rather than as -1.
        long gone = closedCount(role);
        return openedCount(role) - gone;
    }

    /** Sockets open now. */
    public long openCount() {
        return List.of(Role.values()).stream().mapToLong(this::openCount).sum();
    }

    /**
     * Closes every socket of {@code roles} on {@code loops} and returns when the book has settled them, or after {@code
     * limit}: a TLS peer that does not read can delay its end. Not to be called on an event loop.
     */
    public void closeAll(EventLoopGroup loops, Set<Role> roles, CloseReason why, Duration limit) {
        List<CompletableFuture<Void>> settled = new ArrayList<>();
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            settled.add(CompletableFuture.supplyAsync(() -> of(loop).closeAll(roles, why), loop)
                    .thenCompose(Function.identity()));
        }
        CompletableFuture.allOf(settled.toArray(new CompletableFuture<?>[0]))
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    void opened(Role role) {
        increment(opened, role);
    }

    void closed(Role role, CloseReason reason) {
        increment(closed, role);
        increment(closedByReason, reason);
    }

    private LoopLedger begin(EventLoop loop) {
        LoopLedger ledger = new LoopLedger(this);
        ledger.startOn(loop);
        return ledger;
    }

    private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
        Map<K, LongAdder> counters = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            counters.put(key, new LongAdder());
        }
        return counters;
    }

    private static <K extends Enum<K>> long of(Map<K, LongAdder> counters, K key) {
        LongAdder counter = counters.get(key);
        return counter == null ? 0 : counter.sum();
    }

    private static <K extends Enum<K>> void increment(Map<K, LongAdder> counters, K key) {
        LongAdder counter = counters.get(key);
        if (counter != null) {
            counter.increment();
        }
    }
}
