package org.joveproxy.metrics;

/**
 * The bounds between the buckets of a histogram of durations.
 *
 * <p>Immutable.
 */
final class Buckets {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] boundsInNanos;
    private final String[] labels;

    private Buckets(double[] seconds) {
        boundsInNanos = new long[seconds.length];
        labels = new String[seconds.length + 1];
        for (int i = 0; i < seconds.length; i++) {
            boundsInNanos[i] = Math.round(seconds[i] * NANOS_PER_SECOND);
            labels[i] = Double.toString(seconds[i]);
        }
        labels[seconds.length] = "+Inf";
    }

    /** Buckets up to each of {@code seconds}, which grow, and one for all that is longer. */
    static Buckets upTo(double... seconds) {
        return new Buckets(seconds);
    }

    /** Buckets with these bounds. */
    static Buckets ofNanos(long[] bounds) {
        double[] seconds = new double[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            seconds[i] = bounds[i] / NANOS_PER_SECOND;
        }
        return new Buckets(seconds);
    }

    /** How many there are. */
    int count() {
        return labels.length;
    }

    /** The bucket of a duration. */
    int of(long nanos) {
        // A dozen comparisons that nearly always end after the first few cost less than a search by halves.
        int i = 0;
        while (i < boundsInNanos.length && nanos > boundsInNanos[i]) {
            i++;
        }
        return i;
    }

    /** The upper bound of {@code bucket} in seconds, as both formats want it. */
    String label(int bucket) {
        return labels[bucket];
    }
}
