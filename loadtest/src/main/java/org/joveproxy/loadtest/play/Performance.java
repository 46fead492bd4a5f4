package org.joveproxy.loadtest.play;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Plot;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.scenario.Table;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectException;

/**
 * A play with a proxy in it: what every scenario of this package begins and ends with. Confined to the thread that runs
 * the scenario, which is never the play's loop.
 */
final class Performance implements AutoCloseable {
    /** Sockets that may stay open to the hub, unused, when nobody is left. */
    static final int IDLE_PER_UPSTREAM = 16;

    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(12);

    /** Memory is looked at when a proxy has had time to give it back, not while the last are still leaving. */
    private static final Duration QUIET = Duration.ofSeconds(25);

    private static final int LEDGER_ATTEMPTS = 5;
    private static final int MOST_REASONS = 25;

    private final Act act;
    private final Play play;
    private final Running running;
    private final Sample baseline;
    private final double openedAt;
    private final KernelCounters kernelBefore;
    private final List<Plot.Point> webSockets = new ArrayList<>();
    private final List<Plot.Point> here = new ArrayList<>();
    private Sample settled;

    private Performance(Act act, Play play, Running running) {
        this.act = act;
        this.play = play;
        this.running = running;
        this.baseline = running.watcher().look();
        this.settled = baseline;
        this.openedAt = act.seconds();
        this.kernelBefore = KernelCounters.now();
    }

    /** Raises the curtain: the hub listens, the proxy starts, the hub's route is in place. */
    static Performance of(Act act, Duration checkEvery, String... flags)
            throws SubjectException, IOException, InterruptedException {
        Play play = Play.start();
        try {
            act.stage().knows("hub", Play.HUB_PORT);
            act.stage().knows("servers", Play.SERVER_PORT);
            Running running = act.start(play.hubUrl(), flags);
            Performance performance = new Performance(act, play, running);
            play.loop()
                    .await(() -> play.open(
                            running.subject().publicPort(),
                            running.subject().apiPort(),
                            running.subject().token(),
                            checkEvery));
            return performance;
        } catch (SubjectException | RuntimeException | InterruptedException e) {
            play.close();
            throw e;
        }
    }

    Play play() {
        return play;
    }

    Running running() {
        return running;
    }

    /** Seconds since the curtain rose. */
    double seconds() {
        return act.seconds() - openedAt;
    }

    boolean isAlive() {
        return running.subject().isAlive();
    }

    /** Waits until {@code seconds} after the curtain rose, or until the proxy is dead. */
    void until(double seconds) throws InterruptedException {
        while (seconds() < seconds && isAlive()) {
            Thread.sleep((long) Math.max(1, Math.min(1000, 1000 * (seconds - seconds()))));
            long[] now = play.loop().ask(() -> new long[] {
                play.openWebSockets(),
                play.people().stream().filter(Person::isHere).count()
            });
            webSockets.add(new Plot.Point(act.seconds(), now[0]));
            here.add(new Plot.Point(act.seconds(), now[1]));
        }
    }

    /** Waits for {@code done}, for as long as the proxy lives and at most {@code limit}. */
    void await(Future<?> done, Duration limit, String what) throws InterruptedException, SubjectException {
        double deadline = seconds() + limit.toSeconds();
        while (!done.isDone()) {
            until(seconds() + 0.2);
            if (!isAlive()) {
                throw new SubjectException(act.name() + " died: " + what);
            }
            if (seconds() > deadline) {
                throw new SubjectException(
                        act.name() + ": " + what + " (expected: within " + limit.toSeconds() + " s)");
            }
        }
    }

    /** Tells the reader of terminal and report, and does {@code action} on the play's loop. */
    void scene(String told, Runnable action) throws InterruptedException {
        act.mark(told);
        play.loop().await(action);
    }

    /** Waits, everybody having left, until the proxy's descriptors are back, at most as long as half-closed sockets may take. */
    void settle() throws InterruptedException {
        play.loop().await(() -> play.routes().leave());
        settled = running.watcher()
                .await(
                        sample -> sample.descriptors() <= baseline.descriptors() + IDLE_PER_UPSTREAM || !isAlive(),
                        SETTLES_WITHIN);
        running.watcher().await(sample -> !isAlive(), QUIET);
    }

