package org.joveproxy.loadtest.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the kernel's table of TCP sockets, {@code /proc/<pid>/net/tcp} and {@code tcp6}. Any thread may call it. */
public final class TcpTable {
    private TcpTable() {}

    /** All TCP sockets in the network namespace of process {@code pid}; none when it is gone. */
    public static List<TcpSocket> of(long pid) {
        List<TcpSocket> sockets = new ArrayList<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            for (String line : lines(Path.of("/proc", Long.toString(pid), "net", table))) {
                TcpSocket socket = parse(line);
                if (socket != null) {
                    sockets.add(socket);
                }
            }
        }
        return sockets;
    }

    /** None when the process is gone, or the kernel knows no IPv6. */
    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * The socket of one line, or null when the line is none. The columns are separated by spaces: number, local address,
     * peer's address, state, queues, timer, retransmissions, user, timeouts, inode.
     */
    static @Nullable TcpSocket parse(String line) {
        String[] columns = line.trim().split(" +");
        if (columns.length < 10) {
            return null;
        }
        try {
            return new TcpSocket(
                    port(columns[1]),
                    port(columns[2]),
                    TcpState.numbered(Integer.parseInt(columns[3], 16)),
                    Long.parseLong(columns[9]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }
}
