package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcusesTest {
    private final Timeline timeline = new Timeline();
    private final BalancerLog log = new BalancerLog();
    private final Excuses excuses = new Excuses(timeline, log);

    private static Users.Failure failure(double began, double ended, int status, String trouble) {
        return new Users.Failure(began, ended, "/user/ada", status, trouble, 40000, false);
    }

    @Test
    void inFlightWhenItsReplicaWasKilled() {
        timeline.add(new Timeline.Trouble(Disturbance.KILL, "r1", 10, 15));
        log.add(10.1, "session 40000 public/r1 SD");

        assertThat(excuses.excuse(failure(9.9, 10.1, 0, "reset"))).contains("killed");
    }

    @Test
    void theReaderLearnsWhatWasDoneShortlyBefore() {
        timeline.add(new Timeline.Trouble(Disturbance.LOST, "", 10, 15));

        assertThat(excuses.since(13.25)).isEqualTo("3.250 s after: Redis is killed and started again without its data");
        assertThat(excuses.since(15.5)).isEqualTo("in calm");
    }

    @Test
    void aConnectionToAnotherReplicaIsNoExcuse() {
        timeline.add(new Timeline.Trouble(Disturbance.KILL, "r1", 10, 15));
        log.add(10.1, "session 40000 public/r2 --");

        assertThat(excuses.excuse(failure(9.9, 10.1, 0, "reset"))).isEmpty();
    }

    @Test
    void longAfterTheKillThereIsNoExcuse() {
        timeline.add(new Timeline.Trouble(Disturbance.KILL, "r1", 10, 15));
        log.add(13, "session 40000 public/r1 SD");

        assertThat(excuses.excuse(failure(12.9, 13, 0, "reset"))).isEmpty();
    }

    @Test
    void aStatusIsNoExcuse() {
        timeline.add(new Timeline.Trouble(Disturbance.KILL, "r1", 10, 15));
        log.add(10.1, "session 40000 public/r1 --");

        assertThat(excuses.excuse(failure(9.9, 10.1, 503, ""))).isEmpty();
    }

    @Test
    void whomTheBalancerShutsOutIsExcusedOnlyWhenItsReplicaWasCutOff() {
        timeline.add(new Timeline.Trouble(Disturbance.FREEZE, "r3", 10, 25));
        log.add(13, "session 40000 public/r3 DK");
        assertThat(excuses.excuse(failure(12.9, 13, 0, "reset"))).contains("out of service");
        assertThat(excuses.isDisturbed("r3", 12)).isTrue();
        assertThat(excuses.isDisturbed("r1", 12)).isFalse();

        timeline.add(new Timeline.Trouble(Disturbance.REDIS, "", 30, 40));
        log.add(33, "session 40000 public/r3 DK");
        assertThat(excuses.excuse(failure(32.9, 33, 0, "reset"))).isEmpty();
    }

    @Test
    void aResetByACutOffReplicaIsNoExcuse() {
        timeline.add(new Timeline.Trouble(Disturbance.FREEZE, "r3", 10, 25));
        log.add(13, "session 40000 public/r3 SD");

        assertThat(excuses.excuse(failure(12.9, 13, 0, "reset"))).isEmpty();
    }

    @Test
    void inCalmThereIsNoExcuse() {
        log.add(13, "session 40000 public/r3 SD");

        assertThat(excuses.excuse(failure(12.9, 13, 0, "closed"))).isEmpty();
        assertThat(excuses.during(12.9, 13)).isEqualTo("calm");
    }

    @Test
    void aUseIsForgottenOnlyWithItsReplica() {
        timeline.add(new Timeline.Trouble(Disturbance.KILL, "r1", 10, 15));
        log.add(10, "session 40000 public/r1 SD");
        log.add(10, "session 40001 public/r2 --");

        assertThat(excuses.mayBeForgotten(new ActivityBook.Use(9, 9.1, 40000, true)))
                .isTrue();
        assertThat(excuses.mayBeForgotten(new ActivityBook.Use(9, 9.1, 40001, true)))
                .isFalse();
    }
}