    // ---- what came of it ----

    Check lived() {
        return Check.of("the proxy lives", "to the end", isAlive() ? "it does" : "it died", isAlive());
    }

    /** Nothing failed that was not excused by a server that is gone. */
    Check nothingFailed() throws InterruptedException {
        double failed = play.loop().ask(() -> (double) play.tally().count(Judgement.FAILED));
        return Check.atMost("requests, websockets and messages that failed though their server lived", failed, 0, "");
    }

    Check nothingUncaught() {
        return Check.atMost("uncaught exceptions in its log", act.logged().uncaught(), 0, "");
    }

    Check memoryBelow(double mib) {
        double most = act.samples().stream().mapToDouble(Sample::rssMib).max().orElse(0);
        return Check.atMost("memory in RAM, at most", most, mib, " MiB");
    }

    /** The end is not much bigger than it was {@code reference} seconds after the curtain rose. */
    Check memoryStays(String name, double reference, double share) {
        List<Sample> samples = act.samples();
        double last = samples.get(samples.size() - 1).seconds();
        double at = openedAt + reference;
        if (last < at + 30) {
            return Check.notRun(name, "<= " + percent(share), "the run was too short for it");
        }
        double before = medianRss(samples, at - 5, at + 5);
        double end = medianRss(samples, last - 5, last);
        return Check.of(
                name,
                "<= " + percent(share),
                String.format(Locale.ROOT, "%s: %.0f of %.0f MiB", percent(end / before), end, before),
                end <= share * before);
    }

