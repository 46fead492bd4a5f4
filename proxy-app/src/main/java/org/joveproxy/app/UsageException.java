package org.joveproxy.app;

/**
 * What an operator got wrong on the command line or in the environment, in one line without a stack trace.
 *
 * <p>Immutable.
 */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isLogLine;

    private UsageException(String message, boolean isLogLine) {
        super(message, null, false, false);
        this.isLogLine = isLogLine;
    }

    /** A mistake that is told on standard error as it stands. */
    static UsageException of(String message) {
        return new UsageException(message, false);
    }

    /** A mistake that the original tells as a line of its log. */
    static UsageException logged(String message) {
        return new UsageException(message, true);
    }

    /** Whether it belongs into the log rather than on standard error. */
    boolean isLogLine() {
        return isLogLine;
    }
}
