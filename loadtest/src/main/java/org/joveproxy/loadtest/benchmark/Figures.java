package org.joveproxy.loadtest.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all rounds of a scenario say about one proxy. Immutable.
 *
 * @param ratio to the proxy that is the measure, taken within each round: what disturbs the machine for a while disturbs
 *     both; null where that one was not measured
 * @param loaded how it was under load; null where there was none
 * @param memory null where it is not known
 */
record Figures(
        String proxy,
        Spread cost,
        @Nullable Spread ratio,
        @Nullable Loaded loaded,
        @Nullable Memory memory) {
    private static final double SATURATED = 0.8;

    /**
     * @param perSecond operations
     * @param p50Millis 0 where it is not measured
     * @param proxyShare of its core, or of all where it had all, that the proxy used, in the middle of all rounds
     * @param othersShare of the same that others used, in the worst round
     * @param kernelShare of the cost that was spent in the kernel, in the middle of all rounds: what the kernel does for
     *     the same calls no proxy can save
     * @param isSaturated whether the proxy had as much to do as it could: otherwise the rate says something about the load
     */
    record Loaded(
            Spread perSecond,
            double p50Millis,
            double p99Millis,
            double proxyShare,
            double othersShare,
            double kernelShare,
            boolean isSaturated) {}

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
                Spread.of(own.stream().map(Round::cost).toList()),
                ratios.isEmpty() ? null : Spread.of(ratios),
                loaded(own.stream().map(Round::loaded).filter(Objects::nonNull).toList()),
                memory);
    }

    private static @Nullable Loaded loaded(List<Round.Loaded> rounds) {
        if (rounds.isEmpty()) {
            return null;
        }
        double share = spread(rounds, Round.Loaded::proxyShare).median();
        return new Loaded(
                spread(rounds, round -> round.answers().perSecond()),
                spread(rounds, round -> round.answers().p50Millis()).median(),
                spread(rounds, round -> round.answers().p99Millis()).median(),
                share,
                spread(rounds, Round.Loaded::othersShare).max(),
                spread(rounds, Round.Loaded::kernelShare).median(),
                share >= SATURATED);
    }

    private static Spread spread(List<Round.Loaded> rounds, ToDoubleFunction<Round.Loaded> value) {
        return Spread.of(rounds.stream().map(value::applyAsDouble).toList());
    }
}
