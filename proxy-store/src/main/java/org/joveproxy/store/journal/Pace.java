package org.joveproxy.store.journal;

import java.time.Duration;

/**
 * How often the journal does what it does by itself.
 *
 * <p>Immutable.
 *
 * @param activity between two looks for routes that were used
 * @param firstRetry from the failure to keep something to the next try
 * @param lastRetry between two tries at most; each wait is twice the one before
 * @param settling how long a start leaves the machine to the traffic before it writes the file anew, unless a change comes
 * @param patience how long to wait at the start for another process to give up the file
 */
record Pace(Duration activity, Duration firstRetry, Duration lastRetry, Duration settling, Duration patience) {
    static final Pace USUAL = new Pace(
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3));
}
