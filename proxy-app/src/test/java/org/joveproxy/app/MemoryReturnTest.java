package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryReturnTest {
    private long open;
    private long seconds;
    private final MemoryReturn memory = new MemoryReturn(() -> open);

    private boolean isDueWith(long connections) {
        open = connections;
        seconds += 2;
        return memory.isDue(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void aCrowdThatHasLeftIsOneCollection() {
        assertThat(isDueWith(4_000)).isFalse();
        assertThat(isDueWith(100)).as("some are still leaving").isFalse();

        assertThat(isDueWith(100)).isTrue();
        assertThat(isDueWith(100)).isFalse();
    }

    @Test
    void whileMoreThanHalfAreThereNothingIsCollected() {
        isDueWith(4_000);

        assertThat(isDueWith(2_100)).isFalse();
        assertThat(isDueWith(2_100)).isFalse();
    }

    @Test
    void fewAreNoCrowd() {
        isDueWith(499);
        isDueWith(0);

        assertThat(isDueWith(0)).isFalse();
    }

    @Test
    void crowdsThatComeAndGoDoNotMakeOneCollectionAfterAnother() {
        isDueWith(4_000);
        isDueWith(0);
        assertThat(isDueWith(0)).isTrue();

        for (int i = 0; i < 2; i++) {
            assertThat(isDueWith(4_000)).isFalse();
            assertThat(isDueWith(0)).isFalse();
            assertThat(isDueWith(0)).isFalse();
        }
        seconds += 30;
        assertThat(isDueWith(0))
                .as("some time later, what is left is collected")
                .isTrue();
    }
}
