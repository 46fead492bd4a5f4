package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private final AtomicInteger late = new AtomicInteger();

    private Acknowledgements book(Duration limit) {
        return new Acknowledgements("me", limit, late::addAndGet);
    }

    private static Duration noLimit() {
        return Duration.ofHours(1);
    }

    @Test
    void aChangeIsDoneWhenAllHaveIt() {
        Acknowledgements book = book(noLimit());
        CompletableFuture<Void> change = book.await(7, List.of("me", "you"));

        book.applied("me", 7);
        assertThat(change).isNotDone();
        book.applied("you", 6);
        assertThat(change).isNotDone();
        book.applied("you", 8);
        assertThat(change).isCompleted();
    }

    @Test
    void whatIsInForceAlreadyIsNotWaitedFor() {
        Acknowledgements book = book(noLimit());
        book.applied("me", 7);
        book.applied("you", 7);

        assertThat(book.await(7, List.of("me", "you"))).isCompleted();
    }

    @Test
    void thisReplicaCountsEvenWhenTheStoreHasForgottenIt() {
        Acknowledgements book = book(noLimit());
        CompletableFuture<Void> change = book.await(7, List.of());

        assertThat(change).isNotDone();
        book.applied("me", 7);
        assertThat(change).isCompleted();
    }

    @Test
    void theDeadAreNotWaitedFor() {
        Acknowledgements book = book(noLimit());
        book.applied("me", 7);
        CompletableFuture<Void> change = book.await(7, List.of("me", "you", "they"));

        book.live(Set.of("me", "they"), 7);
        assertThat(change).isNotDone();
        book.live(Set.of("me"), 7);
        assertThat(change).isCompleted();
    }

    @Test
    void whoJoinedAfterTheSignsOfLifeWereReadIsWaitedFor() {
        Acknowledgements book = book(noLimit());
        book.applied("me", 8);
        CompletableFuture<Void> change = book.await(8, List.of("me", "you"));

        book.live(Set.of("me"), 7);
        assertThat(change).isNotDone();
        book.applied("you", 8);
        assertThat(change).isCompleted();
    }

    @Test
    void aLateReplicaIsCountedAndNotWaitedForAgainUntilItHasCaughtUp() throws Exception {
        Acknowledgements book = book(Duration.ofMillis(1));
        book.applied("me", 100);

        book.await(7, List.of("me", "you")).get(10, TimeUnit.SECONDS);
        assertThat(late).hasValue(1);
        assertThat(book.await(8, List.of("me", "you"))).isCompleted();

        book.applied("you", 7);
        book.await(9, List.of("me", "you")).get(10, TimeUnit.SECONDS);
        assertThat(late).hasValue(2);
    }

    @Test
    void aChangeThatDoesNotComeIntoForceHereFails() {
        Acknowledgements book = book(Duration.ofMillis(1));

        assertThat(book.await(7, List.of("me")))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StoreUnavailableException.class);
        assertThat(late).hasValue(0);
    }

    @Test
    void whenTheStoreIsLostWhatWaitsFails() {
        Acknowledgements book = book(noLimit());
        CompletableFuture<Void> change = book.await(7, List.of("me"));

        book.fail("the store is gone");

        assertThat(change).isCompletedExceptionally();
    }
}
