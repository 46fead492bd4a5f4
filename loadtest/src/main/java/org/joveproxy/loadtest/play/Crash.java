package org.joveproxy.loadtest.play;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Plot;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Table;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A proxy that is killed in the middle of its work, again and again: what it acknowledged must be there when it is back, and
 * the first request must find its way. Then, if asked for, what its memory of routes costs: on disk after very many
 * changes, and in time with very many routes.
 */
@Command(
        name = "crash",
        description = "Kills the proxy while the hub changes routes, starts it again and looks what it still knows.")
public final class Crash implements Scenario {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long MOST = Long.MAX_VALUE;
    private static final int SHORTEST_LIFE_MILLIS = 50;
    private static final int LONGEST_LIFE_MILLIS = 1_500;
    private static final int STUMBLE_MILLIS = 400;
    private static final int ONE_IN_SO_MANY_STUMBLES = 8;
    private static final int SAMPLE = 60;
    private static final int FEW = 1_000;
    private static final int WARM_UP = 40_000;
    private static final int MEASURED = 10_000;
    private static final double MOST_START_SECONDS = 1;
    private static final double MOST_BIG_START_SECONDS = 2;
    private static final double MOST_CHANGE_MILLIS = 5;
    private static final double MOST_CHANGE_RATIO = 1.5;
    private static final long SPARE_BYTES = 8L << 20;
    private static final int TIMES_LIVE_BYTES = 4;
    private static final double MIB = 1 << 20;

    @Option(
            names = "--rounds",
            paramLabel = "<n>",
            defaultValue = "200",
            description = "How often it is killed. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--routes",
            paramLabel = "<n>",
            defaultValue = "10000",
            description = "About how many routes there are meanwhile. Default: ${DEFAULT-VALUE}.")
    private int routes;

    @Option(
            names = "--rate",
            paramLabel = "<n>",
            defaultValue = "1000",
            description = "Changes of routes per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--changes",
            paramLabel = "<n>",
            defaultValue = "0",
            description =
                    "After that, so many changes as fast as can be; what they leave on disk is bounded. Default: none.")
    private long changes;

    @Option(
            names = "--many-routes",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "Then a start with so many routes, and what a change costs beside them. Default: none.")
    private int manyRoutes;

    @Option(
            names = "--state-dir",
            paramLabel = "<folder>",
            description = "Where the proxy keeps its routes, in a folder of its own. Default: /dev/shm.")
    private @Nullable Path parent;

    @Option(
            names = "--patience",
            paramLabel = "<times>",
            defaultValue = "1",
            description =
                    "Allows so many times the time that the limits say, on a machine that does other things as well."
                            + " Default: ${DEFAULT-VALUE}.")
    private int patience;

    @Option(
            names = "--seed",
            paramLabel = "<n>",
            description = "Has the same changes and pauses come again. Default: another each time.")
    private @Nullable Long givenSeed;

    @Override
    public String complaint() {
        if (rounds < 0 || rounds > 10_000) {
            return "--rounds: " + rounds + " (expected: 0 to 10000)";
        }
        if (routes < 100 || routes > 200_000) {
            return "--routes: " + routes + " (expected: 100 to 200000)";
        }
        if (rate < 1 || rate > 20_000) {
            return "--rate: " + rate + " (expected: 1 to 20000)";
        }
        if (changes < 0 || changes > 100_000_000) {
            return "--changes: " + changes + " (expected: 0 to 100000000)";
        }
        if (manyRoutes != 0 && (manyRoutes < 10 * FEW || manyRoutes > 500_000)) {
            return "--many-routes: " + manyRoutes + " (expected: 0, or 10000 to 500000)";
        }
        if (patience < 1 || patience > 100) {
            return "--patience: " + patience + " (expected: 1 to 100)";
        }
        if (parent != null && !Files.isDirectory(parent)) {
            return "--state-dir: " + parent + " (expected: a folder)";
        }
        return "";
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        long seed = givenSeed == null ? RandomGenerator.getDefault().nextLong(1_000_000_000) : givenSeed;
        Path folder = parent == null ? sharedMemory() : parent;
        act.mark("seed " + seed);
        Findings findings = new Findings("Seed: " + seed + ". Routes were kept below " + folder + ".");
        SplittableRandom random = new SplittableRandom(seed);
        if (rounds > 0 || changes > 0) {
            try (Survivor survivor = Survivor.start(act, folder, random.split())) {
                act.mark(routes + " routes are added");
                survivor.fill(routes);
                boolean lives = killAgainAndAgain(act, survivor, random, findings);
                if (lives && changes > 0) {
                    changeVeryOften(act, survivor, findings);
                }
                findings.leave(survivor);
            }
        }
        if (manyRoutes > 0) {
            try (Survivor survivor = Survivor.start(act, folder, random.split())) {
                haveMany(act, survivor, findings);
                findings.leave(survivor);
            }
        }
        findings.checks.add(
                Check.atMost("uncaught exceptions in its log", act.logged().uncaught(), 0, ""));
        return new Verdict(findings.checks, findings.tables, findings.plots, findings.notes);
    }

