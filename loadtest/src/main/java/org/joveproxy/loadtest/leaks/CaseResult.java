package org.joveproxy.loadtest.leaks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.kernel.Side;
import org.joveproxy.loadtest.kernel.SocketCount;
import org.joveproxy.loadtest.kernel.TcpState;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.subject.LogCount;

/**
 * What came of one case with one proxy. Immutable.
 *
 * @param attempts how many clients there were
 * @param idle upstream connections that may be kept for later, by side
 * @param before the proxy before the case
 * @param settled the proxy when its sockets were back, or when the time for that was over
 * @param settleSeconds how long that took after the last client was gone
 * @param peakRssMib most memory in RAM that was seen, in MiB
 * @param logKinds the most frequent lines above INFO
 * @param alive whether the proxy's process was still there
 * @param unconnected clients that could not do their deed, because the proxy did not take them
 * @param serves whether the proxy answered a proper request afterwards
 * @param claims what else the case looked at
 */
record CaseResult(
        LeakCase leakCase,
        int attempts,
        Map<String, Integer> idle,
        Sample before,
        Sample settled,
        double settleSeconds,
        double peakRssMib,
        LogCount logged,
        List<String> logKinds,
        boolean alive,
        int unconnected,
        boolean serves,
        List<Check> claims) {
    CaseResult {
        idle = Map.copyOf(idle);
        logKinds = List.copyOf(logKinds);
        claims = List.copyOf(claims);
    }

    /**
     * The sockets in {@code now} that were not there before and may not stay, by side. Sockets of the REST API are left out
     * unless {@code idle} has them: mostly they are this program's own. A side whose sockets became fewer does not make up for another.
     */
    static Map<String, Integer> left(SocketCount before, SocketCount now, Map<String, Integer> idle) {
        TreeSet<String> sides = new TreeSet<>(now.bySide().keySet());
        if (!idle.containsKey(Side.API)) {
            sides.remove(Side.API);
        }
        Map<String, Integer> left = new TreeMap<>();
        for (String side : sides) {
            int growth = now.on(side) - before.on(side);
            // What is kept for later is an upstream connection that is open on both sides; anything else is a leak.
            int allowed = Math.min(idle.getOrDefault(side, 0), now.on(side, TcpState.ESTABLISHED));
            if (growth > allowed) {
                left.put(side, growth);
            }
        }
        return left;
    }

    private Map<String, Integer> left() {
        return left(before.sockets(), settled.sockets(), idle);
    }

    /** Sockets that are left for each attempt: 2 where both sides of a pair are. */
    private double leftPerAttempt() {
        return left().values().stream().mapToInt(Integer::intValue).sum() / (double) Math.max(1, attempts);
    }

    Check socketCheck() {
        String expected = "back to the number before within "
                + leakCase.settle().toSeconds() + " s"
                + idle.entrySet().stream()
                        .filter(side -> side.getValue() > 0)
                        .map(side -> ", up to " + side.getValue() + " idle to the " + side.getKey())
                        .sorted()
                        .collect(Collectors.joining());
        Map<String, Integer> left = left();
        String seen;
        if (left.isEmpty()) {
            seen = String.format(Locale.ROOT, "back after %.1f s", settleSeconds);
        } else {
            seen = String.format(
                    Locale.ROOT,
                    "%s left, %.2f per attempt: %s",
                    left.entrySet().stream()
                            .map(side -> side.getValue() + " " + side.getKey())
                            .collect(Collectors.joining(" and ")),
                    leftPerAttempt(),
                    settled.sockets());
        }
        return Check.of(leakCase + ": sockets", expected, seen, left.isEmpty());
    }

    /** Growth of the memory in RAM at its peak, in MiB. */
    double growthMib() {
        return Math.max(0, peakRssMib - before.rssMib());
    }

    static List<String> columns() {
        return List.of(
                "case",
                "attempts",
                "sockets before",
                "sockets after",
                "back after",
                "left per attempt",
                "log above INFO",
                "uncaught",
                "memory at its peak",
                "what the log says");
    }

    List<String> row() {
        return List.of(
                leakCase.toString(),
                Integer.toString(attempts),
                before.sockets().toString(),
                settled.sockets().toString(),
                left().isEmpty() ? String.format(Locale.ROOT, "%.1f s", settleSeconds) : "never",
                String.format(Locale.ROOT, "%.2f", leftPerAttempt()),
                Integer.toString(logged.aboveInfo()),
                Integer.toString(logged.uncaught()),
                String.format(Locale.ROOT, "+%.0f MiB", growthMib()),
                String.join("\n", logKinds));
    }
}
