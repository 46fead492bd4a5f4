package org.joveproxy.core.upstream;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one upstream: lends them, takes them back and lets borrowers wait, within the budget
 * that it shares with the other loops and unless the upstream's breaker is open.
 *
 * <p>Confined to its event loop, except for {@link #permitGranted}, {@link #giveUpAnIdleSocket}, {@link #breakerOpened} and
 * {@link #routesChanged}, which other threads call.
 */
@EventLoopConfined
final class UpstreamPool implements ConnectionBudget.Waiter {
    // A permit is taken before a socket is opened and comes back when that socket has closed, whoever closed it. An
    // unused socket beyond the number that may stay is kept for a second, so that a burst can use it again.
    private static final long EXCESS_KEPT_NANOS = Duration.ofSeconds(1).toNanos();

    // While other loops are in line for a permit, a socket is lent this often to waiters of its own loop before it is
    // closed for theirs: often enough to be worth its handshake, seldom enough that nobody waits in vain.
    private static final int LOANS_IN_A_ROW = 16;

    private final UpstreamConnector connector;
    private final Origin origin;
    private final EventLoop loop;
    private final LoopLedger clock;
    private final ConnectionBudget budget;
    private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
    private final Deque<Acquisition> waiting = new ArrayDeque<>();
    private final Set<LedgerEntry> tunnels = new HashSet<>(0);
    private int permits;
    private int loansInARow;
    private boolean isInLine;
    private boolean isAbandoned;

    UpstreamPool(UpstreamConnector connector, Origin origin, EventLoop loop, LoopLedger clock) {
        this.connector = connector;
        this.origin = origin;
        this.loop = loop;
        this.clock = clock;
        this.budget = connector.budgets().join(this);
    }

    Origin origin() {
        return origin;
    }

    TimeoutConfig timeouts() {
        return connector.timeouts();
    }

    Acquisition acquire(Borrower borrower, boolean fresh) {
        Acquisition acquisition = new Acquisition(this, borrower);
        UpstreamConnection unused = fresh ? null : pollIdle();
        if (unused != null) {
            acquisition.lend(new UpstreamLease(this, unused, true));
        } else if (!budget.tryTake()) {
            await(acquisition, fresh);
        } else if (connector.breakers().mayConnect(origin)) {
            connect(acquisition);
        } else {
            budget.giveBack();
            acquisition.refuse(breakerIsOpen());
        }
        return acquisition;
    }

    void forget(Acquisition acquisition) {
        waiting.remove(acquisition);
    }

    void takeBack(UpstreamConnection connection) {
        if (!connection.isReusable()) {
            connection.close(CloseReason.COMPLETE);
            return;
        }
        if (budget.isAwaitedByOthersThan(this) && (waiting.isEmpty() || ++loansInARow > LOANS_IN_A_ROW)) {
            loansInARow = 0;
            connection.close(CloseReason.EVICTED);
            return;
        }
        Acquisition next = waiting.poll();
        if (next != null) {
            next.lend(new UpstreamLease(this, connection, true));
        } else if (isAbandoned) {
            connection.close(CloseReason.EVICTED);
        } else {
            connection.becomeIdle(timeouts().upstreamIdle(), clock.now());
            idle.addLast(connection);
        }
    }

    /** A permit has come for the first who waits; may be called from any thread. */
    @Override
    public void permitGranted() {
        loop.execute(this::usePermit);
    }

    /** Another loop needs a permit; may be called from any thread. */
    void giveUpAnIdleSocket() {
        loop.execute(() -> {
            UpstreamConnection oldest = idle.pollFirst();
            if (oldest != null) {
                oldest.close(CloseReason.EVICTED);
            }
        });
    }

    /** The upstream is left alone: nobody is to wait for it. May be called from any thread. */
    void breakerOpened() {
        loop.execute(this::refuseWaiters);
    }

    private void refuseWaiters() {
        // Whoever is refused may ask again at once; it then meets the open breaker and does not wait.
        while (!waiting.isEmpty() && connector.breakers().isOpen(origin)) {
            waiting.removeFirst().refuse(breakerIsOpen());
        }
    }

    private Failure breakerIsOpen() {
        FailureKind last = connector.breakers().lastFailure(origin);
        return new Failure(
                FailureKind.BREAKER_OPEN,
                origin + " has accepted no connection lately",
                last == null ? FailureKind.BREAKER_OPEN : last);
    }

    void closeIdle(CloseReason why) {
        // Closing takes the connection out of the queue.
        while (!idle.isEmpty()) {
            idle.removeFirst().close(why);
        }
    }

    void trimIdle() {
        int kept = connector.config().maxIdle();
        while (idle.size() > kept && clock.now() - idle.getFirst().idleSince() > EXCESS_KEPT_NANOS) {
            idle.removeFirst().close(CloseReason.EVICTED);
        }
    }

    boolean isUnused() {
        return permits == 0 && waiting.isEmpty();
    }

    void leaveBudget() {
        connector.budgets().leave(this);
    }

    private @Nullable UpstreamConnection pollIdle() {
        // The most recently used one is the least likely to have been closed by the upstream.
        UpstreamConnection latest = idle.pollLast();
        while (latest != null && !latest.isActive()) {
            latest = idle.pollLast();
        }
        return latest;
    }

    private void await(Acquisition acquisition, boolean fresh) {
        if (connector.breakers().isOpen(origin)) {
            acquisition.refuse(breakerIsOpen());
            return;
        }
        if (waiting.size() >= connector.config().maxWaiters()) {
            acquisition.refuse(busy());
            return;
        }
        if (fresh && !idle.isEmpty()) {
            // The budget is spent on unused sockets of our own: one of them makes way.
            idle.removeFirst().close(CloseReason.EVICTED);
        }
        waiting.addLast(acquisition);
        getInLine();
        connector.budgets().askOthersToGiveUpAnIdleSocket(this);
    }

    private Failure busy() {
        return new Failure(
                FailureKind.UPSTREAM_BUSY,
                "all " + budget.limit() + " connections to " + origin.hostHeader() + " are in use");
    }

    private void getInLine() {
        if (!isInLine) {
            isInLine = true;
            budget.getInLine(this);
        }
    }

    private void usePermit() {
        isInLine = false;
        if (!waiting.isEmpty() && connector.breakers().mayConnect(origin)) {
            connect(waiting.removeFirst());
        } else {
            refuseWaiters();
            budget.giveBack();
        }
        if (!waiting.isEmpty()) {
            getInLine();
        }
    }

    /** To be called with a permit taken. */
    private void connect(Acquisition acquisition) {
        permits++;
        ConnectAttempt attempt = new ConnectAttempt(connector, origin, loop, new ConnectAttempt.Outcome() {
            @Override
            public void connected(LedgerEntry entry) {
                opened(acquisition, entry);
            }

            @Override
            public void failed(Failure why) {
                noteFailure(why);
                givePermitBack();
                acquisition.refuse(why);
            }
        });
        acquisition.connectingBy(attempt);
        attempt.start();
    }

    private void noteFailure(Failure why) {
        if (connector.breakers().failed(origin, why)) {
            connector.budgets().poolsOf(origin).forEach(UpstreamPool::breakerOpened);
        }
    }

    private void opened(Acquisition acquisition, LedgerEntry entry) {
        connector.breakers().connected(origin);
        UpstreamConnection connection = new UpstreamConnection(this, entry, connector.maxHeaderBytes());
        connection.install();
        // A tunnel's socket may outlive what spoke HTTP on it by days, and must not hold on to it.
        connection.closeFuture().addListener(closed -> {
            idle.removeIf(each -> each.entry() == entry);
            tunnels.remove(entry);
            givePermitBack();
        });
        acquisition.lend(new UpstreamLease(this, connection, false));
    }

    /** A connect attempt was cancelled before it had a connection. */
    void attemptCancelled() {
        givePermitBack();
    }

    /** A borrower who had an attempt of its own has waited for as long as it may. */
    Failure attemptTookTooLong() {
        Failure why =
                new Failure(FailureKind.CONNECT_TIMEOUT, "connecting to " + origin.hostHeader() + " took too long");
        noteFailure(why);
        return why;
    }

    /** A borrower without an attempt has waited for as long as it may. */
    Failure waitTookTooLong() {
        return busy();
    }

    // ---- changes of routes ----

    /** A route to this upstream came or went; may be called from any thread. */
    void routesChanged(BooleanSupplier isWanted) {
        loop.execute(() -> setAbandoned(!isWanted.getAsBoolean()));
    }

    private void setAbandoned(boolean abandoned) {
        if (isAbandoned == abandoned) {
            return;
        }
        isAbandoned = abandoned;
        if (abandoned) {
            closeIdle(CloseReason.EVICTED);
        }
        tunnels.forEach(this::limitTunnel);
    }

    /** {@code connection} is lent for good, to be a tunnel's end. */
    void tunnelBegins(UpstreamConnection connection) {
        if (connector.config().removedRouteTunnel() != null) {
            LedgerEntry entry = connection.entry();
            tunnels.add(entry);
            if (isAbandoned) {
                // The tunnel sets a deadline, or none, when it opens, which is in a moment.
                loop.execute(() -> limitTunnel(entry));
            }
        }
    }

    private void limitTunnel(LedgerEntry entry) {
        if (entry.phase() == Phase.TUNNEL) {
            entry.enter(Phase.TUNNEL, isAbandoned ? connector.config().removedRouteTunnel() : null);
        }
    }

    private void givePermitBack() {
        permits--;
        budget.giveBack();
    }
}
