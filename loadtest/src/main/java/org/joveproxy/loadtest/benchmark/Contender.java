package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.joveproxy.loadtest.subject.Daemon;
import org.joveproxy.loadtest.subject.SubjectException;

/** A proxy that can be measured. Implementations are immutable. */
interface Contender {
    /** What the report calls it. */
    String name();

    /** Whether it compiles what it runs often: then it has to run for a while before it is measured. */
    boolean compiles();

    /** How many routes it can be given. */
    default int maxRoutes() {
        return Integer.MAX_VALUE;
    }

    /** The same with {@code loops} event loops instead of one; empty when it cannot have more or cannot be told. */
    default Optional<Contender> withLoops(int loops, String newName) {
        return Optional.empty();
    }

    /**
     * Starts it, and waits until it accepts and has all routes.
     *
     * @param prefix put before the command, to run it on certain cores
     */
    Started start(Setup setup, List<String> prefix) throws SubjectException, IOException, InterruptedException;

    /** A proxy that runs, and ends with {@link #close}. Any thread may call any method. */
    interface Started extends AutoCloseable {
        /** The first of its processes; the others are its descendants. */
        long pid();

        int port();

        /** {@link System#nanoTime} just before the command was executed. */
        long startedAt();

        /** How it was started, for the report. */
        String commandLine();

        @Override
        void close();
    }

    /** A server of the machine that is measured. */
    record DaemonStarted(Daemon daemon, int port, long startedAt, List<String> words) implements Started {
        public DaemonStarted {
            words = List.copyOf(words);
        }

        @Override
        public long pid() {
            return daemon.pid();
        }

        @Override
        public String commandLine() {
            return String.join(" ", words);
        }

        @Override
        public void close() {
            daemon.close();
        }
    }
}
