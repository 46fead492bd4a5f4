package org.joveproxy.loadtest.play;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel has counted for this network namespace: connections that a listener was too slow for, segments that had
 * to be sent again. Immutable.
 */
record KernelCounters(Map<String, Long> values) {
    private static final Path FILE = Path.of("/proc/self/net/netstat");

    /** Name in the kernel, and in words. */
    private static final Map<String, String> WATCHED = Map.of(
            "ListenOverflows", "connections that found a listener's queue full",
            "TCPReqQFullDoCookies", "SYN cookies sent: the kernel took it for a flood",
            "TCPSynRetrans", "SYNs sent again",
            "TCPTimeouts", "segments sent again after a time-out",
            "TCPTimeWaitOverflow", "closed sockets too many to remember");

    KernelCounters {
        values = Map.copyOf(values);
    }

    /** As they are now; empty where there is no such file. */
    static KernelCounters now() {
        try {
            return parse(Files.readAllLines(FILE));
        } catch (IOException e) {
            return new KernelCounters(Map.of());
        }
    }

    /** Reads pairs of lines, names above and values below. */
    static KernelCounters parse(List<String> lines) {
        Map<String, Long> values = new HashMap<>();
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            String[] names = lines.get(i).split(" ");
            String[] numbers = lines.get(i + 1).split(" ");
            for (int field = 1; field < Math.min(names.length, numbers.length); field++) {
                if (WATCHED.containsKey(names[field])) {
                    values.put(names[field], Long.parseLong(numbers[field]));
                }
            }
        }
        return new KernelCounters(values);
    }

    /** What has been counted since {@code earlier}, in words; what did not happen is left out. */
    List<String> since(KernelCounters earlier) {
        List<String> told = new ArrayList<>();
        WATCHED.keySet().stream().sorted().forEach(name -> {
            long count = values.getOrDefault(name, 0L) - earlier.values.getOrDefault(name, 0L);
            if (count > 0) {
                told.add(WATCHED.get(name) + ": " + count);
            }
        });
        return told;
    }
}
