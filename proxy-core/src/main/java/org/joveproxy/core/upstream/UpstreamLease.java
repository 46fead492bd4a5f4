package org.joveproxy.core.upstream;

import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * The right to use one upstream connection, given back, discarded or kept for a tunnel exactly once.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
public final class UpstreamLease {
    private final UpstreamPool pool;
    private final UpstreamConnection connection;
    private final boolean isReused;
    private boolean isSettled;

    UpstreamLease(UpstreamPool pool, UpstreamConnection connection, boolean isReused) {
        this.pool = pool;
        this.connection = connection;
        this.isReused = isReused;
    }

    /** The connection that was lent. */
    public UpstreamConnection connection() {
        return connection;
    }

    /** Whether the connection has carried an exchange before, so that its peer may have closed it unnoticed. */
    public boolean isReused() {
        return isReused;
    }

    /** Gives the connection back; it is reused if its last exchange ended cleanly, otherwise closed. */
    public void giveBack() {
        settle();
        pool.takeBack(connection);
    }

    /** Gives the connection up and closes it because of {@code why}. */
    public void discard(CloseReason why) {
        settle();
        connection.close(why);
    }

    /** Takes the connection out of the pool for good; its permit comes back when it closes. */
    public UpstreamConnection keepForTunnel() {
        settle();
        pool.tunnelBegins(connection);
        return connection;
    }

    private void settle() {
        if (isSettled) {
            throw new IllegalStateException("the lease was settled twice");
        }
        isSettled = true;
    }
}
