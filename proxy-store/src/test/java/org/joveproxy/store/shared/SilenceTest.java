package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // it may overflow at any moment
    private final long begin = nanos.get();
    private final Silence silence = new Silence(nanos::get);

    /** It is {@code millis} after the store was last heard of here. */
    private long at(long millis) {
        nanos.set(begin + TimeUnit.MILLISECONDS.toNanos(millis));
        return nanos.get();
    }

    /** At {@code asked} another had heard of the store {@code silent} before. */
    private void other(long asked, long silent) {
        silence.heardElsewhere(at(asked), Duration.ofMillis(silent));
    }

    @Test
    void whoIsCutOffAloneKnowsInTime() {
        other(1000, 300);
        other(1300, 600);
        other(1600, 600);
        other(1900, 300);
        other(2200, 600);
        assertThat(silence.missesChanges()).isFalse();

        other(2500, 600);

        assertThat(silence.missesChanges()).isTrue();
        silence.ended();
        assertThat(silence.missesChanges()).isFalse();
    }

    @Test
    void whoHeardOfTheStoreALittleLongerIsNotBetterOff() {
        for (long asked = 1000; asked < 60_000; asked += 300) {
            other(asked, asked - 900);
        }

        assertThat(silence.missesChanges()).isFalse();
    }

    @Test
    void whoFindsTheStoreAgainALittleSoonerIsNotBetterOff() {
        other(10_000, 0);
        other(10_300, 0);
        other(10_600, 0);
        assertThat(silence.missesChanges()).isFalse();

        other(10_900, 0);

        assertThat(silence.missesChanges()).isTrue();
    }

    @Test
    void aConnectionThatIsGoodEnoughIsNoReason() {
        other(1100, 0);
        other(1900, 0);

        assertThat(silence.isTooLong()).isFalse();
        assertThat(silence.missesChanges()).isFalse();
    }

    @Test
    void eachSilenceIsJudgedByItself() {
        other(1500, 0);
        silence.heard(at(1800));
        assertThat(silence.duration()).isZero();
        other(3900, 0);

        assertThat(silence.isTooLong()).isTrue();
        assertThat(silence.missesChanges()).isFalse();
    }
}
