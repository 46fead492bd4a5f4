package org.joveproxy.loadtest.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scenario says about one subject. Immutable.
 *
 * @param plots beside those that every report has: memory, processor time, descriptors, sockets
 * @param notes sentences for the reader
 */
public record Verdict(List<Check> checks, List<Table> tables, List<Plot> plots, List<String> notes) {
    public Verdict {
        checks = List.copyOf(checks);
        tables = List.copyOf(tables);
        plots = List.copyOf(plots);
        notes = List.copyOf(notes);
    }

    public static Verdict of(List<Check> checks) {
        return new Verdict(checks, List.of(), List.of(), List.of());
    }

    /** The same with one more check. */
    public Verdict and(Check check) {
        List<Check> more = new ArrayList<>(checks);
        more.add(check);
        return new Verdict(more, tables, plots, notes);
    }

    /** Whether no bound was broken. */
    public boolean held() {
        return checks.stream().noneMatch(check -> check.status() == Check.Status.BROKEN);
    }
}
