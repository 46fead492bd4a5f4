package org.joveproxy.core.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Scheme;

/**
 * The budgets of all upstreams, shared by the pools of all event loops, each for as long as a loop has a pool for it.
 *
 * <p>Any thread may call any method.
 */
public final class UpstreamBudgets {
    private static final Comparator<UpstreamUse> MOST_SOCKETS_FIRST = Comparator.comparingInt(UpstreamUse::sockets)
            .reversed()
            .thenComparing(use -> use.origin().host())
            .thenComparingInt(use -> use.origin().port());

    private final int limit;
    private final LocalPorts ports;
    private final Map<Origin, Shared> shared = new ConcurrentHashMap<>();

    /** Budgets of {@code limit} sockets for each upstream, and over TCP of no more than {@code ports} allow. */
    public UpstreamBudgets(int limit, LocalPorts ports) {
        this.limit = limit;
        this.ports = ports;
    }

    /** Permits in use over all upstreams: the sockets that are open or about to be. */
    public int permitsInUse() {
        return shared.values().stream().mapToInt(s -> s.budget.inUse()).sum();
    }

    /** The upstreams with the most sockets, at most {@code most} of them; by name where they have as many. */
    public List<UpstreamUse> inUse(int most) {
        return shared.entrySet().stream()
                .map(entry -> new UpstreamUse(
                        entry.getKey(),
                        entry.getValue().budget.inUse(),
                        entry.getValue().budget.limit()))
                .sorted(MOST_SOCKETS_FIRST)
                .limit(most)
                .toList();
    }

    /** How many sockets one upstream may have over TCP. */
    public int limitOverTcp() {
        return Math.min(limit, ports.limit());
    }

    ConnectionBudget join(UpstreamPool pool) {
        Shared joined = shared.compute(pool.origin(), (origin, known) -> {
            Shared budget = known == null ? new Shared(budgetOf(origin)) : known;
            budget.pools.add(pool);
            return budget;
        });
        return joined.budget;
    }

    private ConnectionBudget budgetOf(Origin origin) {
        return origin.scheme() == Scheme.UNIX ? new ConnectionBudget(limit) : new ConnectionBudget(this::limitOverTcp);
    }

    void leave(UpstreamPool pool) {
        shared.computeIfPresent(pool.origin(), (origin, budget) -> {
            budget.pools.remove(pool);
            return budget.pools.isEmpty() ? null : budget;
        });
    }

    /** Asks the pools of the other loops to close one unused socket to {@code pool}'s upstream. */
    void askOthersToGiveUpAnIdleSocket(UpstreamPool pool) {
        List<UpstreamPool> others = poolsOf(pool.origin());
        others.remove(pool);
        others.forEach(UpstreamPool::giveUpAnIdleSocket);
    }

    /** All loops' pools for {@code origin} at this moment. */
    List<UpstreamPool> poolsOf(Origin origin) {
        List<UpstreamPool> pools = new ArrayList<>(0);
        shared.computeIfPresent(origin, (key, budget) -> {
            pools.addAll(budget.pools);
            return budget;
        });
        return pools;
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
