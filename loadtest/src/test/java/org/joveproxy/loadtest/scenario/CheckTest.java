package org.joveproxy.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTest {
    @Test
    void aBoundHoldsUpToItself() {
        assertThat(Check.atMost("x", 10, 10, " MiB"))
                .isEqualTo(new Check("x", "<= 10 MiB", "10 MiB", Check.Status.HELD));
        assertThat(Check.atMost("x", 10.01, 10, "").status()).isEqualTo(Check.Status.BROKEN);
        assertThat(Check.atLeast("x", 10, 10, "").status()).isEqualTo(Check.Status.HELD);
        assertThat(Check.atLeast("x", 9.99, 10, "").status()).isEqualTo(Check.Status.BROKEN);
    }

    @Test
    void whatIsNotANumberHoldsNothing() {
        assertThat(Check.atMost("x", Double.NaN, 10, "").status()).isEqualTo(Check.Status.BROKEN);
        assertThat(Check.atLeast("x", Double.NaN, 10, "").status()).isEqualTo(Check.Status.BROKEN);
    }

    @Test
    void aVerdictHoldsUnlessACheckIsBroken() {
        Check held = Check.of("a", "", "", true);
        Check broken = Check.of("b", "", "", false);
        Check notRun = Check.notRun("c", "", "needs root");
        assertThat(Verdict.of(List.of(held, notRun)).held()).isTrue();
        assertThat(Verdict.of(List.of(held, broken)).held()).isFalse();
        assertThat(Verdict.of(List.of(held)).and(broken).held()).isFalse();
        assertThat(notRun.value()).isEqualTo("not run: needs root");
    }

    @Test
    void aTableHasACellForEachColumn() {
        assertThatThrownBy(() -> new Table("t", List.of("a", "b"), List.of(List.of("1"))))
                .hasMessageContaining("expected: 2 cells in table t");
    }
}
