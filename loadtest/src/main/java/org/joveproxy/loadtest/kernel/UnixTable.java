package org.joveproxy.loadtest.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the kernel's table of Unix sockets, {@code /proc/<pid>/net/unix}. Any thread may call it. */
final class UnixTable {
    private static final int INODE = 6;

    private UnixTable() {}

    /** The inodes of all Unix sockets in the network namespace of process {@code pid}; none when it is gone. */
    static Set<Long> inodes(long pid) {
        try {
            return parse(Files.readAllLines(
                    Path.of("/proc", Long.toString(pid), "net", "unix"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Set.of();
        }
    }

    static Set<Long> parse(List<String> lines) {
        Set<Long> inodes = new HashSet<>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) { // without the heads of the columns
            String[] columns = line.trim().split(" +");
            if (columns.length > INODE && columns[INODE].matches("\\d{1,18}")) {
                inodes.add(Long.parseLong(columns[INODE]));
            }
        }
        return inodes;
    }
}
