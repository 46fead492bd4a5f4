package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BufferBudgetTest {
    private final BufferBudget budget = new BufferBudget(1_024_000);

    @Test
    void theFullerItIsTheLessIsThereForEach() {
        assertThat(budget.share()).isEqualTo(4_000);

        budget.add(512_000);
        assertThat(budget.share()).isEqualTo(2_000);

        budget.add(600_000);
        assertThat(budget.share()).isZero();
    }

    @Test
    void whatWasSpentIsSpentUntilAQuarterIsFree() {
        budget.add(1_024_000);
        assertThat(budget.isSpent(false)).isFalse();

        budget.add(1);
        assertThat(budget.isSpent(false)).isTrue();

        budget.add(-256_000);
        assertThat(budget.isSpent(true)).isTrue();
        assertThat(budget.isSpent(false)).isFalse();

        budget.add(-1);
        assertThat(budget.isSpent(true)).isFalse();
    }
}
