package org.joveproxy.core;

/**
 * Spreads things evenly over a span of time, however many there turn out to be: of those that are left, so much is due as of
 * the time that was left has passed. The first is due at once, and all of them at the end.
 *
 * <p>Not thread-safe. Times are in nanoseconds since the span's beginning.
 */
final class EvenSpread {
    private final long span;
    private long last;
    private double due = 1;

    /** Spreads over {@code span}; when that is 0, everything is due at once. */
    EvenSpread(long span) {
        this.span = span;
    }

    /** How many of the {@code left} are due at {@code time}, which does not go back; they count as gone then. */
    int due(long time, int left) {
        if (time >= span) {
            return left;
        }
        due += left * ((double) (time - last) / (span - last));
        last = time;
        int now = Math.min(left, (int) due);
        due = Math.min(due - now, 1);
        return now;
    }
}
