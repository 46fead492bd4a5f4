package org.joveproxy.loadtest.benchmark;

/**
 * What one proxy cost in one round of a scenario. Immutable.
 *
 * @param scenario its name
 * @param round from 1
 * @param cost of one operation, in the unit of the scenario
 * @param answers what the load got
 * @param proxyShare of its core that the proxy used
 * @param othersShare of that core that anything else used: far above 0, all figures are worse
 */
record Round(
        String scenario,
        int round,
        String proxy,
        double cost,
        Answers answers,
        double proxyShare,
        double othersShare) {}
