package org.joveproxy.loadtest.play;

import org.HdrHistogram.Histogram;

/** Does the same thing many times, some at a time, and keeps how long each took. Confined to the play's loop. */
final class Repetition {
    private static final long LONGEST_MICROS = 120_000_000;

    private final int number;
    private final Step step;
    private final Runnable whenDone;
    private final Histogram micros = new Histogram(LONGEST_MICROS, 2);
    private int begun;
    private int done;

    /** One of the many. */
    @FunctionalInterface
    interface Step {
        /** Does number {@code index}, and tells {@code whenDone} at its end, never before it returns. */
        void take(int index, Runnable whenDone);
    }

    private Repetition(int number, Step step, Runnable whenDone) {
        this.number = number;
        this.step = step;
        this.whenDone = whenDone;
    }

    /** Begins; {@code whenDone} is told when all {@code number} are done, which must be at least one. */
    static Repetition begin(int number, int atATime, Step step, Runnable whenDone) {
        if (number < 1) {
            throw new IllegalArgumentException("number: " + number + " (expected: >= 1)");
        }
        Repetition repetition = new Repetition(number, step, whenDone);
        for (int i = 0; i < atATime; i++) {
            repetition.next();
        }
        return repetition;
    }

    private void next() {
        if (begun == number) {
            return;
        }
        long at = System.nanoTime();
        step.take(begun++, () -> {
            micros.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - at) / 1000));
            done++;
            if (done == number) {
                whenDone.run();
            } else {
                next();
            }
        });
    }

    /** Milliseconds that {@code percentile} percent did not exceed. */
    double millis(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1000.0;
    }
}