    private static Path sharedMemory() {
        return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    // ---- killed again and again ----

    /** Returns whether it is alive at the end. */
    private boolean killAgainAndAgain(Act act, Survivor survivor, SplittableRandom random, Findings findings)
            throws IOException, InterruptedException, SubjectException {
        Lives lives = new Lives();
        String died = "";
        for (int round = 1; round <= rounds && died.isEmpty(); round++) {
            Future<Boolean> traffic = survivor.changeRoutes(MOST, rate);
            int life = random.nextInt(SHORTEST_LIFE_MILLIS, LONGEST_LIFE_MILLIS);
            Thread.sleep(life);
            survivor.kill(traffic);
            lives.changing += life / 1000.0;
            try {
                Aftermath aftermath = lookAfter(act, survivor, random, lives);
                if (!aftermath.isRight()) {
                    act.mark("round " + round + ": " + aftermath.examples().get(0));
                } else if (round % 20 == 0) {
                    act.mark("round " + round + " of " + rounds + ", "
                            + survivor.changes().answered() + " changes");
                }
            } catch (SubjectException e) {
                died = "round " + round + ": " + e.getMessage();
            }
        }
        if (rounds > 0) {
            lives.tell(survivor, findings, died);
        }
        return died.isEmpty();
    }

    private static Aftermath lookAfter(Act act, Survivor survivor, SplittableRandom random, Lives lives)
            throws IOException, InterruptedException, SubjectException {
        if (random.nextInt(ONE_IN_SO_MANY_STUMBLES) == 0) {
            lives.stumbles++;
            survivor.stumble(Duration.ofMillis(random.nextInt(STUMBLE_MILLIS)));
        }
        lives.began(survivor.startAgain(), act.seconds());
        Aftermath aftermath = survivor.compare();
        lives.aftermath.add(aftermath);
        lives.misled.addAll(survivor.sample(SAMPLE));
        return aftermath;
    }

    /** What all the rounds showed. Confined to the scenario's thread. */
    private final class Lives {
        private static final long LONGEST_MICROS = 120_000_000;

        private final Aftermath aftermath = new Aftermath();
        private final Histogram starts = new Histogram(LONGEST_MICROS, 3);
        private final List<Plot.Point> startPoints = new ArrayList<>();
        private final List<String> lostRequests = new ArrayList<>();
        private final List<String> misled = new ArrayList<>();
        private int stumbles;
        private double changing;

        void began(Survivor.FirstAnswer first, double at) {
            starts.recordValue(Math.min(LONGEST_MICROS, (long) (1e6 * first.seconds())));
            startPoints.add(new Plot.Point(at, 1000 * first.seconds()));
            if (!first.isRight()) {
                lostRequests.add(first.trouble());
            }
        }

        void tell(Survivor survivor, Findings findings, String died) throws InterruptedException {
            HubChanges hub = survivor.changes();
            long answered = survivor.loop().ask(hub::answered);
            List<Check> checks = findings.checks;
            checks.add(Check.of(
                    "starts again after each kill",
                    rounds + " times",
                    died.isEmpty() ? "it does" : died,
                    died.isEmpty()));
            checks.add(Check.atMost("acknowledged routes that are gone", aftermath.missingRoutes(), 0, ""));
            checks.add(Check.atMost("routes that hold something else", aftermath.wrongRoutes(), 0, ""));
            checks.add(Check.atMost(
                    "routes that are there though deleted, refused or never added", aftermath.extraRoutes(), 0, ""));
            checks.add(Check.atMost("routes active later than anybody used them", aftermath.lateRoutes(), 0, ""));
            checks.add(Check.atMost("first requests that did not find their server", lostRequests.size(), 0, ""));
            checks.add(Check.atMost("further requests that did not lead where they should", misled.size(), 0, ""));
            checks.add(Check.atMost(
                    "changes answered otherwise than the table asks for",
                    survivor.loop().ask(hub::surprising),
                    0,
                    ""));
            double slowest = starts.getMaxValue() / 1e6;
            checks.add(Check.atMost(
                    "from exec to the first answer with " + routes + " routes, at most",
                    slowest,
                    patience * MOST_START_SECONDS,
                    " s"));
            findings.tables.add(new Table(
                    "Killed again and again",
                    List.of(
                            "rounds",
                            "killed while starting too",
                            "changes answered",
                            "per second",
                            "in force though not answered",
                            "not in force",
                            "first answer, p50 ms",
                            "max ms"),
                    List.of(List.of(
                            Long.toString(starts.getTotalCount()),
                            Integer.toString(stumbles),
                            Long.toString(answered - routes),
                            format((answered - routes) / changing),
                            Integer.toString(aftermath.keptChanges()),
                            Integer.toString(aftermath.lostChanges()),
                            format(starts.getValueAtPercentile(50) / 1e3),
                            format(1000 * slowest)))));
            findings.plots.add(new Plot(
                    "From exec to the first answer", "ms", List.of(new Plot.Line("first answer", startPoints))));
            findings.examples("First differences of the table", aftermath.examples());
            findings.examples("First requests that went wrong", lostRequests);
            findings.examples("Further requests that went wrong", misled);
            findings.examples("Changes that were answered otherwise", hub.surprises());
        }
    }

    // ---- on disk ----

    private void changeVeryOften(Act act, Survivor survivor, Findings findings)
            throws IOException, InterruptedException, SubjectException {
        act.mark(changes + " changes as fast as can be");
        survivor.loop().await(() -> survivor.changes().forgetTimes());
        double cpuBefore = survivor.running().watcher().look().cpuSeconds();
        long began = System.nanoTime();
        Future<Boolean> traffic = survivor.changeRoutes(changes, 0);
        List<Plot.Point> bytes = new ArrayList<>();
        long most = 0;
        while (!traffic.isDone() && survivor.running().subject().isAlive()) {
            Thread.sleep(250);
            long now = survivor.stateBytes();
            most = Math.max(most, now);
            bytes.add(new Plot.Point(act.seconds(), now / MIB));
        }
        survivor.await(traffic, changes + " changes");
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpu = survivor.running().watcher().look().cpuSeconds() - cpuBefore;
        long live = survivor.loop().ask(() -> survivor.known().liveBytes());
        findings.checks.add(Check.atMost(
                "on disk while " + changes + " changes are made, at most",
                most / MIB,
                (SPARE_BYTES + TIMES_LIVE_BYTES * live) / MIB,
                " MiB"));
        Cost cost = cost(survivor, "change, as fast as can be", (int) changes, seconds, cpu);
        survivor.kill(traffic);
        Survivor.FirstAnswer first = survivor.startAgain();
        findings.add("after " + changes + " changes", first, survivor.compare());
        findings.tables.add(new Table("What a change cost", Cost.COLUMNS, List.of(cost.row())));
        findings.plots.add(new Plot("On disk", "MiB", List.of(new Plot.Line("all files", bytes))));
        findings.notes.add(String.format(
                Locale.ROOT,
                "On disk after %d changes: %.1f MiB, of which %.1f MiB are alive; at most %.1f MiB meanwhile.",
                changes,
                survivor.stateBytes() / MIB,
                live / MIB,
                most / MIB));
    }

    // ---- many routes ----

    private void haveMany(Act act, Survivor survivor, Findings findings)
            throws IOException, InterruptedException, SubjectException {
        survivor.fill(FEW);
        // Whoever compiles while running has had its chance before the first figure.
        survivor.await(survivor.changeRoutes(WARM_UP, 0), "first changes");
        Cost few = measure(act, survivor);
        act.mark("routes are added until there are " + manyRoutes);
        survivor.fill(manyRoutes);
        Cost many = measure(act, survivor);
        survivor.kill(survivor.changeRoutes(MOST, rate));
        act.mark("it is started again with " + manyRoutes + " routes");
        Survivor.FirstAnswer first = survivor.startAgain();
        String with = "with " + manyRoutes + " routes";
        findings.add(with, first, survivor.compare());
        findings.checks.add(Check.atMost(
                "from exec to the first answer " + with, first.seconds(), patience * MOST_BIG_START_SECONDS, " s"));
        for (Cost cost : List.of(few, many)) {
            findings.checks.add(Check.atMost(
                    "p99 of a change with " + cost.routes() + " routes",
                    cost.p99(),
                    patience * MOST_CHANGE_MILLIS,
                    " ms"));
        }
        findings.checks.add(Check.atMost(
                "median time of a change " + with + ", of that with " + FEW,
                many.p50() / few.p50(),
                MOST_CHANGE_RATIO,
                "x"));
        findings.tables.add(
                new Table("What a change costs with many routes", Cost.COLUMNS, List.of(few.row(), many.row())));
    }

    private Cost measure(Act act, Survivor survivor) throws IOException, SubjectException, InterruptedException {
        act.mark(MEASURED + " changes, " + rate + " a second");
        survivor.loop().await(() -> survivor.changes().forgetTimes());
        double cpuBefore = survivor.running().watcher().look().cpuSeconds();
        long began = System.nanoTime();
        survivor.await(survivor.changeRoutes(MEASURED, rate), MEASURED + " changes");
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpu = survivor.running().watcher().look().cpuSeconds() - cpuBefore;
        return cost(survivor, "change", MEASURED, seconds, cpu);
    }

    private static Cost cost(Survivor survivor, String what, int number, double seconds, double cpu)
            throws InterruptedException {
        HubChanges hub = survivor.changes();
        return survivor.loop()
                .ask(() -> new Cost(
                        what,
                        4 * survivor.paths() / 5,
                        number,
                        seconds,
                        1e6 * cpu / number,
                        hub.millis(50),
                        hub.millis(99),
                        hub.millis(100)));
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    /** All that goes into the verdict. Confined to the scenario's thread. */
    private static final class Findings {
        private static final int EXAMPLES = 5;

        private final List<Check> checks = new ArrayList<>();
        private final List<Table> tables = new ArrayList<>();
        private final List<Plot> plots = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Findings(String note) {
            notes.add(note);
        }

        void add(String when, Survivor.FirstAnswer first, Aftermath aftermath) {
            checks.add(Check.of(
                    "the table and the first request " + when,
                    "as before the kill",
                    aftermath.isRight() && first.isRight()
                            ? "they are"
                            : aftermath.missingRoutes() + " routes are gone; first request: "
                                    + (first.isRight() ? "right" : first.trouble()),
                    aftermath.isRight() && first.isRight()));
            examples("Differences of the table " + when, aftermath.examples());
        }

        void examples(String what, List<String> examples) {
            if (!examples.isEmpty()) {
                notes.add(what + ": " + String.join("; ", examples.subList(0, Math.min(EXAMPLES, examples.size()))));
            }
        }

        /** What the proxy kept is of interest only when something is wrong with it. */
        void leave(Survivor survivor) throws IOException {
            boolean isAllRight = checks.stream().allMatch(check -> check.status() == Check.Status.HELD);
            if (isAllRight || survivor.stateBytes() == 0) {
                survivor.forgetState();
            } else {
                notes.add("What the proxy kept lies in " + survivor.state() + ".");
            }
        }
    }
}
