package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class BalancerLogTest {
    private final BalancerLog log = new BalancerLog();

    @Test
    void aConnectionIsTheFirstOfItsPortThatHasEndedSince() {
        log.add(1, "session 40000 public/r1 --");
        log.add(3, "session 40000 public/r2 DK");
        log.add(4, "session 40001 public/<NOSRV> SC");

        assertThat(Objects.requireNonNull(log.from(40000, 0.5)).replica()).isEqualTo("r1");
        BalancerLog.Session second = Objects.requireNonNull(log.from(40000, 2));
        assertThat(second.replica()).isEqualTo("r2");
        assertThat(second.wasShut()).isTrue();
        assertThat(log.from(40000, 4)).isNull();
        assertThat(Objects.requireNonNull(log.from(40001, 2)).wasShut()).isFalse();
        assertThat(log.from(2, 2)).isNull();
    }

    @Test
    void serversComeAndGo() {
        assertThat(log.isUp("r2")).isTrue();
        log.add(
                2,
                "Server public/r2 is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration:"
                        + " 0ms. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.");
        assertThat(log.isUp("r2")).isFalse();
        assertThat(log.isUp("r1")).isTrue();
        log.add(3, "Server public/r2 is UP, reason: Layer7 check passed, code: 200, check duration: 3ms.");
        assertThat(log.isUp("r2")).isTrue();
        assertThat(log.turns())
                .extracting(BalancerLog.Turn::seconds, BalancerLog.Turn::isUp)
                .containsExactly(tuple(2.0, false), tuple(3.0, true));
    }

    @Test
    void theSameSaidTwiceOrOfTheRestApiCountsOnce() {
        log.add(2, "[WARNING]  (17) : Server public/r2 is DOWN, reason: Layer7 timeout");
        log.add(2, "Server api/r2 is DOWN, reason: Layer7 timeout");
        assertThat(log.turns()).isEmpty();
    }
}
