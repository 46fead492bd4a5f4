package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Plot;
import org.joveproxy.loadtest.scenario.Table;
import org.joveproxy.loadtest.scenario.Verdict;

/** Says what came of a performance that has ended. Confined to the scenario's thread. */
final class Judge {
    private static final int MOST_EXAMPLES = 12;
    private static final double SHARE_OF_CHANGES = 0.9;

    private final Performance performance;
    private final Excuses excuses;
    private final List<String> notes = new ArrayList<>();

    Judge(Performance performance) {
        this.performance = performance;
        this.excuses =
                new Excuses(performance.timeline(), performance.balancer().log());
    }

    Verdict verdict() {
        List<Check> checks = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        checks.add(wrongAnswers(tables));
        checks.addAll(routes());
        checks.addAll(failures(tables));
        checks.addAll(changes());
        checks.addAll(activity());
        checks.addAll(replicas());
        tables.add(0, disturbances());
        tables.add(1, comparisons());
        tables.add(repeated());
        return new Verdict(checks, tables, plots(), notes);
    }

    // ---- what users saw ----

    private Check wrongAnswers(List<Table> tables) {
        List<Users.Wrong> wrongs = performance.users().wrongs();
        Map<List<String>, Integer> kinds = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        for (Users.Wrong wrong : wrongs) {
            kinds.merge(
                    List.of(
                            excuses.during(wrong.began(), wrong.began()),
                            replica(wrong.localPort(), wrong.began()),
                            wrong.reason()),
                    1,
                    Integer::sum);
        }
        tables.add(counted("Wrong answers", List.of("when", "replica", "what was answered"), kinds));
        examples(
                "Wrong answers",
                wrongs.stream()
                        .map(wrong -> wrong.complaint() + ", by " + replica(wrong.localPort(), wrong.began()) + ", "
                                + excuses.since(wrong.began()))
                        .toList());
        return Check.of(
                "wrong answers to requests begun after the hub was told that the change was made",
                "0",
                wrongs.size() + " of " + (performance.users().rights() + wrongs.size()) + ", "
                        + performance.users().afterChange() + " of them right after a change",
                wrongs.isEmpty());
    }

    private String replica(int localPort, double seconds) {
        BalancerLog.Session session = performance.balancer().log().from(localPort, seconds);
        return session == null ? "unknown" : session.replica();
    }

    private List<Check> failures(List<Table> tables) {
        Map<List<String>, Integer> kinds = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        List<String> bad = new ArrayList<>();
        int excused = 0;
        int mostAtOnce = 0;
        Map<Double, Integer> byTrouble = new TreeMap<>();
        for (Users.Failure failure : performance.users().failures()) {
            String excuse = excuses.excuse(failure);
            String when = excuses.during(failure.began(), failure.ended());
            String whose = replica(failure.localPort(), failure.began());
            kinds.merge(
                    List.of(
                            when,
                            whose,
                            failure.told() + (failure.isFresh() ? ", new connection" : ", kept connection"),
                            excuse.isEmpty() ? "no" : excuse),
                    1,
                    Integer::sum);
            if (excuse.isEmpty()) {
                bad.add(String.format(
                        Locale.ROOT,
                        "%.3f to %.3f s: %s: %s, on %s",
                        failure.began(),
                        failure.ended(),
                        failure.path(),
                        failure.told(),
                        whose));
            } else {
                excused++;
                mostAtOnce = Math.max(mostAtOnce, byTrouble.merge(excuses.beginning(failure), 1, Integer::sum));
            }
        }
        tables.add(
                counted("Requests without a proper answer", List.of("when", "replica", "what came", "excused"), kinds));
        examples("Failed requests", bad);
        return List.of(
                Check.of(
                        "failed requests that were not in flight on a replica that was killed, stopped or cut off",
                        "0",
                        bad.size() + ", and " + excused + " that were",
                        bad.isEmpty()),
                Check.atMost(
                        "requests in flight that one disturbance ended, which are one of each user at most",
                        mostAtOnce,
                        performance.settings().users() + 1,
                        ""));
    }

    // ---- the tables ----

    private List<Check> routes() {
        List<String> unlike = new ArrayList<>();
        for (Performance.Comparison comparison : performance.comparisons()) {
            comparison
                    .atLast()
                    .forEach(difference ->
                            unlike.add(comparison.replica() + ", after: " + comparison.after() + ": " + difference));
        }
        examples("Routes unlike the hub's", unlike);
        List<String> lost = performance.hub().lostRoutes();
        examples("Routes to be deleted that were not there", lost);
        return List.of(
                Check.of(
                        "routes lost, stale or left over in any replica's table",
                        "0",
                        unlike.size() + " in " + performance.comparisons().size() + " comparisons",
                        unlike.isEmpty()),
                Check.atMost("routes that the hub found lost when it deleted them", lost.size(), 0, ""));
    }

