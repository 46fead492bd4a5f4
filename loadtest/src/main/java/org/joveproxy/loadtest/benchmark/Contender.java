package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import org.joveproxy.loadtest.subject.SubjectException;

/** A proxy that can be measured. Implementations are immutable. */
interface Contender {
    /** What the report calls it. */
    String name();

    /** Whether it compiles what it runs often: then it has to run for a while before it is measured. */
    boolean compiles();

    /** Starts it on its own, and waits until it accepts and has all routes. */
    Started start(Setup setup, Pinning pinning) throws SubjectException, IOException, InterruptedException;

    /** A proxy that runs, and ends with {@link #close}. Any thread may call any method. */
    interface Started extends AutoCloseable {
        /** The first of its processes; the others are its descendants. */
        long pid();

        int port();

        /** How it was started, for the report. */
        String commandLine();

        @Override
        void close();
    }
}
