package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessCostTest {
    @Test
    void whatWasSpentIsOfAllProcessesThoseThatCameLaterToo() {
        ProcessCost before = new ProcessCost(Map.of(1L, new CpuTime(1.5, 0.5), 2L, new CpuTime(0.5, 0)), 0);
        ProcessCost after =
                new ProcessCost(Map.of(1L, new CpuTime(2, 1), 2L, new CpuTime(0.75, 0), 3L, new CpuTime(0, 0.25)), 0);

        assertThat(after.since(before)).isEqualTo(new CpuTime(0.75, 0.75));
        assertThat(after.since(before).seconds()).isEqualTo(1.5);
    }

    @Test
    void whatAProcessThatEndedUsedIsNotKnown() {
        ProcessCost before = new ProcessCost(Map.of(1L, new CpuTime(2, 0), 2L, new CpuTime(0.5, 0)), 0);

        assertThatThrownBy(() -> new ProcessCost(Map.of(1L, new CpuTime(3, 0)), 0).since(before))
                .hasMessageContaining("process 2 ended");
    }

    @Test
    void theSharesOfProgramAndKernelAreToldApart() throws IOException, InterruptedException {
        // Reading zeros is the kernel's work, counting is the shell's own.
        CpuTime copies = spentBy("exec dd if=/dev/zero of=/dev/null bs=1M");
        CpuTime counts = spentBy("i=0; while :; do i=$((i + 1)); done");

        assertThat(copies.kernelShare()).isBetween(0.6, 1.0);
        assertThat(counts.kernelShare()).isBetween(0.0, 0.4);
    }

    private static CpuTime spentBy(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().until(
                            () -> ProcessCost.of(process.pid()).cpu().getOrDefault(process.pid(), CpuTime.NONE),
                            time -> time.seconds() >= 0.3);
            return ProcessCost.of(process.pid()).since(new ProcessCost(Map.of(), 0));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void noTimeHasNoShareOfTheKernel() {
        assertThat(CpuTime.NONE.kernelShare()).isZero();
        assertThat(new CpuTime(1, 3).kernelShare()).isEqualTo(0.75);
    }

    @Test
    void childrenCountAsTheirParent() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(ProcessCost.of(ProcessHandle.current().pid()).cpu()).containsKey(child.pid());
            assertThat(ProcessCost.of(child.pid()).rssKib()).isPositive();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
