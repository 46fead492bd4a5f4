package org.joveproxy.core.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Makes the survey of one loop's sockets, which it is shown one after the other.
 *
 * <p>Confined to that loop.
 */
@EventLoopConfined
final class SurveyBuilder {
    private final LedgerQuery query;
    private final long nanoTime;
    private final long now;
    private final List<ConnectionView> connections = new ArrayList<>();
    private final int[] counts;
    private final long[] earliest;
    private final long[] bytesIn;
    private final long[] bytesOut;
    private final Map<String, Integer> routes = new HashMap<>();
    private final Map<String, Integer> targets = new HashMap<>();
    private long matched;

    /**
     * Answers {@code query}.
     *
     * @param nanoTime the time by the system's clock
     * @param now the time by the clock of the deadlines
     */
    SurveyBuilder(LedgerQuery query, long nanoTime, long now) {
        this.query = query;
        this.nanoTime = nanoTime;
        this.now = now;
        // In the places that the tally has for sockets by role and phase.
        int groups = query.isCounted() ? LoopTally.LENGTH : 0;
        this.counts = new int[groups];
        this.earliest = new long[groups];
        this.bytesIn = new long[groups];
        this.bytesOut = new long[groups];
    }

    void look(LedgerEntry entry) {
        if (!query.filter().takes(entry, nanoTime)) {
            return;
        }
        matched++;
        if (connections.size() < query.limit()) {
            connections.add(ConnectionView.of(entry, nanoTime, now));
        }
        if (query.isCounted()) {
            count(entry);
        }
    }

    private void count(LedgerEntry entry) {
        int group = LoopTally.open(entry.role(), entry.phase());
        earliest[group] = counts[group] == 0 ? entry.phaseSince() : Math.min(earliest[group], entry.phaseSince());
        counts[group]++;
        bytesIn[group] += entry.bytesIn();
        bytesOut[group] += entry.bytesOut();
        count(routes, entry.route());
        count(targets, entry.target());
    }

    private static void count(Map<String, Integer> counts, @Nullable String name) {
        if (name != null) {
            counts.merge(name, 1, Integer::sum);
        }
    }

    LedgerSurvey build(LedgerTotals totals) {
        List<LedgerSurvey.Group> groups = new ArrayList<>();
        if (query.isCounted()) {
            for (Role role : Role.values()) {
                for (Phase phase : Phase.values()) {
                    addGroup(groups, role, phase);
                }
            }
        }
        return new LedgerSurvey(totals, connections, matched, groups, routes, targets, List.of());
    }

    private void addGroup(List<LedgerSurvey.Group> groups, Role role, Phase phase) {
        int group = LoopTally.open(role, phase);
        if (counts[group] > 0) {
            Duration oldest = Duration.ofNanos(Math.max(0, nanoTime - earliest[group]));
            groups.add(new LedgerSurvey.Group(role, phase, counts[group], oldest, bytesIn[group], bytesOut[group]));
        }
    }
}
