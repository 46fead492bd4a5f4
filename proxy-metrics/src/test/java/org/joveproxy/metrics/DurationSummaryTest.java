package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DurationSummaryTest {
    private static final double GREATEST_ERROR = 1 / 64.0;

    private final DurationSummary summary = new DurationSummary();

    @Test
    void anEmptySummaryIsZero() {
        DurationSummary.Snapshot snapshot = summary.snapshot();

        assertThat(snapshot.count()).isZero();
        assertThat(snapshot.sumNanos()).isZero();
        assertThat(snapshot.quantileNanos(0.5)).isZero();
    }

    @Test
    void smallDurationsAreExact() {
        for (long nanos = 1; nanos <= 31; nanos++) {
            summary.record(nanos);
        }

        assertThat(summary.snapshot().quantileNanos(0.01)).isEqualTo(1);
        assertThat(summary.snapshot().quantileNanos(0.5)).isEqualTo(16);
        assertThat(summary.snapshot().quantileNanos(0.999)).isEqualTo(31);
    }

    @Test
    void oneDurationIsReadBackWithinTheErrorWhateverItsSize() {
        for (long nanos = 1; nanos < 1L << 41; nanos += 1 + nanos / 77) {
            DurationSummary one = new DurationSummary();
            one.record(nanos);

            assertThat(one.snapshot().quantileNanos(0.5))
                    .as("%d ns", nanos)
                    .isCloseTo((double) nanos, within(nanos * GREATEST_ERROR));
        }
    }

    @Test
    void quantilesAreThoseOfTheSortedDurations() {
        Random random = new Random(20_260_101);
        long[] durations = new long[100_000];
        for (int i = 0; i < durations.length; i++) {
            durations[i] = (long) Math.exp(8 + 2 * random.nextGaussian());
            summary.record(durations[i]);
        }
        Arrays.sort(durations);

        DurationSummary.Snapshot snapshot = summary.snapshot();

        for (double quantile : new double[] {0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999}) {
            long exact = durations[(int) Math.ceil(quantile * durations.length) - 1];
            assertThat(snapshot.quantileNanos(quantile))
                    .as("quantile %s", quantile)
                    .isCloseTo((double) exact, within(exact * GREATEST_ERROR));
        }
        assertThat(snapshot.sumNanos()).isEqualTo(Arrays.stream(durations).sum());
        assertThat(snapshot.count()).isEqualTo(durations.length);
    }

    @Test
    void aClockThatWentBackwardsCountsAsNothing() {
        summary.record(-5);

        assertThat(summary.snapshot().count()).isEqualTo(1);
        assertThat(summary.snapshot().sumNanos()).isZero();
    }

    @Test
    void theLongestDurationThereIsFallsIntoTheLastBucket() {
        summary.record(Long.MAX_VALUE);
        summary.record(1L << 42);

        assertThat(summary.snapshot().count()).isEqualTo(2);
        assertThat(summary.snapshot().quantileNanos(0.5)).isCloseTo(0x1p42, within(0x1p42 * 2 * GREATEST_ERROR));
    }

    @Test
    void noCountIsLostBetweenThreads() throws InterruptedException {
        int threads = 4;
        int each = 200_000;
        List<Thread> recorders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            recorders.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    summary.record(i % 1000);
                }
            }));
        }

        recorders.forEach(Thread::start);
        for (Thread recorder : recorders) {
            recorder.join();
        }

        assertThat(summary.snapshot().count()).isEqualTo((long) threads * each);
        assertThat(summary.snapshot().sumNanos()).isEqualTo((long) threads * each / 1000 * 999 * 1000 / 2);
    }
}
