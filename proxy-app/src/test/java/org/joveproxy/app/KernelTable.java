package org.joveproxy.app;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The kernel's own view of the TCP sockets of another process: those that it has a descriptor for. */
final class KernelTable {
    private static final List<String> STATES = List.of(
            "",
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING");

    private KernelTable() {}

    /** The state of each socket of {@code pid} that does not listen, by {@code local -> peer}. */
    static Map<String, String> of(long pid) throws IOException {
        Set<String> owned = inodes(pid);
        Map<String, String> states = new TreeMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = Path.of("/proc", Long.toString(pid), "net", table);
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] words = line.trim().split("\\s+");
                if (words[0].equals("sl") || !owned.contains(words[9])) {
                    continue;
                }
                String state = STATES.get(Integer.parseInt(words[3], 16));
                if (!state.equals("LISTEN")) {
                    states.put(address(words[1]) + " -> " + address(words[2]), state);
                }
            }
        }
        return states;
    }

    private static Set<String> inodes(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (NoSuchFileException closed) {
                    // Gone since the folder was read.
                }
            }
        }
        return inodes;
    }

    /** From {@code 0100007F:1F90}: words of four bytes, each with its lowest byte first. */
    private static String address(String hex) throws IOException {
        int colon = hex.indexOf(':');
        byte[] bytes = HexFormat.of().parseHex(hex.substring(0, colon));
        for (int word = 0; word < bytes.length; word += 4) {
            swap(bytes, word, word + 3);
            swap(bytes, word + 1, word + 2);
        }
        // An IPv4 address inside of an IPv6 one becomes an IPv4 address again.
        String host = InetAddress.getByAddress(bytes).getHostAddress();
        return host + ":" + Integer.parseInt(hex.substring(colon + 1), 16);
    }

    private static void swap(byte[] bytes, int one, int other) {
        byte kept = bytes[one];
        bytes[one] = bytes[other];
        bytes[other] = kept;
    }
}
