package org.joveproxy.loadtest.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code /proc/<pid>} says of one process. Any thread may call any method; of a process that is gone every figure is
 * 0 and every set empty.
 */
final class ProcessFiles {
    /** How often in a second the kernel counts processor time: fixed for user space on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final String SOCKET = "socket:[";

    private final Path folder;

    ProcessFiles(long pid) {
        folder = Path.of("/proc", Long.toString(pid));
    }

    /** Memory that the process has in RAM, in KiB. */
    long rssKib() {
        return status("VmRSS:");
    }

    long threads() {
        return status("Threads:");
    }

    private long status(String key) {
        for (String line : read("status").split("\n")) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    /** Processor time of all its threads so far. */
    CpuTime cpuTime() {
        String stat = read("stat");
        // The second column is the command's name in brackets and may hold anything.
        String[] columns = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        if (columns.length < 13) {
            return CpuTime.NONE;
        }
        return new CpuTime(
                Long.parseLong(columns[11]) / TICKS_PER_SECOND, Long.parseLong(columns[12]) / TICKS_PER_SECOND);
    }

    /** What its descriptors point to. */
    Descriptors descriptors() {
        int count = 0;
        Set<Long> inodes = new HashSet<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(folder.resolve("fd"))) {
            for (Path link : links) {
                count++;
                String target = target(link);
                if (target.startsWith(SOCKET)) {
                    inodes.add(Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return new Descriptors(0, Set.of());
        }
        return new Descriptors(count, inodes);
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * @param count descriptors of any kind
     * @param sockets inodes of those that are sockets
     */
    record Descriptors(int count, Set<Long> sockets) {}
}
