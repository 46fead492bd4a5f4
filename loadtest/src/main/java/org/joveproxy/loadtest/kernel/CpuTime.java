package org.joveproxy.loadtest.kernel;

/**
 * Processor time. Immutable.
 *
 * @param userSeconds in the program's own code
 * @param systemSeconds in the kernel, which works for it
 */
public record CpuTime(double userSeconds, double systemSeconds) {
    static final CpuTime NONE = new CpuTime(0, 0);

    public double seconds() {
        return userSeconds + systemSeconds;
    }

    /** How much of it was spent in the kernel, 0 to 1; 0 of no time at all. */
    public double kernelShare() {
        return seconds() == 0 ? 0 : systemSeconds / seconds();
    }

    CpuTime plus(CpuTime other) {
        return new CpuTime(userSeconds + other.userSeconds, systemSeconds + other.systemSeconds);
    }

    CpuTime minus(CpuTime other) {
        return new CpuTime(userSeconds - other.userSeconds, systemSeconds - other.systemSeconds);
    }
}
