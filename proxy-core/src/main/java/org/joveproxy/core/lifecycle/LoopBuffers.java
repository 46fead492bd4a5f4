package org.joveproxy.core.lifecycle;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one event loop for whose peers bytes wait in memory: how many bytes that are, and whether the peers take
 * any.
 *
 * <p>Whoever writes asks {@link #takesMore} before it reads more from the other side. A socket is looked after from the
 * moment at which its peer turns out to be behind until nothing waits for it any more; a peer that keeps up, or an idle
 * tunnel, costs nothing. Confined to its event loop.
 */
@EventLoopConfined
public final class LoopBuffers {
    /** The most that may wait for one peer, and that one read brings, while there is memory enough. */
    static final int LARGEST_PART = 64 * 1024;

    private static final int SMALLEST_PART = 4 * 1024;

    private final LoopLedger clock;
    private final BufferBudget budget;
    private final long stalledNanos;
    private final Map<LedgerEntry, Behind> behind = new LinkedHashMap<>();
    private final RecvByteBufAllocator reads = new BoundedReads(this);
    private long held;
    private int part = LARGEST_PART;
    private WriteBufferWaterMark marks = marksFor(LARGEST_PART);
    private boolean isSpent;

    /** Hears that a peer has taken nothing for too long of what waits for it, or that memory is needed. */
    public interface StallListener {
        /** The socket must be closed. */
        void stalled();

        /** Bytes that came from the peer and are held until they make sense. */
        default long heldBytes() {
            return 0;
        }

        /** Whether what waits is the rest for a peer whose partner has left: it makes way before anybody is refused. */
        default boolean isOnlyTheRest() {
            return false;
        }

        /** Memory is short: what is held and not needed must go. */
        default void relieve() {}
    }

    /**
     * Looks after the sockets of {@code clock}'s loop; to be called on it.
     *
     * @param stalled how long a peer may take nothing, or null for ever
     */
    public LoopBuffers(LoopLedger clock, BufferBudget budget, @Nullable Duration stalled) {
        this.clock = clock;
        this.budget = budget;
        this.stalledNanos = stalled == null ? Long.MAX_VALUE : stalled.toNanos();
        adjust();
        clock.onTick(this::tick);
    }

    /** Has {@code channel} read no more at once than there is memory for, and hold no more than its part. */
    public void install(Channel channel) {
        channel.config().setRecvByteBufAllocator(reads);
        channel.config().setWriteBufferWaterMark(marks);
    }

    /** Brings the part of {@code channel} up to date, which is worth while before much is written to it. */
    public void fit(Channel channel) {
        ChannelConfig config = channel.config();
        if (config.getWriteBufferHighWaterMark() != part) {
            config.setWriteBufferWaterMark(marks);
        }
    }

    /**
     * Whether more may be written to the socket of {@code entry}. When it is full, what waits is sent as far as the kernel
     * takes it; if that is not enough, the peer is behind, and {@code listener} hears when it is too far behind. The socket
     * then tells by its writability when it takes more.
     */
    public boolean takesMore(LedgerEntry entry, StallListener listener) {
        if (entry.channel().isWritable()) {
            return true;
        }
        flush(entry, listener);
        return entry.channel().isWritable();
    }

    /** Sends what waits as far as the kernel takes it; the rest, if there is any, is looked after until it is gone. */
    public void flush(LedgerEntry entry, StallListener listener) {
        Channel channel = entry.channel();
        channel.flush();
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        if (unsent != null && unsent.totalPendingWriteBytes() > 0 && !behind.containsKey(entry)) {
            behind.put(entry, new Behind(channel, listener, clock.now()));
            add(unsent.totalPendingWriteBytes());
            fit(channel);
        }
    }

    /** Looks after the socket of {@code entry} for as long as {@code listener} holds bytes of it. */
    public void holds(LedgerEntry entry, StallListener listener) {
        if (!behind.containsKey(entry)) {
            behind.put(entry, new Behind(entry.channel(), listener, clock.now()));
            add(listener.heldBytes());
        }
    }

    /** Whether new requests are to be refused, because slow peers hold all the memory there is for bytes on their way. */
    public boolean isSpent() {
        isSpent = budget.isSpent(isSpent);
        return isSpent;
    }

    /** The most that one read may bring. */
    int largestRead() {
        return part;
    }

    private void add(long bytes) {
        held += bytes;
        budget.add(bytes);
        adjust();
    }

    private void adjust() {
        isSpent = budget.isSpent(isSpent);
        int fitting = Integer.highestOneBit((int) Math.max(SMALLEST_PART, Math.min(LARGEST_PART, budget.share())));
        if (fitting != part) {
            part = fitting;
            marks = marksFor(fitting);
        }
    }

    private static WriteBufferWaterMark marksFor(int part) {
        return new WriteBufferWaterMark(part / 2, part);
    }

    private void tick() {
        long now = 0;
        boolean isTight = budget.isTight();
        List<StallListener> stalled = new ArrayList<>(0);
        List<StallListener> holding = new ArrayList<>(0);
        for (var each = behind.entrySet().iterator(); each.hasNext(); ) {
            Behind peer = each.next().getValue();
            long bytes = peer.bytes();
            if (bytes <= 0) {
                each.remove();
                continue;
            }
            now += bytes;
            if (peer.hasStalled(clock.now(), stalledNanos)) {
                stalled.add(peer.listener);
            } else if ((isSpent && peer.listener.heldBytes() > 0) || (isTight && peer.listener.isOnlyTheRest())) {
                holding.add(peer.listener);
            }
        }
        if (now != held) {
            budget.add(now - held);
            held = now;
        }
        adjust();
        stalled.forEach(StallListener::stalled);
        holding.forEach(StallListener::relieve);
    }

    /** A socket whose peer is behind. */
    private static final class Behind {
        private final Channel channel;
        private final StallListener listener;
        private long since;
        private @Nullable Object first;
        private long firstSent;

        Behind(Channel channel, StallListener listener, long now) {
            this.channel = channel;
            this.listener = listener;
            this.since = now;
        }

        /** What waits for the peer or came from it, or -1 when the socket is closed. */
        long bytes() {
            ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
            return unsent == null ? -1 : unsent.totalPendingWriteBytes() + listener.heldBytes();
        }

        /** Whether nothing has gone out for {@code limit}; what is added behind what waits makes no difference. */
        boolean hasStalled(long now, long limit) {
            ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
            if (unsent == null || unsent.isEmpty()) {
                since = now;
                return false;
            }
            if (unsent.current() != first || unsent.currentProgress() != firstSent) {
                first = unsent.current();
                firstSent = unsent.currentProgress();
                since = now;
            }
            return now - since > limit;
        }
    }
}
