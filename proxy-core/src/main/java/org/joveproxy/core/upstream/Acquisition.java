package org.joveproxy.core.upstream;

import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One borrower's attempt to get an upstream connection, until it has one, is refused or gives up.
 *
 * <p>Confined to the borrower's event loop.
 */
@EventLoopConfined
public final class Acquisition {
    private final UpstreamPool pool;
    private @Nullable Borrower borrower;
    private @Nullable ConnectAttempt attempt;

    Acquisition(UpstreamPool pool, Borrower borrower) {
        this.pool = pool;
        this.borrower = borrower;
    }

    /** Gives up: the borrower hears nothing more, and a connection on its way is closed. */
    public void cancel() {
        if (borrower == null) {
            return;
        }
        borrower = null;
        pool.forget(this);
        if (attempt != null && attempt.cancel()) {
            pool.attemptCancelled();
        }
    }

    /** Gives up because it has taken too long. Returns what was not to be had in time. */
    public Failure timeOut() {
        Failure why = attempt != null && attempt.isRunning() ? pool.attemptTookTooLong() : pool.waitTookTooLong();
        cancel();
        return why;
    }

    void connectingBy(ConnectAttempt started) {
        attempt = started;
    }

    void lend(UpstreamLease lease) {
        Borrower waiting = borrower;
        borrower = null;
        if (waiting == null) {
            lease.giveBack();
        } else {
            waiting.lent(lease);
        }
    }

    void refuse(Failure why) {
        Borrower waiting = borrower;
        borrower = null;
        if (waiting != null) {
            waiting.refused(why);
        }
    }
}
