package org.joveproxy.loadtest.benchmark;

import org.jspecify.annotations.Nullable;

/**
 * What one proxy cost in one round of a scenario. Immutable.
 *
 * @param scenario its name
 * @param round from 1
 * @param cost of one operation, in the unit of the scenario
 * @param loaded how it was under load; null where there was none
 */
record Round(
        String scenario,
        int round,
        String proxy,
        double cost,
        @Nullable Loaded loaded) {
    /**
     * @param answers what the load got
     * @param proxyShare of its core, or of all where it had all, that the proxy used
     * @param othersShare of the same that anything else used: far above 0, all figures are worse
     * @param kernelShare of the cost that was spent in the kernel, 0 to 1
     */
    record Loaded(Answers answers, double proxyShare, double othersShare, double kernelShare) {}
}
