package org.joveproxy.loadtest.subject;

/** Lines of a log by level; {@code uncaught} are lines about exceptions that nobody caught, of whatever level. Immutable. */
public record LogCount(int info, int warn, int error, int uncaught, int other) {
    /** Lines above INFO. */
    public int aboveInfo() {
        return warn + error;
    }

    public LogCount and(LogCount more) {
        return new LogCount(
                info + more.info, warn + more.warn, error + more.error, uncaught + more.uncaught, other + more.other);
    }

    /** What came after {@code earlier}. */
    public LogCount since(LogCount earlier) {
        return new LogCount(
                info - earlier.info,
                warn - earlier.warn,
                error - earlier.error,
                uncaught - earlier.uncaught,
                other - earlier.other);
    }
}
