package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessCostTest {
    @Test
    void whatWasSpentIsOfAllProcessesThoseThatCameLaterToo() {
        ProcessCost before = new ProcessCost(Map.of(1L, 2.0, 2L, 0.5), 0);
        ProcessCost after = new ProcessCost(Map.of(1L, 3.0, 2L, 0.75, 3L, 0.25), 0);

        assertThat(after.secondsSince(before)).isEqualTo(1.5);
    }

    @Test
    void whatAProcessThatEndedUsedIsNotKnown() {
        ProcessCost before = new ProcessCost(Map.of(1L, 2.0, 2L, 0.5), 0);

        assertThatThrownBy(() -> new ProcessCost(Map.of(1L, 3.0), 0).secondsSince(before))
                .hasMessageContaining("process 2 ended");
    }

    @Test
    void childrenCountAsTheirParent() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(ProcessCost.of(ProcessHandle.current().pid()).cpuSeconds())
                    .containsKey(child.pid());
            assertThat(ProcessCost.of(child.pid()).rssKib()).isPositive();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
