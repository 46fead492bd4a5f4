package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionBudgetTest {
    @Test
    void noMoreThanTheLimitIsTaken() {
        ConnectionBudget budget = new ConnectionBudget(2);

        assertThat(budget.tryTake()).isTrue();
        assertThat(budget.tryTake()).isTrue();
        assertThat(budget.tryTake()).isFalse();
        assertThat(budget.inUse()).isEqualTo(2);
    }

    @Test
    void aLimitThatShrinksTakesNothingAwayAndGivesNothingMore() {
        AtomicInteger limit = new AtomicInteger(2);
        ConnectionBudget budget = new ConnectionBudget(limit::get);
        budget.tryTake();
        budget.tryTake();

        limit.set(1);
        assertThat(budget.inUse()).isEqualTo(2);
        budget.giveBack();
        assertThat(budget.tryTake()).isFalse();
        budget.giveBack();
        assertThat(budget.tryTake()).isTrue();
        assertThat(budget.tryTake()).isFalse();
    }

    @Test
    void aPermitThatComesBackIsTakenAgain() {
        ConnectionBudget budget = new ConnectionBudget(1);
        budget.tryTake();

        budget.giveBack();

        assertThat(budget.tryTake()).isTrue();
    }

    @Test
    void givingBackWhatWasNeverTakenIsABug() {
        ConnectionBudget budget = new ConnectionBudget(1);

        assertThatThrownBy(budget::giveBack).isInstanceOf(IllegalStateException.class);
        assertThat(budget.inUse()).isZero();
    }

    @Test
    void thoseInLineGetPermitsInTheirOrder() {
        ConnectionBudget budget = new ConnectionBudget(1);
        budget.tryTake();
        List<String> granted = new ArrayList<>();
        budget.getInLine(() -> granted.add("first"));
        budget.getInLine(() -> granted.add("second"));

        budget.giveBack();
        assertThat(granted).containsExactly("first");
        budget.giveBack();
        assertThat(granted).containsExactly("first", "second");
        assertThat(budget.inUse()).isEqualTo(1);
    }

    @Test
    void aFreePermitIsGrantedAtOnce() {
        ConnectionBudget budget = new ConnectionBudget(1);
        AtomicInteger granted = new AtomicInteger();

        budget.getInLine(granted::incrementAndGet);

        assertThat(granted).hasValue(1);
        assertThat(budget.inUse()).isEqualTo(1);
    }

    @Test
    void nobodyPassesTheLine() {
        ConnectionBudget budget = new ConnectionBudget(1);
        budget.tryTake();
        AtomicInteger granted = new AtomicInteger();
        budget.getInLine(granted::incrementAndGet);

        assertThat(budget.tryTake()).isFalse();
        budget.giveBack();

        assertThat(granted).hasValue(1);
        assertThat(budget.tryTake()).isFalse();
    }

    @Test
    void whoIsInLineAloneIsNotAwaitedByOthers() {
        ConnectionBudget budget = new ConnectionBudget(1);
        budget.tryTake();
        ConnectionBudget.Waiter mine = () -> {};

        budget.getInLine(mine);
        assertThat(budget.isAwaitedByOthersThan(mine)).isFalse();

        budget.getInLine(() -> {});
        assertThat(budget.isAwaitedByOthersThan(mine)).isTrue();
    }

    /** Each thread takes or waits in line, holds the permit for a moment and gives it back; all of them come to an end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void threadsNeitherExceedTheLimitNorWaitInVain(int limit) throws Exception {
        int rounds = 5_000;
        ConnectionBudget budget = new ConnectionBudget(limit);
        AtomicInteger held = new AtomicInteger();
        AtomicInteger mostHeld = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    if (!budget.tryTake()) {
                        Semaphore granted = new Semaphore(0);
                        budget.getInLine(granted::release);
                        granted.acquireUninterruptibly();
                    }
                    mostHeld.accumulateAndGet(held.incrementAndGet(), Math::max);
                    held.decrementAndGet();
                    budget.giveBack();
                    done.incrementAndGet();
                }
            }));
        }

        threads.forEach(Thread::start);

        await().until(() -> done.get() == 4 * rounds);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(mostHeld).hasValueLessThanOrEqualTo(limit);
        assertThat(budget.inUse()).isZero();
    }
}
