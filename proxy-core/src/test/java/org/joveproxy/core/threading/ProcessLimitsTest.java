package org.joveproxy.core.threading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessLimitsTest {
    @ParameterizedTest
    @CsvSource({
        "'Max processes  5 5 processes\nMax open files            1024                 4096                 files', 1024",
        "'Max open files            unlimited            unlimited            files', 1048576",
        "'Max open files            9223372036854775807  unlimited            files', 1048576",
        "'', 1048576"
    })
    void theSoftLimitOfOpenFilesCounts(String file, long expected) {
        assertThat(ProcessLimits.descriptors(file.replace("\\n", "\n"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'128\n', 128", "4096, 4096", "'', 2147483647", "nonsense, 2147483647"})
    void theKernelsBacklogIsANumberOrUnknown(String file, int expected) {
        assertThat(ProcessLimits.backlog(file.replace("\\n", "\n"))).isEqualTo(expected);
    }

    @Test
    void thisProcessHasLimits() {
        ProcessLimits limits = ProcessLimits.ofThisProcess();

        assertThat(limits.descriptors()).isBetween(64L, 1L << 20);
        assertThat(limits.heapBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(limits.directBytes()).isPositive();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theBacklogIsTheKernels() throws IOException {
        Process cat = new ProcessBuilder("cat", "/proc/sys/net/core/somaxconn").start();
        int somaxconn = Integer.parseInt(cat.inputReader().readLine());

        assertThat(ProcessLimits.ofThisProcess().longestBacklog()).isEqualTo(somaxconn);
    }
}
