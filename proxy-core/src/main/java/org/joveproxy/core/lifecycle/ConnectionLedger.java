package org.joveproxy.core.lifecycle;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The book of all open connections: every socket is in it from open to close, and opened = closed + open at all times.
 *
 * <p>Any thread may call any method; the entries themselves belong to their event loops.
 */
public final class ConnectionLedger {
    private final Map<EventExecutor, LoopLedger> loops = new ConcurrentHashMap<>();
    private final Map<EventExecutor, String> threads = new ConcurrentHashMap<>();
    private final List<LoopTally> tallies = new CopyOnWriteArrayList<>();
    private final List<LoopLag> lags = new CopyOnWriteArrayList<>();
    private final AtomicLong lastId = new AtomicLong();

    /** Opens an entry for {@code channel}, to be called on its event loop; it is settled when the channel closes. */
    public LedgerEntry open(Channel channel, Role role, Phase phase) {
        return of(channel.eventLoop()).open(channel, role, phase);
    }

    /** The part of the book that belongs to {@code loop}; its reaper starts with the first call. */
    public LoopLedger of(EventLoop loop) {
        LoopLedger known = loops.get(loop);
        return known != null ? known : loops.computeIfAbsent(loop, unused -> begin(loop));
    }

    // ---- counters ----

    /** Sockets opened so far for {@code role}. */
    public long openedCount(Role role) {
        return sum(tally -> tally.get(LoopTally.opened(role)));
    }

    /** Sockets closed so far for {@code role}. */
    public long closedCount(Role role) {
        return sum(tally -> tally.closedCount(role));
    }

    /** Sockets closed so far for {@code reason}. */
    public long closedCount(CloseReason reason) {
        return totals().closed(reason);
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

    /** All counters, without asking the loops: see there for what that means. */
    public LedgerTotals totals() {
        LedgerTotals sum = LedgerTotals.none();
        for (LoopTally tally : tallies) {
            sum = sum.plus(tally.totals());
        }
        return sum;
    }

    private long sum(ToLongFunction<LoopTally> counter) {
        long sum = 0;
        for (LoopTally tally : tallies) {
            sum += counter.applyAsLong(tally);
        }
        return sum;
    }

    LoopTally newTally() {
        LoopTally tally = new LoopTally();
        tallies.add(tally);
        return tally;
    }

    LoopLag newLag() {
        LoopLag lag = new LoopLag();
        lags.add(lag);
        return lag;
    }

    /** How late the regular tasks of all loops came. */
    public LoopLag.Totals lag() {
        return LoopLag.totals(lags);
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    // ---- the sockets themselves ----

    /**
     * Asks every loop for what {@code query} wants to know of its sockets. No thread waits; the future completes on one
     * of the loops, or, when some have not answered within {@code limit}, without those on a thread of the JVM's.
     */
    public CompletableFuture<LedgerSurvey> survey(LedgerQuery query, Duration limit) {
        Map<EventExecutor, CompletableFuture<LedgerSurvey>> asked = new LinkedHashMap<>();
        loops.forEach((loop, ledger) -> asked.put(loop, ask(loop, ledger, query)));
        CompletableFuture<?>[] all = asked.values().toArray(new CompletableFuture<?>[0]);
        return CompletableFuture.allOf(all)
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(answered -> merged(asked, query));
    }

    private static CompletableFuture<LedgerSurvey> ask(Executor loop, LoopLedger ledger, LedgerQuery query) {
        try {
            return CompletableFuture.supplyAsync(() -> ledger.survey(query), loop);
        } catch (RejectedExecutionException ended) {
            return new CompletableFuture<>();
        }
    }

    private LedgerSurvey merged(Map<EventExecutor, CompletableFuture<LedgerSurvey>> asked, LedgerQuery query) {
        List<LedgerSurvey> answers = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        asked.forEach((loop, survey) -> {
            LedgerSurvey answer = survey.getNow(null);
            if (answer == null) {
                missing.add(threads.getOrDefault(loop, "a loop that has not begun"));
            } else {
                answers.add(answer);
            }
        });
        return LedgerSurvey.merged(answers, query.limit(), missing);
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

    /**
     * Has every loop close sockets of {@code role} that can be spared, at most {@code perLoop} each: those that are idle,
     * the longest idle first, and when there is none and {@code headsToo}, those that have been longest without a request.
     * The future tells how many were closed.
     */
    public CompletableFuture<Integer> closeSpare(Role role, int perLoop, boolean headsToo) {
        CompletableFuture<Integer> sum = CompletableFuture.completedFuture(0);
        for (Map.Entry<EventExecutor, LoopLedger> each : loops.entrySet()) {
            LoopLedger ledger = each.getValue();
            sum = sum.thenCombine(
                    CompletableFuture.supplyAsync(() -> ledger.closeSpare(role, perLoop, headsToo), each.getKey()),
                    Integer::sum);
        }
        return sum;
    }

    private LoopLedger begin(EventLoop loop) {
        LoopLedger ledger = new LoopLedger(this);
        ledger.startOn(loop);
        loop.execute(() -> threads.put(loop, Thread.currentThread().getName()));
        return ledger;
    }
}
