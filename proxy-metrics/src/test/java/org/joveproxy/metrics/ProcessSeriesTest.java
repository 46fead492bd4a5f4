package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessSeriesTest {
    @TempDir
    Path proc;

    @Test
    void everyNumberComesFromTheKernelsFiles() throws IOException {
        Files.createDirectories(proc.resolve("self/fd"));
        for (String fd : List.of("0", "1", "2", "17")) {
            Files.createFile(proc.resolve("self/fd").resolve(fd));
        }
        Files.writeString(
                proc.resolve("self/stat"),
                "7 (a (b) c) S 1 7 7 0 -1 4194560 900 0 3 0 1234 66 0 0 20 0 30 0 4500 999 88 1 1 1\n");
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n");
        Files.writeString(
                proc.resolve("self/status"),
                "Name:\tjava\nVmSize:\t    2048 kB\nVmRSS:\t    1024 kB\nVmData:\t 3 kB\n");
        Files.writeString(proc.resolve("self/limits"), """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            20000                1048576              files
                """);

        Exposition page = page(proc);

        assertThat(page.value("process_cpu_user_seconds_total")).isEqualTo(12.34);
        assertThat(page.value("process_cpu_system_seconds_total")).isEqualTo(0.66);
        assertThat(page.value("process_cpu_seconds_total")).isEqualTo(13);
        assertThat(page.value("process_start_time_seconds")).isEqualTo(1_700_000_045);
        assertThat(page.value("process_resident_memory_bytes")).isEqualTo(1 << 20);
        assertThat(page.value("process_virtual_memory_bytes")).isEqualTo(2 << 20);
        assertThat(page.value("process_heap_bytes")).isEqualTo(3 << 10);
        assertThat(page.value("process_open_fds")).isEqualTo(3);
        assertThat(page.value("process_max_fds")).isEqualTo(20_000);
    }

    @Test
    void anUnlimitedNumberOfFilesIsLeftOut() throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                proc.resolve("self/limits"), "Max open files            unlimited            unlimited   files\n");

        assertThat(page(proc).families()).isEmpty();
    }

    @Test
    void withoutProcThereAreNone() {
        assertThat(page(proc.resolve("absent")).families()).isEmpty();
    }

    @Test
    void theSeriesAreTheOriginals() {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "needs Linux");
        PageWriter text = new PageWriter(PageFormat.TEXT);
        new ProcessSeries(Path.of("/proc")).writeTo(text);
        List<String> heads =
                text.toString().lines().filter(line -> line.startsWith("#")).toList();

        assertThat(heads)
                .containsExactlyElementsOf(Exposition.recorded("chp-5.3.0-process-series.txt")
                        .lines()
                        .toList());
    }

    @Test
    void thisProcessHasMemoryFilesAndAPast() {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "needs Linux");

        Exposition page = page(Path.of("/proc"));

        assertThat(page.value("process_resident_memory_bytes")).isGreaterThan(1 << 20);
        assertThat(page.value("process_open_fds")).isBetween(3.0, page.value("process_max_fds"));
        assertThat(page.value("process_cpu_seconds_total")).isPositive();
        double now = System.currentTimeMillis() / 1000.0;
        assertThat(page.value("process_start_time_seconds")).isBetween(now - 3600 * 24, now + 1);
    }

    private static Exposition page(Path proc) {
        PageWriter page = new PageWriter(PageFormat.TEXT);
        new ProcessSeries(proc).writeTo(page);
        return Exposition.parse(page.toString());
    }
}
