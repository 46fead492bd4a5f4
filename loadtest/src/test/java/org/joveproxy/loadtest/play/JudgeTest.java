package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.joveproxy.loadtest.play.Account.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
    private static final String NO_TROUBLE = "";

    private static Reply answer(int status) {
        return new Reply(status, null, NO_TROUBLE, false, 1);
    }

    private static Reply trouble(int status, String trouble) {
        return new Reply(status, null, trouble, false, 1);
    }

    private static Judgement steady(State state, Reply reply) {
        Truth truth = new Truth(state, 3, false, 0);
        return Judge.server(reply, 200, truth, truth);
    }

    @ParameterizedTest
    @CsvSource({
        "READY, 200, GOOD",
        "READY, 503, FAILED",
        "READY, 404, FAILED",
        "READY, 302, FAILED",
        "ABSENT, 302, NO_SERVER",
        "ABSENT, 424, NO_SERVER",
        "ABSENT, 503, FAILED",
        "ABSENT, 200, FAILED",
        "CRASHED, 503, GONE",
        "CRASHED, 502, GONE",
        "CRASHED, 504, GONE",
        "CRASHED, 500, FAILED",
        "CRASHED, 200, FAILED",
        "STUCK, 504, GONE",
        "STUCK, 503, GONE",
        "STUCK, 0, GONE",
        "STUCK, 200, FAILED",
        "STARTING, 503, CHANGING",
        "STOPPING, 200, CHANGING",
    })
    void aStatusIsHeldAgainstTheServersState(State state, int status, Judgement expected) {
        assertThat(steady(state, answer(status))).isEqualTo(expected);
    }

    @Test
    void onlyAWholeAnswerIsGood() {
        assertThat(steady(State.READY, trouble(200, "closed after the head, 10 of 400 bytes")))
                .isEqualTo(Judgement.FAILED);
        assertThat(steady(State.READY, trouble(0, "reset"))).isEqualTo(Judgement.FAILED);
    }

    @Test
    void aDeadServerDoesNotExcuseAConnectionClosedWithoutAWord() {
        assertThat(steady(State.CRASHED, trouble(0, "closed"))).isEqualTo(Judgement.FAILED);
    }

    @Test
    void whoLeavesGetsNoAnswer() {
        Truth ready = new Truth(State.READY, 1, false, 0);

        assertThat(Judge.server(new Reply(0, null, NO_TROUBLE, true, 1), 200, ready, ready))
                .isEqualTo(Judgement.LEFT);
    }

    @Test
    void aServerThatDiesMeanwhileExcusesAnErrorButNoWrongBytes() {
        Truth before = new Truth(State.READY, 1, false, 0);
        Truth after = new Truth(State.CRASHED, 2, false, 0);

        assertThat(Judge.server(answer(503), 200, before, after)).isEqualTo(Judgement.CHANGING);
        assertThat(Judge.server(trouble(200, "wrong bytes from 7 on"), 200, before, after))
                .isEqualTo(Judgement.FAILED);
    }

    @Test
    void comingBackInTheSameStateIsAChange() {
        Truth before = new Truth(State.READY, 1, false, 0);
        Truth after = new Truth(State.READY, 4, false, 0);

        assertThat(Judge.server(answer(503), 200, before, after)).isEqualTo(Judgement.CHANGING);
    }

    @Test
    void aHangingHubExcusesWhoDependsOnIt() {
        Truth hung = new Truth(State.ABSENT, 1, true, 1);

        assertThat(Judge.server(answer(504), 200, hung, hung)).isEqualTo(Judgement.HUB_HANGS);
        assertThat(Judge.hub(trouble(0, "no whole answer within 30 s"), Set.of(200), hung, hung))
                .isEqualTo(Judgement.HUB_HANGS);
    }

    @Test
    void aHangingHubExcusesNobodyElse() {
        Truth hung = new Truth(State.READY, 1, true, 1);

        assertThat(Judge.server(answer(503), 200, hung, hung)).isEqualTo(Judgement.FAILED);
    }

    @Test
    void aHubThatWasBackInBetweenIsStillAnExcuse() {
        Truth before = new Truth(State.ABSENT, 1, false, 0);
        Truth after = new Truth(State.ABSENT, 1, false, 2);

        assertThat(Judge.server(answer(503), 200, before, after)).isEqualTo(Judgement.HUB_HANGS);
    }

    @Test
    void aSlowHubIsNoExcuse() {
        Truth quick = new Truth(State.ABSENT, 1, false, 0);

        assertThat(Judge.hub(answer(503), Set.of(200), quick, quick)).isEqualTo(Judgement.FAILED);
    }
}
