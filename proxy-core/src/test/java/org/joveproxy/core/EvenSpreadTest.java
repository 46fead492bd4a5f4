package org.joveproxy.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EvenSpreadTest {
    @Test
    void theFirstIsDueAtOnce() {
        assertThat(new EvenSpread(1_000).due(0, 1)).isEqualTo(1);
        assertThat(new EvenSpread(1_000).due(0, 50)).isEqualTo(1);
    }

    @Test
    void allAreDueAtTheEnd() {
        EvenSpread spread = new EvenSpread(1_000);

        assertThat(spread.due(1_000, 7)).isEqualTo(7);
        assertThat(spread.due(1_001, 2)).isEqualTo(2);
    }

    @Test
    void noTimeMeansAtOnce() {
        assertThat(new EvenSpread(0).due(0, 9)).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 50, 999, 20_000})
    void asManyAreDueAsTimeHasPassed(int all) {
        EvenSpread spread = new EvenSpread(30_000);
        int left = all;
        for (int time = 0; time <= 30_000; time += 20) {
            left -= spread.due(time, left);
            double even = all * (30_000.0 - time) / 30_000;
            assertThat(left).as("left at %d", time).isBetween((int) Math.floor(even - 2), (int) Math.ceil(even + 2));
        }
        assertThat(left).isZero();
    }

    @Test
    void whoLeavesByItselfMakesNobodyElseDue() {
        EvenSpread spread = new EvenSpread(1_000);
        spread.due(0, 100);

        int left = 99;
        int due = 0;
        for (int time = 10; time < 500; time += 10) {
            left -= left > 10 ? 10 : 0;
            int now = spread.due(time, left);
            left -= now;
            due += now;
        }
        assertThat(due).isBetween(1, 12);
    }

    @Test
    void neverMoreThanAreLeft() {
        Random random = new Random(7);
        EvenSpread spread = new EvenSpread(10_000);
        for (int time = 0; time < 11_000; time += random.nextInt(900)) {
            int left = random.nextInt(5);
            assertThat(spread.due(time, left)).isBetween(0, left);
        }
    }
}
