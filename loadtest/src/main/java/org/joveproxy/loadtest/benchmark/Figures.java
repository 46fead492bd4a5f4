package org.joveproxy.loadtest.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all rounds of a scenario say about one proxy. Immutable.
 *
 * @param ratio to the proxy that is the measure, taken within each round: what disturbs the machine for a while disturbs
 *     both; null where that one was not measured
 * @param perSecond operations
 * @param othersShare the worst of all rounds
 * @param memory null where it is not looked at
 */
record Figures(
        String proxy,
        Spread cost,
        @Nullable Spread ratio,
        Spread perSecond,
        double p50Millis,
        double p99Millis,
        double proxyShare,
        double othersShare,
        @Nullable Memory memory) {
    private static final double SATURATED = 0.8;

    /** Whether the proxy had as much to do as it could: otherwise the rate says something about the load. */
    boolean isSaturated() {
        return proxyShare >= SATURATED;
    }

    /**
     * Sums up.
     *
     * @param rounds of one scenario, of all proxies
     * @param measure the name of the proxy that the others are compared with
     */
    static Figures of(String proxy, List<Round> rounds, String measure, @Nullable Memory memory) {
        List<Round> own =
                rounds.stream().filter(round -> round.proxy().equals(proxy)).toList();
        List<Double> ratios = new ArrayList<>();
        for (Round round : own) {
            rounds.stream()
                    .filter(other -> other.proxy().equals(measure) && other.round() == round.round())
                    .forEach(other -> ratios.add(round.cost() / other.cost()));
        }
        return new Figures(
                proxy,
                spread(own, Round::cost),
                ratios.isEmpty() ? null : Spread.of(ratios),
                spread(own, round -> round.answers().perSecond()),
                spread(own, round -> round.answers().p50Millis()).median(),
                spread(own, round -> round.answers().p99Millis()).median(),
                spread(own, Round::proxyShare).median(),
                spread(own, Round::othersShare).max(),
                memory);
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Spread.of(rounds.stream().map(value::applyAsDouble).toList());
    }
}
