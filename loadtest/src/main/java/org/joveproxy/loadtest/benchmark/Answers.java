package org.joveproxy.loadtest.benchmark;

/**
 * What one stretch of load got. None of it failed. Immutable.
 *
 * @param operations that were done, in the unit of the scenario
 * @param seconds that it took
 * @param p50Millis the time that one took, in the middle; 0 where that is not measured
 * @param p99Millis the time that ninety-nine of a hundred took at most
 */
record Answers(double operations, double seconds, double p50Millis, double p99Millis) {
    double perSecond() {
        return operations / seconds;
    }
}
