package org.joveproxy.core.upstream;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one upstream: lends them, takes them back and lets borrowers wait, within the budget
 * that it shares with the other loops.
 *
 * <p>Confined to its event loop, except for {@link #permitGranted} and {@link #giveUpAnIdleSocket}, which other loops
 * call.
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
    private int permits;
    private int loansInARow;
    private boolean isInLine;

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
        } else if (budget.tryTake()) {
            connect(acquisition);
        } else {
            await(acquisition, fresh);
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

    void closeIdle() {
        // Closing takes the connection out of the queue.
        while (!idle.isEmpty()) {
            idle.removeFirst().close(CloseReason.SHUTDOWN);
        }
    }

    void trimIdle() {
        int kept = connector.limits().maxIdlePerUpstream();
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
        if (fresh && !idle.isEmpty()) {
            // The budget is spent on unused sockets of our own: one of them makes way.
            idle.removeFirst().close(CloseReason.EVICTED);
        } else if (waiting.size() >= connector.limits().maxWaiters()) {
            acquisition.refuse(new Failure(
                    FailureKind.UPSTREAM_BUSY, "all connections to " + origin.hostHeader() + " are in use"));
            return;
        }
        waiting.addLast(acquisition);
        getInLine();
        connector.budgets().askOthersToGiveUpAnIdleSocket(this);
    }

    private void getInLine() {
        if (!isInLine) {
            isInLine = true;
            budget.getInLine(this);
        }
    }

    private void usePermit() {
        isInLine = false;
        Acquisition next = waiting.poll();
        if (next == null) {
            budget.giveBack();
            return;
        }
        connect(next);
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
                givePermitBack();
                acquisition.refuse(why);
            }
        });
        acquisition.connectingBy(attempt);
        attempt.start();
    }

    private void opened(Acquisition acquisition, LedgerEntry entry) {
        UpstreamConnection connection =
                new UpstreamConnection(this, entry, connector.limits().maxHeaderBytes());
        connection.install();
        connection.closeFuture().addListener(closed -> {
            idle.remove(connection);
            givePermitBack();
        });
        acquisition.lend(new UpstreamLease(this, connection, false));
    }

    /** A connect attempt was cancelled before it had a connection. */
    void attemptCancelled() {
        givePermitBack();
    }

    private void givePermitBack() {
        permits--;
        budget.giveBack();
    }
}