    private Table comparisons() {
        return new Table(
                "Tables compared with the hub's",
                List.of("after", "replica", "routes", "differences at once", "differences at last"),
                performance.comparisons().stream()
                        .map(comparison -> List.of(
                                comparison.after(),
                                comparison.replica(),
                                Integer.toString(comparison.routes()),
                                Integer.toString(comparison.atOnce().size()),
                                Integer.toString(comparison.atLast().size())))
                        .toList());
    }

    // ---- the hub's changes ----

    private List<Check> changes() {
        HubWriter hub = performance.hub();
        List<HubWriter.Attempt> inCalm = hub.troubles().stream()
                .filter(attempt -> performance.timeline().during(attempt.began(), attempt.ended()) == null)
                .toList();
        examples(
                "Calls that had to be repeated in calm",
                inCalm.stream()
                        .map(attempt -> String.format(
                                Locale.ROOT,
                                "%.3f to %.3f s: %s, on %s",
                                attempt.began(),
                                attempt.ended(),
                                attempt.trouble().isEmpty() ? "status " + attempt.status() : attempt.trouble(),
                                replica(attempt.localPort(), attempt.began())))
                        .toList());
        long hung = hub.troubles().stream()
                .filter(attempt -> attempt.trouble().startsWith("no answer within"))
                .count();
        examples("Changes that the hub gave up", hub.failed());
        double rate = rateInCalm();
        return List.of(
                Check.atMost("changes that the hub gave up", hub.failed().size(), 0, ""),
                Check.atMost("the hub's calls that had to be repeated in calm", inCalm.size(), 0, ""),
                Check.atMost("the hub's calls that were not answered within 10 s", (double) hung, 0, ""),
                Check.atLeast(
                        "changes in a second of calm",
                        rate,
                        SHARE_OF_CHANGES * performance.settings().changesPerSecond(),
                        ""),
                Check.of(
                        "a change took, its repetitions included",
                        "told",
                        String.format(
                                Locale.ROOT,
                                "p50 %.1f, p99 %.1f, at most %.0f ms",
                                hub.micros().getValueAtPercentile(50) / 1e3,
                                hub.micros().getValueAtPercentile(99) / 1e3,
                                hub.micros().getMaxValue() / 1e3),
                        true));
    }

    /** Of the seconds that were calm from their begin to their end, and in which the hub was not held still. */
    private double rateInCalm() {
        List<Double> rates = new ArrayList<>();
        for (int second = 0; second < performance.act().seconds(); second++) {
            double changes = performance.hub().seconds().at(HubWriter.DONE, second);
            if (changes > 0 && performance.timeline().during(second - 1, second + 2) == null) {
                rates.add(changes);
            }
        }
        rates.sort(null);
        return rates.isEmpty() ? 0 : rates.get(rates.size() / 2);
    }

    private Table repeated() {
        Map<List<String>, Integer> kinds = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        for (HubWriter.Attempt attempt : performance.hub().troubles()) {
            kinds.merge(
                    List.of(
                            excuses.during(attempt.began(), attempt.ended()),
                            replica(attempt.localPort(), attempt.began()),
                            attempt.trouble().isEmpty() ? "status " + attempt.status() : attempt.trouble()),
                    1,
                    Integer::sum);
        }
        return counted("The hub's calls that were repeated", List.of("when", "replica", "what came"), kinds);
    }

    // ---- last activity ----

    private List<Check> activity() {
        ActivityBook.Outcome outcome =
                performance.activity().judge(performance.timeline(), use -> excuses.mayBeForgotten(use));
        examples("Last activity", outcome.complaints());
        String of = " of " + outcome.readings() + " readings";
        return List.of(
                Check.of(
                        "uses through any replica that another's table did not show within 10 s of calm",
                        "0",
                        outcome.late() + of,
                        outcome.late() == 0 && outcome.readings() > 0),
                Check.of(
                        "times of last activity that went backwards",
                        "0",
                        outcome.backwards() + of,
                        outcome.backwards() == 0),
                Check.of(
                        "times of last activity at which nobody used the route",
                        "0",
                        outcome.ahead() + of,
                        outcome.ahead() == 0),
                Check.of(
                        "a use was in every table after",
                        "told",
                        String.format(Locale.ROOT, "at most %.1f s, disturbances included", outcome.longestLag()),
                        true));
    }

    // ---- the replicas ----

