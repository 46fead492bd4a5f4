package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlopeTest {
    @Test
    void aStraightLineIsFoundExactly() {
        Slope slope =
                Slope.through(List.of(new Slope.Point(10, 100), new Slope.Point(20, 130), new Slope.Point(40, 190)));

        assertThat(slope.perSecond()).isCloseTo(3, within(1e-9));
        assertThat(slope.start()).isCloseTo(100, within(1e-9));
        assertThat(slope.growthIn(50)).isCloseTo(1.5, within(1e-9));
    }

    @Test
    void noiseDoesNotMakeAFlatLineSteep() {
        SplittableRandom random = new SplittableRandom(1);
        List<Slope.Point> points = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            points.add(new Slope.Point(i, 100 + random.nextDouble(-5, 5)));
        }

        assertThat(Slope.through(points).growthIn(200)).isBetween(-0.03, 0.03);
    }

    @Test
    void tooFewPointsAreFlat() {
        assertThat(Slope.through(List.of()).perSecond()).isZero();
        assertThat(Slope.through(List.of(new Slope.Point(5, 7)))).isEqualTo(new Slope(0, 7));
        assertThat(Slope.through(List.of(new Slope.Point(5, 7), new Slope.Point(5, 9))))
                .isEqualTo(new Slope(0, 8));
    }

    @Test
    void nothingGrowsFromNothing() {
        assertThat(new Slope(3, 0).growthIn(10)).isZero();
    }
}
