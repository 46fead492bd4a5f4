package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void aListHasSingleCoresAndRanges() {
        assertThat(Cores.parse("0-2,5")).containsExactly(0, 1, 2, 5);
        assertThat(Cores.parse("3")).containsExactly(3);
    }

    @Test
    void allCoresOfThisProcessAreThere() throws IOException {
        assertThat(Cores.allowed()).hasSize(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void waitingIsNotBusy() throws IOException {
        List<String> stat =
                List.of("cpu  9 9 9 9 9 9 9 0 0 0", "cpu0 1 1 1 1 1 1 1 0 0 0", "cpu1 100 20 30 5000 7 4 6 0 0 0");

        assertThat(Cores.busySeconds(stat, 1)).isEqualTo(1.6);
        assertThatThrownBy(() -> Cores.busySeconds(stat, 2)).hasMessageContaining("no core 2");
    }
}
