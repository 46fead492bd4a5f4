package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouteBookTest {
    private static final String PATH = "/user/ada";

    private final RouteBook book = new RouteBook("hub");

    private void change(String server, double seconds) {
        book.begin(PATH, server);
        book.acknowledged(PATH, seconds);
    }

    @Test
    void afterTheAcknowledgementOnlyTheNewServerMayAnswer() {
        change("s1", 1);
        change("s2", 2);

        RouteBook.Question question = book.ask(PATH, 2.001);

        assertThat(question.mayBe("s2")).isTrue();
        assertThat(question.mayBe("s1")).isFalse();
        assertThat(question.mayBe("hub")).isFalse();
        assertThat(question.mayBe("")).isFalse();
        assertThat(question.complaint("s1"))
                .isEqualTo(
                        "2.001 s: /user/ada, 1 ms after its change: s1 (expected: s2): what was before the last change");
    }

    @Test
    void afterADeletionOnlyTheHubMayAnswer() {
        change("s1", 1);
        book.beginDeletion(PATH);
        book.acknowledged(PATH, 2);

        assertThat(book.ask(PATH, 3).mayBe("hub")).isTrue();
        assertThat(book.ask(PATH, 3).mayBe("s1")).isFalse();
        assertThat(book.table()).isEmpty();
    }

    @Test
    void whileAChangeIsUnderWayBothMayAnswer() {
        change("s1", 1);
        book.begin(PATH, "s2");

        RouteBook.Question question = book.ask(PATH, 2);
        book.acknowledged(PATH, 2.5);

        assertThat(question.mayBe("s1")).isTrue();
        assertThat(question.mayBe("s2")).isTrue();
        assertThat(question.mayBe("hub")).isFalse();
        assertThat(book.ask(PATH, 3).mayBe("s1")).isFalse();
    }

    @Test
    void whatIsBegunAfterTheRequestMayAnswerIt() {
        change("s1", 1);
        RouteBook.Question question = book.ask(PATH, 2);

        change("s2", 3);
        book.beginDeletion(PATH);

        assertThat(question.mayBe("s2")).isTrue();
        assertThat(question.mayBe("hub")).isTrue();
        assertThat(question.mayBe("s3")).isFalse();
    }

    @Test
    void whatWasBegunLongBeforeTheRequestMayNot() {
        for (int i = 0; i < 200; i++) {
            change("s" + i, i);
        }
        RouteBook.Question question = book.ask(PATH, 200);
        change("new", 201);

        assertThat(question.mayBe("s199")).isTrue();
        assertThat(question.mayBe("new")).isTrue();
        assertThat(question.mayBe("s198")).isFalse();
    }

    @Test
    void nobodyKnowsWhatTheHubGaveUp() {
        change("s1", 1);
        book.begin(PATH, "s2");
        book.gaveUp(PATH);

        assertThat(book.ask(PATH, 2).mayBe("s1")).isTrue();
        assertThat(book.ask(PATH, 2).mayBe("s2")).isTrue();
        assertThat(book.unsure()).containsExactly(PATH);

        change("s3", 3);

        assertThat(book.ask(PATH, 4).mayBe("s2")).isFalse();
        assertThat(book.unsure()).isEmpty();
        assertThat(book.table()).containsEntry(PATH, "s3");
    }

    @Test
    void anAttemptThatArrivesLateIsWrongAndSaidToBeThat() {
        book.begin(PATH, "s1");
        book.attemptWasLost(PATH);
        book.acknowledged(PATH, 1);
        book.beginDeletion(PATH);
        book.acknowledged(PATH, 2);

        RouteBook.Question question = book.ask(PATH, 3);

        assertThat(question.mayBe("s1")).isFalse();
        assertThat(question.reason("s1")).isEqualTo("an attempt that had no answer was done later");
    }
}
