package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was done to the proxies and when. Any thread may call any method; this object's monitor guards all. */
final class Timeline {
    private final List<Trouble> troubles = new ArrayList<>();

    /**
     * One disturbance.
     *
     * @param replica whom it was done to; empty when it was Redis
     * @param from seconds of the act
     * @param to when it was over and had been recovered from
     */
    record Trouble(Disturbance what, String replica, double from, double to) {
        boolean covers(double first, double last) {
            return from <= last && to >= first;
        }
    }

    synchronized void add(Trouble trouble) {
        troubles.add(trouble);
        troubles.sort(Comparator.comparingDouble(Trouble::from));
    }

    synchronized List<Trouble> troubles() {
        return List.copyOf(troubles);
    }

    /** The disturbance that something between {@code first} and {@code last} may have come from; null when all was calm. */
    @Nullable
    Trouble during(double first, double last) {
        return troubles().stream()
                .filter(trouble -> trouble.covers(first, last))
                .findFirst()
                .orElse(null);
    }

    /** The moment by which there have been {@code seconds} of calm, begun at {@code from} or later. */
    double calmFor(double seconds, double from) {
        double end = from + seconds;
        for (Trouble trouble : troubles()) {
            if (trouble.from() < end && trouble.to() > end - seconds) {
                end = trouble.to() + seconds;
            }
        }
        return end;
    }
}
