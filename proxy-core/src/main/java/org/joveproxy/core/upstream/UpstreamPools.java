package org.joveproxy.core.upstream;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * One event loop's pools, one for each upstream that it has to do with.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
public final class UpstreamPools {
    private final UpstreamConnector connector;
    private final EventLoop loop;
    private final LoopLedger clock;
    private final Map<Origin, UpstreamPool> pools = new HashMap<>();

    /** Pools for {@code loop}; to be called on it. */
    public UpstreamPools(UpstreamConnector connector, EventLoop loop) {
        this.connector = connector;
        this.loop = loop;
        this.clock = connector.ledger().of(loop);
        clock.onTick(this::tidyUp);
    }

    /**
     * Gets {@code borrower} a connection to {@code origin}: an unused one unless it asks for a fresh one, else a new one,
     * else the next that comes free. The borrower may be told before this method returns.
     */
    public Acquisition acquire(Origin origin, Borrower borrower, boolean fresh) {
        UpstreamPool pool = pools.get(origin);
        if (pool == null) {
            pool = new UpstreamPool(connector, origin, loop, clock);
            pools.put(origin, pool);
        }
        return pool.acquire(borrower, fresh);
    }

    /** Closes every unused connection. */
    public void closeIdle() {
        pools.values().forEach(pool -> pool.closeIdle(CloseReason.SHUTDOWN));
    }

    private void tidyUp() {
        List<UpstreamPool> unused = new ArrayList<>(0);
        for (UpstreamPool pool : pools.values()) {
            pool.trimIdle();
            if (pool.isUnused()) {
                unused.add(pool);
            }
        }
        for (UpstreamPool pool : unused) {
            pools.remove(pool.origin());
            pool.leaveBudget();
        }
    }
}
