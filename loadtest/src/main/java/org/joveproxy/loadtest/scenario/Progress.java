package org.joveproxy.loadtest.scenario;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells how far a run is: a line for each step, and on a terminal one more line that is written over as it changes. Any
 * thread may call any method; this object's monitor guards the output.
 */
public final class Progress {
    private static final int WIDTH = 118;
    private static final double PLAIN_INTERVAL_SECONDS = 15;

    private final PrintStream out;
    private final boolean terminal;
    private final long began = System.nanoTime();
    private boolean onStatus;
    private double lastPlain;

    /** @param terminal whether a line may be written over */
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line that stays. */
    public synchronized void step(String text) {
        clear();
        out.println(stamp() + text);
    }

    /** Lines that stay, without the time before them. */
    public synchronized void print(String text) {
        clear();
        out.println(text);
    }

    /** How things are now. On a terminal it takes the place of the last one; elsewhere only one in 15 seconds is written. */
    public synchronized void status(String text) {
        if (terminal) {
            String line = stamp() + text;
            out.print("\r\u001b[K" + line.substring(0, Math.min(line.length(), WIDTH)));
            out.flush();
            onStatus = true;
        } else if (seconds() - lastPlain >= PLAIN_INTERVAL_SECONDS) {
            lastPlain = seconds();
            out.println(stamp() + text);
        }
    }

    private void clear() {
        if (onStatus) {
            out.print("\r\u001b[K");
            onStatus = false;
        }
    }

    private String stamp() {
        return String.format(Locale.ROOT, "%6.1f  ", seconds());
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }
}
