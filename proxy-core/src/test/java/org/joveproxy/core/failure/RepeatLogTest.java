package org.joveproxy.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.testing.LoggedLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class RepeatLogTest {
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Logger logger = LoggerFactory.getLogger("org.joveproxy.repeats");
    private final LoggedLines lines = LoggedLines.of("org.joveproxy.repeats");
    private final RepeatLog log = new RepeatLog(logger, 1, time::get);

    @AfterEach
    void nobodyListens() {
        lines.close();
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    private List<String> told() {
        log.tell();
        return lines.take();
    }

    @Test
    void theFirstOfThoseThatAreAlikeGetsALine() {
        assertThat(log.isWorthALine("a")).isTrue();
        assertThat(log.isWorthALine("a")).isFalse();
        assertThat(log.isWorthALine("b")).isTrue();
        assertThat(log.isWorthALine("a")).isFalse();
    }

    @Test
    void moreLinesThanOneMayBeAllowed() {
        RepeatLog three = new RepeatLog(logger, 3, time::get);
        for (int i = 0; i < 10; i++) {
            assertThat(three.isWorthALine("a")).isEqualTo(i < 3);
        }

        pass(Duration.ofSeconds(10));
        three.tell();
        assertThat(told()).containsExactly("a: 7 more in 10 s");
        assertThat(three.isWorthALine("a")).isFalse();
    }

    @Test
    void theOthersAreToldAfterTenSeconds() {
        for (int i = 0; i < 38; i++) {
            log.isWorthALine("503 of a");
        }

        pass(Duration.ofMillis(9_999));
        assertThat(told()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(told()).containsExactly("503 of a: 37 more in 10 s");
        assertThat(told()).isEmpty();
    }

    @Test
    void aStormThatGoesOnGetsALineEveryTenSeconds() {
        log.isWorthALine("a");
        for (int second = 1; second <= 30; second++) {
            pass(Duration.ofSeconds(1));
            log.isWorthALine("a");
            assertThat(told()).hasSize(second % 10 == 0 ? 1 : 0);
        }
    }

    @Test
    void whenNothingWasCountedTheNextIsAFirstAgain() {
        log.isWorthALine("a");

        pass(Duration.ofSeconds(10));
        assertThat(told()).isEmpty();

        assertThat(log.isWorthALine("a")).isTrue();
    }

    @Test
    void beyondManyTopicsTheRestIsOne() {
        for (int i = 0; i < 256; i++) {
            assertThat(log.isWorthALine("topic " + i)).isTrue();
        }

        assertThat(log.isWorthALine("one more")).isTrue();
        assertThat(log.isWorthALine("yet another")).isFalse();
        pass(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("other failures: 1 more in 10 s");
    }
}
