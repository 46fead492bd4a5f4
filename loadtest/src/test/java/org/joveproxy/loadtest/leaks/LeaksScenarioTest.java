package org.joveproxy.loadtest.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LeaksScenarioTest {
    private static String complaint(String... arguments) {
        LeaksScenario scenario = new LeaksScenario();
        new CommandLine(scenario).parseArgs(arguments);
        return scenario.complaint();
    }

    @Test
    void everyCaseHasAnIdOfItsOwn() {
        assertThat(LeaksScenario.cases()).extracting(LeakCase::id).doesNotHaveDuplicates();
        assertThat(LeaksScenario.cases())
                .extracting(LeakCase::id)
                .contains("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L");
    }

    @Test
    void whatIsHalfClosedHasLongerThanTheRest() {
        assertThat(LeaksScenario.cases())
                .filteredOn(
                        leakCase -> leakCase.id().equals("F") || leakCase.id().equals("A"))
                .extracting(leakCase -> leakCase.settle().toSeconds())
                .containsExactly(3L, 12L);
    }

    @Test
    void goodOptionsAreNoCauseForComplaint() {
        assertThat(complaint()).isEmpty();
        assertThat(complaint("--n", "20", "--cases", "a,D2", "--long", "--parallel", "5"))
                .isEmpty();
    }

    @Test
    void badOptionsAre() {
        assertThat(complaint("--n", "0")).isEqualTo("--n: 0 (expected: 1 to 20000)");
        assertThat(complaint("--parallel", "501")).isEqualTo("--parallel: 501 (expected: 1 to 500)");
        assertThat(complaint("--cases", "A,Q7")).startsWith("--cases: Q7 (expected: of A,B,");
    }
}
