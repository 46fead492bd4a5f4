package org.joveproxy.loadtest.kernel;

import java.util.HashMap;
import java.util.Map;

/**
 * What a process and its descendants have cost so far. Immutable.
 *
 * @param cpuSeconds user and system time of all threads, by process id
 * @param rssKib memory in RAM of all of them together
 */
public record ProcessCost(Map<Long, Double> cpuSeconds, long rssKib) {
    public ProcessCost {
        cpuSeconds = Map.copyOf(cpuSeconds);
    }

    /** Reads what {@code pid} and its descendants have cost. */
    public static ProcessCost of(long pid) {
        Map<Long, Double> seconds = new HashMap<>();
        long rss = 0;
        for (long process : ProcessTree.of(pid)) {
            ProcessFiles files = new ProcessFiles(process);
            seconds.put(process, files.cpuSeconds());
            rss += files.rssKib();
        }
        return new ProcessCost(seconds, rss);
    }

    /**
     * The processor time between {@code earlier} and this.
     *
     * @throws IllegalStateException when a process has ended since: what it used last is not known
     */
    public double secondsSince(ProcessCost earlier) {
        double spent = 0;
        for (double seconds : cpuSeconds.values()) {
            spent += seconds;
        }
        for (Map.Entry<Long, Double> before : earlier.cpuSeconds.entrySet()) {
            if (!cpuSeconds.containsKey(before.getKey())) {
                throw new IllegalStateException(
                        "process " + before.getKey() + " ended while it was measured (expected: it lives)");
            }
            spent -= before.getValue();
        }
        return spent;
    }
}
