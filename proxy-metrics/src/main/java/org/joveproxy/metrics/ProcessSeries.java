package org.joveproxy.metrics;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The {@code process_*} series: what the kernel knows of this process.
 *
 * <p>They are read from {@code /proc} when a page is rendered; where that does not exist, they are absent. Any thread
 * may call any method that may wait for the disk.
 */
final class ProcessSeries {
    /** Linux reports times to user space in this unit on every architecture that runs Java. */
    private static final int TICKS_PER_SECOND = 100;

    // Positions behind the command's name, which may itself hold blanks and brackets; see proc(5).
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TICKS = 19;

    private static final int BYTES_PER_KIBIBYTE = 1024;

    private final Path proc;
    private final Path self;

    /** Reads {@code proc}, the mount point of the kernel's process table. */
    ProcessSeries(Path proc) {
        this.proc = proc;
        self = proc.resolve("self");
    }

    void writeTo(PageWriter page) {
        writeTimes(page);
        memory("VmRSS").ifPresent(bytes -> page.write(MeterNames.PROCESS_RESIDENT_MEMORY, bytes));
        memory("VmSize").ifPresent(bytes -> page.write(MeterNames.PROCESS_VIRTUAL_MEMORY, bytes));
        memory("VmData").ifPresent(bytes -> page.write(MeterNames.PROCESS_HEAP, bytes));
        openFiles().ifPresent(count -> page.write(MeterNames.PROCESS_OPEN_FDS, count));
        maxOpenFiles().ifPresent(count -> page.write(MeterNames.PROCESS_MAX_FDS, count));
    }

    private void writeTimes(PageWriter page) {
        List<String> lines = lines(self.resolve("stat"));
        if (lines.isEmpty()) {
            return;
        }
        String line = lines.get(0);
        String[] fields = line.substring(line.lastIndexOf(')') + 1).trim().split(" ", -1);
        if (fields.length <= START_TICKS) {
            return;
        }
        long user = Long.parseLong(fields[USER_TICKS]);
        long system = Long.parseLong(fields[SYSTEM_TICKS]);
        page.write(MeterNames.PROCESS_CPU_USER, seconds(user));
        page.write(MeterNames.PROCESS_CPU_SYSTEM, seconds(system));
        page.write(MeterNames.PROCESS_CPU, seconds(user + system));
        valueOf(proc.resolve("stat"), "btime ").ifPresent(boot -> {
            long sinceBoot = Long.parseLong(fields[START_TICKS]) / TICKS_PER_SECOND;
            page.write(MeterNames.PROCESS_START_TIME, Long.parseLong(boot) + sinceBoot);
        });
    }

    private static BigDecimal seconds(long ticks) {
        return BigDecimal.valueOf(ticks).divide(BigDecimal.valueOf(TICKS_PER_SECOND));
    }

    private Optional<Long> memory(String field) {
        return valueOf(self.resolve("status"), field + ":")
                .map(value -> Long.parseLong(value.split(" ", -1)[0]) * BYTES_PER_KIBIBYTE);
    }

    private Optional<Long> openFiles() {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(self.resolve("fd"))) {
            long count = 0;
            for (Path ignored : open) {
                count++;
            }
            // One of them is the directory that is being read.
            return Optional.of(count - 1);
        } catch (IOException | DirectoryIteratorException notOnThisMachine) {
            return Optional.empty();
        }
    }

    private Optional<Long> maxOpenFiles() {
        return valueOf(self.resolve("limits"), "Max open files")
                .map(value -> value.split(" ", -1)[0])
                .filter(soft -> !soft.equals("unlimited"))
                .map(Long::valueOf);
    }

    /** What stands behind {@code start} in the line of {@code file} that begins with it. */
    private static Optional<String> valueOf(Path file, String start) {
        return lines(file).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).trim())
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException notOnThisMachine) {
            return List.of();
        }
    }
}
