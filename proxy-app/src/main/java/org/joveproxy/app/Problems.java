package org.joveproxy.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is wrong with a command line and its environment, in the order in which it was found. Whoever reads on after a
 * problem puts something harmless in the place of what was wrong; no proxy may be started with that.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class Problems {
    private final List<UsageException> found = new ArrayList<>();

    /** Reads one setting. */
    interface Reading<T> {
        /** The setting, or what is wrong with it. */
        T read() throws UsageException;
    }

    /** Reads one setting that may be absent. */
    interface OptionalReading<T> {
        /** The setting or null, or what is wrong with it. */
        @Nullable
        T read() throws UsageException;
    }

    /** Notes {@code problem}. */
    void add(UsageException problem) {
        found.add(problem);
    }

    /** What {@code reading} reads, or {@code otherwise} and one problem more. */
    <T> T or(T otherwise, Reading<T> reading) {
        try {
            return reading.read();
        } catch (UsageException e) {
            add(e);
            return otherwise;
        }
    }

    /** What {@code reading} reads, or null and one problem more. */
    <T> @Nullable T orNull(OptionalReading<T> reading) {
        try {
            return reading.read();
        } catch (UsageException e) {
            add(e);
            return null;
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<UsageException> all() {
        return List.copyOf(found);
    }

    /** Throws the first problem, if there is any. */
    void throwFirst() throws UsageException {
        if (!found.isEmpty()) {
            throw found.get(0);
        }
    }
}
