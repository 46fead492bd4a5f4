package org.joveproxy.loadtest.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processor's cores, by number: which this process may use, and how busy one was. Any thread may call it. */
public final class Cores {
    private static final double TICKS_PER_SECOND = 100;

    private Cores() {}

    /** Those that this process may use, in order. */
    public static List<Integer> allowed() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                return parse(line.substring(line.indexOf(':') + 1).trim());
            }
        }
        throw new IOException("/proc/self/status: no Cpus_allowed_list");
    }

    /** Reads a list as the kernel writes it, for example {@code 0-2,5}. */
    static List<Integer> parse(String list) {
        List<Integer> cores = new ArrayList<>();
        for (String part : list.split(",")) {
            String[] ends = part.split("-", 2);
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int core = first; core <= last; core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    /** What everything on this machine has used of {@code cores} since it was started, in seconds. */
    public static double busySeconds(List<Integer> cores) throws IOException {
        List<String> stat = Files.readAllLines(Path.of("/proc/stat"));
        double busy = 0;
        for (int core : cores) {
            busy += busySeconds(stat, core);
        }
        return busy;
    }

    static double busySeconds(List<String> stat, int core) throws IOException {
        for (String line : stat) {
            String[] columns = line.split(" +");
            if (columns[0].equals("cpu" + core)) {
                // user, nice, system, idle, iowait, irq, softirq, and what guests and thieves took
                long ticks = 0;
                for (int column : new int[] {1, 2, 3, 6, 7}) {
                    ticks += Long.parseLong(columns[column]);
                }
                return ticks / TICKS_PER_SECOND;
            }
        }
        throw new IOException("/proc/stat: no core " + core);
    }
}