    private static double medianRss(List<Sample> samples, double from, double to) {
        double[] inside = samples.stream()
                .filter(sample -> sample.seconds() >= from && sample.seconds() <= to)
                .mapToDouble(Sample::rssMib)
                .sorted()
                .toArray();
        return inside.length == 0 ? samples.get(samples.size() - 1).rssMib() : inside[inside.length / 2];
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** All that was opened is closed again. To be asked after {@link #settle}. */
    Check descriptorsAreBack() {
        int limit = baseline.descriptors() + IDLE_PER_UPSTREAM;
        return Check.of(
                "open descriptors within " + SETTLES_WITHIN.toSeconds() + " s after everybody has left",
                "<= those before it began + " + IDLE_PER_UPSTREAM + " unused ones to the hub",
                settled.descriptors() + ", " + baseline.descriptors() + " before; sockets: " + settled.sockets(),
                settled.descriptors() <= limit);
    }

    /** Errors of others are no load for the hub. */
    List<Check> hubIsSpared(int mostInFlight, int mostPerSecond) throws InterruptedException {
        int[] most = play.loop().ask(() -> new int[] {
            play.site().mostErrorPagesInFlight(),
            play.site().errorPagesBySecond().values().stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(0)
        });
        return List.of(
                Check.atMost("error pages fetched from the hub at one time", most[0], mostInFlight, ""),
                Check.atMost("error pages fetched from the hub in one second", most[1], mostPerSecond, ""));
    }

    /** The table is as the hub wants it, without repairs. */
    Check tableWasRight() throws InterruptedException {
        int[] wrong = play.loop()
                .ask(() -> new int[] {play.hub().repairs(), play.hub().failedPolls()});
        return Check.of(
                "routes that the hub had to repair, and readings of the table that failed",
                "0, 0",
                wrong[0] + ", " + wrong[1],
                wrong[0] == 0 && wrong[1] == 0);
    }

    /** What the proxy says of its sockets agrees with itself and with the kernel. */
    Check ledgerBalances(Figures figures) throws InterruptedException {
        String name = "the proxy's own ledger: opened = closed + open, and open as in the kernel";
        String seen = "";
        for (int attempt = 0; attempt < LEDGER_ATTEMPTS; attempt++) {
            Figures.Ledger ledger = figures.ledger();
            if (ledger == null) {
                return Check.notRun(name, "equal", "the proxy has no /api/connections");
            }
            // The connection on which this was asked is kept alive, and in both.
            int kernel = running.watcher().look().sockets().total();
            seen = ledger.opened() + " = " + ledger.closed() + " + " + ledger.open() + ", kernel: " + kernel;
            if (ledger.opened() == ledger.closed() + ledger.open() && ledger.open() == kernel) {
                return Check.of(name, "equal", seen, true);
            }
            until(seconds() + 1);
        }
        return Check.of(name, "equal", seen, false);
    }

    /** The whole verdict: checks, and what the play's books say. */
    Verdict verdict(List<Check> checks, List<Table> moreTables, List<String> notes) throws InterruptedException {
        List<Table> tables = new ArrayList<>(moreTables);
        List<Plot> plots = new ArrayList<>();
        List<String> told = new ArrayList<>(notes);
        List<String> counted = KernelCounters.now().since(kernelBefore);
        if (act.isolation().isOwn() && !counted.isEmpty()) {
            told.add("Counted by the kernel for the whole namespace: " + String.join("; ", counted) + ".");
        }
        play.loop().await(() -> {
            tables.add(byKind(play.tally()));
            if (!play.tally().failures().isEmpty()) {
                tables.add(byReason(play.tally()));
            }
            plots.addAll(plots());
            told.add("The longest that the play itself kept everybody waiting: "
                    + play.loop().longestStallMillis() + " ms.");
            if (!play.tally().examples().isEmpty()) {
                told.add("First failures, in seconds of the play: "
                        + String.join(
                                "; ",
                                play.tally()
                                        .examples()
                                        .subList(
                                                0,
                                                Math.min(
                                                        8,
                                                        play.tally().examples().size()))));
            }
        });
        return new Verdict(checks, tables, plots, told);
    }

    private static Table byKind(Tally tally) {
        List<String> columns = new ArrayList<>(List.of("what", "in all"));
        for (Judgement judgement : Judgement.values()) {
            columns.add(judgement.label());
        }
        columns.addAll(List.of("p50 ms", "p99 ms", "p99.9 ms", "max ms"));
        List<List<String>> rows = new ArrayList<>();
        tally.lines().forEach((kind, line) -> {
            List<String> row = new ArrayList<>(List.of(kind.label(), Long.toString(line.total())));
            for (Judgement judgement : Judgement.values()) {
                row.add(Long.toString(line.count(judgement)));
            }
            for (double percentile : new double[] {50, 99, 99.9, 100}) {
                row.add(String.format(Locale.ROOT, "%.1f", line.millis(percentile)));
            }
            rows.add(row);
        });
        return new Table("What was asked and what came of it", columns, rows);
    }

    private static Table byReason(Tally tally) {
        List<List<String>> rows = tally.failures().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_REASONS)
                .map(failure -> List.of(failure.getKey(), Long.toString(failure.getValue())))
                .toList();
        return new Table("Failures", List.of("what and why", "how often"), rows);
    }

    private List<Plot> plots() {
        List<Plot.Point> answered = new ArrayList<>();
        List<Plot.Point> excused = new ArrayList<>();
        List<Plot.Point> failed = new ArrayList<>();
        play.tally().seconds().forEach((second, counts) -> {
            double at = openedAt + second;
            answered.add(new Plot.Point(at, counts.answered));
            excused.add(new Plot.Point(at, counts.excused));
            failed.add(new Plot.Point(at, counts.failed));
        });
        List<Plot.Point> errorPages = new ArrayList<>();
        play.site()
                .errorPagesBySecond()
                .forEach((second, count) -> errorPages.add(new Plot.Point(openedAt + second, count)));
        return List.of(
                new Plot("Answers", "per second", List.of(new Plot.Line("as they should be", answered))),
                new Plot(
                        "Errors",
                        "per second",
                        List.of(new Plot.Line("server gone", excused), new Plot.Line("failed", failed))),
                new Plot(
                        "Users",
                        "",
                        List.of(new Plot.Line("here", here), new Plot.Line("open websockets", webSockets))),
                new Plot(
                        "Error pages fetched from the hub",
                        "per second",
                        List.of(new Plot.Line("fetched", errorPages))));
    }

    @Override
    public void close() {
        play.close();
    }
}
