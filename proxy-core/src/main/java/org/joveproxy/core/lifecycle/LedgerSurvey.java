package org.joveproxy.core.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ledger holds. Each loop tells its part of one moment, but not all loops of the same.
 *
 * <p>Immutable: whoever makes a survey gives its lists and maps away.
 *
 * @param totals of all sockets, wanted or not; opened = closed + open
 * @param connections the wanted sockets, oldest first, up to a limit
 * @param matched how many are wanted, listed or not
 * @param groups the wanted sockets counted by role and phase, if that was asked for
 * @param routes how many wanted sockets each route has, by its path, if that was asked for
 * @param targets how many wanted sockets each server has, clients' included, if that was asked for
 * @param missing the threads of loops that did not answer in time, and are in none of the above
 */
public record LedgerSurvey(
        LedgerTotals totals,
        List<ConnectionView> connections,
        long matched,
        List<Group> groups,
        Map<String, Integer> routes,
        Map<String, Integer> targets,
        List<String> missing) {
    /**
     * The wanted sockets of one role that are in one phase.
     *
     * @param oldest the longest time that one of them has been in the phase
     */
    public record Group(Role role, Phase phase, long count, Duration oldest, long bytesIn, long bytesOut) {
        private Group plus(Group other) {
            return new Group(
                    role,
                    phase,
                    count + other.count,
                    oldest.compareTo(other.oldest) < 0 ? other.oldest : oldest,
                    bytesIn + other.bytesIn,
                    bytesOut + other.bytesOut);
        }
    }

    /** All of {@code parts} in one, with {@code limit} connections at most. */
    static LedgerSurvey merged(List<LedgerSurvey> parts, int limit, List<String> missing) {
        LedgerTotals totals = LedgerTotals.none();
        List<ConnectionView> connections = new ArrayList<>();
        long matched = 0;
        Map<Integer, Group> groups = new TreeMap<>();
        Map<String, Integer> routes = new HashMap<>();
        Map<String, Integer> targets = new HashMap<>();
        for (LedgerSurvey part : parts) {
            totals = totals.plus(part.totals);
            connections.addAll(part.connections);
            matched += part.matched;
            part.groups.forEach(group -> groups.merge(LoopTally.open(group.role(), group.phase()), group, Group::plus));
            part.routes.forEach((route, count) -> routes.merge(route, count, Integer::sum));
            part.targets.forEach((target, count) -> targets.merge(target, count, Integer::sum));
        }
        connections.sort(Comparator.comparingLong(ConnectionView::id));
        return new LedgerSurvey(
                totals,
                connections.size() > limit ? connections.subList(0, limit) : connections,
                matched,
                List.copyOf(groups.values()),
                routes,
                targets,
                missing);
    }
}
