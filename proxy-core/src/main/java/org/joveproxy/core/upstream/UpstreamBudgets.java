package org.joveproxy.core.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.joveproxy.core.routing.Origin;

/**
 * The budgets of all upstreams, shared by the pools of all event loops, each for as long as a loop has a pool for it.
 *
 * <p>Any thread may call any method.
 */
public final class UpstreamBudgets {
    private final int limit;
    private final Map<Origin, Shared> shared = new ConcurrentHashMap<>();

    /** Budgets of {@code limit} sockets for each upstream. */
    public UpstreamBudgets(int limit) {
        this.limit = limit;
    }

    /** Permits in use over all upstreams: the sockets that are open or about to be. */
    public int permitsInUse() {
        return shared.values().stream().mapToInt(s -> s.budget.inUse()).sum();
    }

    ConnectionBudget join(UpstreamPool pool) {
        Shared joined = shared.compute(pool.origin(), (origin, known) -> {
            Shared budget = known == null ? new Shared(new ConnectionBudget(limit)) : known;
            budget.pools.add(pool);
            return budget;
        });
        return joined.budget;
    }

    void leave(UpstreamPool pool) {
        shared.computeIfPresent(pool.origin(), (origin, budget) -> {
            budget.pools.remove(pool);
            return budget.pools.isEmpty() ? null : budget;
        });
    }

    /** Asks the pools of the other loops to close one unused socket to {@code pool}'s upstream. */
    void askOthersToGiveUpAnIdleSocket(UpstreamPool pool) {
        List<UpstreamPool> others = new ArrayList<>();
        shared.computeIfPresent(pool.origin(), (origin, budget) -> {
            others.addAll(budget.pools);
            return budget;
        });
        others.remove(pool);
        others.forEach(UpstreamPool::giveUpAnIdleSocket);
    }

    /** One upstream's budget and the pools that draw on it; changed only inside the map's atomic methods. */
    private static final class Shared {
        private final ConnectionBudget budget;
        private final List<UpstreamPool> pools = new ArrayList<>();

        Shared(ConnectionBudget budget) {
            this.budget = budget;
        }
    }
}
