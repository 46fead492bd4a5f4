package org.joveproxy.core.lifecycle;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of one event loop and the reaper that ends those which outstay their phase.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
public final class LoopLedger {
    // One task per loop serves every deadline. It looks at the entries only when the earliest deadline that was ever
    // set has passed; moving a deadline back costs nothing, so an idle websocket costs nothing either. The clock is
    // read once a tick: deadlines are late by up to two ticks and never early. While the loop stands still (a pause of
    // the collector, a busy machine) it hears nobody, so that time counts against nobody.
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger logger = LoggerFactory.getLogger(LoopLedger.class);

    private final ConnectionLedger book;
    private final LoopTally tally;
    private final LoopLag lag;
    private final List<Runnable> tickListeners = new ArrayList<>();
    private @Nullable LedgerEntry first;
    private @Nullable LedgerEntry last;
    private long now = System.nanoTime();
    private long lastTick = now;
    private long tickDue = now + TICK_NANOS;
    private long epochMillis = System.currentTimeMillis();
    private long earliest = LedgerEntry.NO_DEADLINE;

    LoopLedger(ConnectionLedger book) {
        this.book = book;
        this.tally = book.newTally();
        this.lag = book.newLag();
    }

    void startOn(EventLoop loop) {
        loop.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    LedgerEntry open(Channel channel, Role role, Phase phase) {
        LedgerEntry entry = new LedgerEntry(this, channel, role, phase, book.nextId());
        entry.next = first;
        if (first == null) {
            last = entry;
        } else {
            first.previous = entry;
        }
        first = entry;
        tally.socketOpened(role, phase);
        channel.pipeline().addFirst(new ByteCounter(entry));
        // The close future comes whatever closed the socket, also for one that never became active.
        channel.closeFuture().addListener(closed -> settle(entry));
        return entry;
    }

    private void settle(LedgerEntry entry) {
        if (entry.previous == null) {
            first = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next == null) {
            last = entry.previous;
        } else {
            entry.next.previous = entry.previous;
        }
        entry.settle();
    }

    LoopTally tally() {
        return tally;
    }

    /** The system's clock of nanoseconds at the last tick. Unlike {@link #now}, it does not leave out any time. */
    long tickNanos() {
        return lastTick;
    }

    /** The wall clock at the last tick, in milliseconds since 1970. */
    public long epochMillis() {
        return epochMillis;
    }

    /** The monotonic clock at the last tick, in nanoseconds. */
    public long now() {
        return now;
    }

    /** Runs {@code task} on this loop once a tick, for ever. */
    public void onTick(Runnable task) {
        tickListeners.add(task);
    }

    /** The entries open now. */
    public List<LedgerEntry> entries() {
        List<LedgerEntry> entries = new ArrayList<>();
        for (LedgerEntry entry = first; entry != null; entry = entry.next) {
            entries.add(entry);
        }
        return entries;
    }

    /** What of this loop's sockets {@code query} asks for. The work grows with the number of open sockets. */
    LedgerSurvey survey(LedgerQuery query) {
        SurveyBuilder survey = new SurveyBuilder(query, System.nanoTime(), now);
        // New entries stand in front, so this is the order of their opening.
        for (LedgerEntry entry = last; entry != null; entry = entry.previous) {
            survey.look(entry);
        }
        return survey.build(tally.totals());
    }

    /** See {@link ConnectionLedger#closeSpare}. */
    int closeSpare(Role role, int most, boolean headsToo) {
        List<LedgerEntry> spare = longestIn(Phase.IDLE, role);
        if (spare.isEmpty() && headsToo) {
            spare = longestIn(Phase.REQUEST_HEAD, role);
        }
        List<LedgerEntry> closed = spare.subList(0, Math.min(most, spare.size()));
        closed.forEach(entry -> entry.close(CloseReason.EVICTED));
        return closed.size();
    }

    /** The sockets in {@code phase}, the longest first: all of them may stay equally long. */
    private List<LedgerEntry> longestIn(Phase phase, Role role) {
        List<LedgerEntry> found = new ArrayList<>();
        for (LedgerEntry entry = first; entry != null; entry = entry.next) {
            if (entry.phase() == phase && entry.role() == role) {
                found.add(entry);
            }
        }
        // The clock is coarse: of those that seem equal, the one that connected first comes first.
        Collections.reverse(found);
        found.sort(Comparator.comparingLong(LedgerEntry::deadline));
        return found;
    }

    /** Closes every socket of {@code roles}; the future completes when all of them are settled. */
    CompletableFuture<Void> closeAll(Set<Role> roles, CloseReason why) {
        List<CompletableFuture<Void>> settled = new ArrayList<>();
        for (LedgerEntry entry : entries()) {
            if (roles.contains(entry.role())) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                entry.close(why);
                // Heard after the listener that settles the entry, which has been there since it was opened. Whoever
                // waits for the close future itself wakes up before either.
                entry.channel().closeFuture().addListener(closed -> done.complete(null));
                settled.add(done);
            }
        }
        return CompletableFuture.allOf(settled.toArray(new CompletableFuture<?>[0]));
    }

    long deadlineIn(long nanos) {
        long deadline = now + nanos + TICK_NANOS;
        earliest = Math.min(earliest, deadline);
        return deadline;
    }

    private void tick() {
        tick(System.nanoTime(), System.currentTimeMillis());
    }

    /** One turn of the reaper at {@code nanoTime}. An exception would end it for ever, so none leaves this method. */
    void tick(long nanoTime, long wallClockMillis) {
        // Against the plan and not the tick before: after a long stop, those that were due meanwhile come all at
        // once, and each stands for a moment at which nobody was heard.
        lag.late(Math.max(0, nanoTime - tickDue));
        tickDue += TICK_NANOS;
        now += Math.min(nanoTime - lastTick, TICK_NANOS);
        lastTick = nanoTime;
        epochMillis = wallClockMillis;
        if (earliest <= now) {
            reap();
        }
        for (Runnable listener : tickListeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                logger.error("Unexpected error in a regular task", e);
            }
        }
    }

    private void reap() {
        // Expiring may close other entries or set new deadlines: collect first, act afterwards.
        List<LedgerEntry> expired = new ArrayList<>();
        long next = LedgerEntry.NO_DEADLINE;
        for (LedgerEntry entry = first; entry != null; entry = entry.next) {
            if (entry.hasExpired(now)) {
                expired.add(entry);
            } else {
                next = Math.min(next, entry.deadline());
            }
        }
        earliest = next;
        expired.forEach(this::expire);
    }

    private void expire(LedgerEntry entry) {
        try {
            // The end of another's phase, just now, may have been the beginning of a new one here.
            if (entry.hasExpired(now)) {
                entry.expire();
            }
        } catch (RuntimeException e) {
            logger.error("Unexpected error at the end of a phase", e);
            entry.close(CloseReason.OUR_BUG);
        }
    }
}
