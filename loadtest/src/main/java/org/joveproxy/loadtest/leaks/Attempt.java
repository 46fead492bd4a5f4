package org.joveproxy.loadtest.leaks;

import java.io.IOException;

/** What one client of a case does. Called on many threads at the same time, each with another number. */
@FunctionalInterface
interface Attempt {
    /** Opens one client, does the deed and leaves. */
    void perform(int number) throws IOException, InterruptedException;
}
