package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static Round round(int number, String proxy, double cost, double share) {
        return round(number, proxy, cost, share, 0.8);
    }

    private static Round round(int number, String proxy, double cost, double share, double kernelShare) {
        return new Round(
                "small", number, proxy, cost, new Round.Loaded(new Answers(1000, 2, 1, 3), share, 0.1, kernelShare));
    }

    @Test
    void ratiosAreTakenWithinEachRound() {
        // The machine was half as fast in the second round: the ratio of the medians would be 1.5 and more.
        List<Round> rounds = List.of(
                round(1, "nginx", 10, 1),
                round(1, "jove", 15, 1),
                round(2, "nginx", 20, 1),
                round(2, "jove", 30, 1),
                round(3, "jove", 33, 1),
                round(3, "nginx", 22, 1));

        Figures figures = Figures.of("jove", rounds, "nginx", null);

        assertThat(figures.ratio()).isEqualTo(new Spread(1.5, 1.5, 1.5));
        assertThat(figures.cost()).isEqualTo(new Spread(15, 30, 33));
    }

    @Test
    void aRoundWithoutTheMeasureHasNoRatio() {
        List<Round> rounds = List.of(round(1, "nginx", 10, 1), round(1, "jove", 15, 1), round(2, "jove", 90, 1));

        assertThat(Figures.of("jove", rounds, "nginx", null).ratio()).isEqualTo(new Spread(1.5, 1.5, 1.5));
        assertThat(Figures.of("jove", rounds, "haproxy", null).ratio()).isNull();
    }

    @Test
    void belowFourFifthsOfItsCoreAProxyIsNotSaturated() {
        assertThat(loaded(0.79).isSaturated()).isFalse();
        assertThat(loaded(0.8).isSaturated()).isTrue();
        assertThat(loaded(0.8).perSecond().median()).isEqualTo(500);
    }

    @Test
    void theShareOfTheKernelIsThatOfTheMiddleRound() {
        List<Round> rounds = List.of(
                round(1, "jove", 15, 1, 0.9),
                round(2, "jove", 15, 1, 0.6),
                round(3, "jove", 15, 1, 0.7),
                round(3, "nginx", 10, 1, 0.99));

        assertThat(Objects.requireNonNull(
                                Figures.of("jove", rounds, "nginx", null).loaded())
                        .kernelShare())
                .isEqualTo(0.7);
    }

    private static Figures.Loaded loaded(double share) {
        return Objects.requireNonNull(Figures.of("jove", List.of(round(1, "jove", 1, share)), "jove", null)
                .loaded());
    }

    @Test
    void withoutLoadThereIsACostOnly() {
        Figures figures = Figures.of("jove", List.of(new Round("start", 1, "jove", 0.4, null)), "jove", null);

        assertThat(figures.loaded()).isNull();
        assertThat(figures.cost().median()).isEqualTo(0.4);
    }
}
