package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ActivityBookTest {
    private static final String PATH = "/user/ada";

    private final ActivityBook book = new ActivityBook();
    private final Timeline timeline = new Timeline();

    private void used(double seconds, int port) {
        book.used(PATH, new ActivityBook.Use(seconds, seconds + 0.01, port, true));
    }

    private void read(double seconds, double told) {
        book.read("r1", PATH, seconds, seconds + 0.01, told);
    }

    private ActivityBook.Outcome outcome() {
        return book.judge(timeline, use -> use.localPort() == 13);
    }

    @Test
    void aUseThatIsShownWithinTenSecondsIsAllRight() {
        used(1, 1);
        used(20, 2);
        read(5, 1.005);
        read(29, 1.005);
        read(30.5, 20.005);

        ActivityBook.Outcome outcome = outcome();
        assertThat(outcome.complaints()).isEmpty();
        assertThat(outcome.readings()).isEqualTo(3);
        assertThat(outcome.late() + outcome.backwards() + outcome.ahead()).isZero();
        assertThat(outcome.longestLag()).isBetween(10.4, 10.5);
    }

    @Test
    void aUseThatIsNotShownInTimeIsLate() {
        used(1, 1);
        used(20, 2);
        read(30.5, 1.005);

        assertThat(outcome().late()).isEqualTo(1);
        assertThat(outcome().complaints())
                .containsExactly("30.500 s: r1 /user/ada said 1.005: without the use at 20.000");
    }

    @Test
    void aDisturbanceGivesTimeUntilTenSecondsOfCalmHavePassed() {
        timeline.add(new Timeline.Trouble(Disturbance.REDIS, "", 25, 33));
        used(1, 1);
        used(20, 2);
        read(31, 1.005);
        read(42.9, 1.005);
        assertThat(outcome().late()).isZero();

        read(43.1, 1.005);
        assertThat(outcome().late()).isEqualTo(1);
    }

    @Test
    void timeGoesBackwards() {
        used(1, 1);
        used(5, 2);
        read(6, 5.005);
        read(7, 1.005);

        assertThat(outcome().backwards()).isEqualTo(1);
    }

    @Test
    void nobodyUsedItThen() {
        used(1, 1);
        read(30, 25);

        assertThat(outcome().ahead()).isEqualTo(1);
    }

    @Test
    void aUseThatDiedWithItsReplicaMayBeForgotten() {
        used(1, 1);
        used(5, 13);
        read(6, 5.005);
        read(8, 1.005);
        read(30, 1.005);

        assertThat(outcome().late()).isZero();
        assertThat(outcome().backwards()).isZero();
    }

    @Test
    void whatWasNotAnsweredMayCount() {
        used(1, 1);
        book.used(PATH, new ActivityBook.Use(5, 6, 0, false));
        read(7, 5.5);
        read(30, 5.5);
        read(31, 1.005);

        assertThat(outcome().ahead()).isZero();
        assertThat(outcome().late()).isZero();
        assertThat(outcome().backwards()).isZero();
    }
}
