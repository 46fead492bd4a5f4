package org.joveproxy.loadtest.play;

import java.time.Duration;

/**
 * How busy a user is. Immutable.
 *
 * @param poll how often the page asks the server for sessions, kernels and so on
 * @param message how often something is run in a kernel or typed into a terminal
 * @param save how often the notebook is saved
 * @param downloadShare the chance, each second, to download {@code downloadBytes}
 * @param labFiles how many static files the page has, 2 kB to 1 MB each
 */
record Habits(Duration poll, Duration message, Duration save, double downloadShare, long downloadBytes, int labFiles) {
    /** A class that works: about one request a second from each user. */
    static final Habits BUSY =
            new Habits(Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(30), 0.001, 10 << 20, 36);

    /** Users who mostly read. */
    static final Habits CALM =
            new Habits(Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(60), 0.0002, 10 << 20, 36);
}
