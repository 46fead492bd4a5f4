package org.joveproxy.loadtest.kernel;

import java.util.HashMap;
import java.util.Map;

/**
 * What a process and its descendants have cost so far. Immutable.
 *
 * @param cpu time of all threads, by process id
 * @param rssKib memory in RAM of all of them together
 */
public record ProcessCost(Map<Long, CpuTime> cpu, long rssKib) {
    public ProcessCost {
        cpu = Map.copyOf(cpu);
    }

    /** Reads what {@code pid} and its descendants have cost. */
    public static ProcessCost of(long pid) {
        Map<Long, CpuTime> cpu = new HashMap<>();
        long rss = 0;
        for (long process : ProcessTree.of(pid)) {
            ProcessFiles files = new ProcessFiles(process);
            cpu.put(process, files.cpuTime());
            rss += files.rssKib();
        }
        return new ProcessCost(cpu, rss);
    }

    /**
     * The processor time between {@code earlier} and this.
     *
     * @throws IllegalStateException when a process has ended since: what it used last is not known
     */
    public CpuTime since(ProcessCost earlier) {
        CpuTime spent = CpuTime.NONE;
        for (CpuTime time : cpu.values()) {
            spent = spent.plus(time);
        }
        for (Map.Entry<Long, CpuTime> before : earlier.cpu.entrySet()) {
            if (!cpu.containsKey(before.getKey())) {
                throw new IllegalStateException(
                        "process " + before.getKey() + " ended while it was measured (expected: it lives)");
            }
            spent = spent.minus(before.getValue());
        }
        return spent;
    }
}