    private List<Check> replicas() {
        List<String> dead = performance.replicas().stream()
                .filter(replica -> !replica.isAlive())
                .map(Replica::name)
                .toList();
        List<String> out = performance.balancer().log().turns().stream()
                .filter(turn -> turn.seconds() >= performance.begunAt())
                .filter(turn -> !turn.isUp() && !excuses.isDisturbed(turn.replica(), turn.seconds()))
                .map(turn ->
                        String.format(Locale.ROOT, "%.3f s: %s: %s", turn.seconds(), turn.replica(), turn.reason()))
                .toList();
        examples("Replicas taken out of service though nothing was done to them", out);
        return List.of(
                Check.of(
                        "replicas that died by themselves",
                        "none",
                        dead.isEmpty() ? "none" : dead.toString(),
                        dead.isEmpty()),
                Check.atMost("replicas taken out of service though nothing was done to them", out.size(), 0, ""),
                Check.of(
                        "in service again, and changes acknowledged, within 30 s after each disturbance",
                        "yes",
                        performance.unrecovered().isEmpty() ? "yes" : "not after: " + performance.unrecovered(),
                        performance.unrecovered().isEmpty()),
                Check.of(
                        "a replica that starts is ready only with all routes",
                        "yes",
                        performance.unsynchronised().isEmpty()
                                ? "yes"
                                : performance.unsynchronised().toString(),
                        performance.unsynchronised().isEmpty()),
                Check.atMost(
                        "uncaught exceptions in the logs",
                        performance.act().logged().uncaught(),
                        0,
                        ""));
    }

    private Table disturbances() {
        List<List<String>> rows = new ArrayList<>();
        List<Timeline.Trouble> troubles = performance.timeline().troubles();
        for (int i = 0; i < troubles.size(); i++) {
            Timeline.Trouble trouble = troubles.get(i);
            rows.add(List.of(
                    trouble.what().told(),
                    trouble.replica(),
                    String.format(Locale.ROOT, "%.1f", trouble.from()),
                    performance.recoveries().get(i),
                    outOfService(trouble),
                    Long.toString(performance.hub().troubles().stream()
                            .filter(attempt -> trouble.covers(attempt.began(), attempt.ended()))
                            .count()),
                    Long.toString(performance.users().failures().stream()
                            .filter(failure -> trouble.covers(failure.began(), failure.ended()))
                            .count()),
                    Long.toString(performance.users().wrongs().stream()
                            .filter(wrong -> trouble.covers(wrong.began(), wrong.began()))
                            .count())));
        }
        return new Table(
                "Disturbances",
                List.of(
                        "what",
                        "replica",
                        "at s",
                        "recovered in s",
                        "out of service",
                        "calls repeated",
                        "requests without an answer",
                        "wrong answers"),
                rows);
    }

    /** When the balancer took replicas out, and took them back, in seconds since the disturbance began. */
    private String outOfService(Timeline.Trouble trouble) {
        List<String> told = new ArrayList<>();
        for (BalancerLog.Turn turn : performance.balancer().log().turns()) {
            if (trouble.covers(turn.seconds(), turn.seconds())) {
                told.add(String.format(
                        Locale.ROOT,
                        "%s %s %.1f",
                        turn.replica(),
                        turn.isUp() ? "in" : "out",
                        turn.seconds() - trouble.from()));
            }
        }
        return String.join(", ", told);
    }

    // ---- for the reader ----

    private void examples(String what, List<String> all) {
        if (!all.isEmpty()) {
            notes.add(what + ", the first of " + all.size() + ": "
                    + String.join("; ", all.subList(0, Math.min(MOST_EXAMPLES, all.size()))));
        }
    }

    private static Table counted(String title, List<String> columns, Map<List<String>, Integer> kinds) {
        List<String> more = new ArrayList<>(columns);
        more.add("how often");
        List<List<String>> rows = new ArrayList<>();
        kinds.forEach((kind, count) -> {
            List<String> row = new ArrayList<>(kind);
            row.add(count.toString());
            rows.add(row);
        });
        return new Table(title, more, rows);
    }

    private List<Plot> plots() {
        Seconds hub = performance.hub().seconds();
        Seconds users = performance.users().seconds();
        return List.of(
                new Plot("Changes", "per second", hub.lines(HubWriter.DONE, HubWriter.REFUSED, HubWriter.UNANSWERED)),
                new Plot("Slowest change of each second", "ms", hub.lines(HubWriter.SLOWEST)),
                new Plot("Answers", "per second", users.lines(Users.RIGHT)),
                new Plot("Wrong and failed answers", "per second", users.lines(Users.WRONG, Users.FAILED)),
                new Plot("Replicas in service", "", List.of(inService())),
                new Plot("Memory in RAM", "MiB", ofReplicas(Sample::rssMib)),
                new Plot("Processor", "% of a core", ofReplicas(Sample::cpuPercent)));
    }

    private List<Plot.Line> ofReplicas(ToDoubleFunction<Sample> value) {
        return performance.replicas().stream()
                .map(replica -> replica.line(value))
                .toList();
    }

    private Plot.Line inService() {
        int number = performance.settings().replicas();
        List<Plot.Point> points = new ArrayList<>(List.of(new Plot.Point(0, number)));
        for (BalancerLog.Turn turn : performance.balancer().log().turns()) {
            points.add(new Plot.Point(turn.seconds(), number));
            number += turn.isUp() ? 1 : -1;
            points.add(new Plot.Point(turn.seconds(), number));
        }
        points.add(new Plot.Point(performance.act().seconds(), number));
        return new Plot.Line("in service", points);
    }
}
