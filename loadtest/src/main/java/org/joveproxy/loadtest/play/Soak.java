package org.joveproxy.loadtest.play;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.Ports;
import org.joveproxy.loadtest.subject.SubjectException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The same over and over: by the clock, days or incidents one after the other; by number, as many requests and websockets
 * as fast as the machine allows. What matters is what is left of it.
 *
 * <p>By the clock, the proxy is looked at in the quiet moments between two rounds, when nothing is open. By number, it is
 * looked at all the time, and a tenth of the work is taken for warming up.
 */
@Command(
        name = "soak",
        description =
                "Days or incidents for hours, or a number of requests and websockets at full speed: nothing may grow.")
public final class Soak implements Scenario {
    private static final double WARM_UP = 0.1;
    private static final double MOST_GROWTH = 0.1;
    private static final int LEAST_POINTS = 3;
    private static final double MIB = 1 << 20;
    private static final Duration LONGEST = Duration.ofHours(24);

    /** What is done in each round. */
    enum Round {
        HUBDAY,
        INCIDENT
    }

    @Option(
            names = "--minutes",
            paramLabel = "<n>",
            defaultValue = "60",
            description = "How long it takes. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--hours", paramLabel = "<n>", defaultValue = "0", description = "The same in hours.")
    private double hours;

    @Option(
            names = "--round",
            paramLabel = "<hubday|incident>",
            defaultValue = "HUBDAY",
            description = "What is done over and over. Default: hubday.")
    private Round round = Round.HUBDAY;

    @Option(
            names = "--round-minutes",
            paramLabel = "<n>",
            defaultValue = "3",
            description = "How long a round takes. Default: ${DEFAULT-VALUE}.")
    private double roundMinutes;

    @Option(
            names = "--users",
            paramLabel = "<n>",
            defaultValue = "100",
            description = "Users in each round. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--requests",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "Instead of rounds: this number of requests, at full speed.")
    private int requests;

    @Option(
            names = "--websockets",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "And this number of websockets beside them.")
    private int webSockets;

    @Option(
            names = "--max-memory",
            paramLabel = "<MiB>",
            defaultValue = "256",
            description = "Bound of the proxy's memory in RAM. Default: ${DEFAULT-VALUE}.")
    private int maxMemory;

    private double length() {
        return 60 * (hours > 0 ? 60 * hours : minutes);
    }

    @Override
    public String complaint() {
        if (requests < 0 || (requests > 0 && requests < 10_000)) {
            return "--requests: " + requests + " (expected: 10000 or more)";
        }
        if (requests > 0 && (webSockets < 1 || webSockets > requests)) {
            return "--websockets: " + webSockets + " (expected: 1 to the number of requests)";
        }
        if (users < 10 || users > 2000) {
            return "--users: " + users + " (expected: 10 to 2000)";
        }
        if (requests == 0 && (roundMinutes < 1 || (1 + LEAST_POINTS) * 60 * roundMinutes > length())) {
            return "--minutes: " + minutes + " (expected: at least " + (1 + LEAST_POINTS)
                    + " rounds of a minute or more)";
        }
        return length() > 7 * LONGEST.toSeconds() ? "--hours: " + hours + " (expected: at most a week)" : "";
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        int metricsPort = Ports.free();
        try (Performance performance = Performance.of(
                act, Duration.ofSeconds(60), "--metrics-ip=127.0.0.1", "--metrics-port=" + metricsPort)) {
            Figures figures = new Figures(performance.running().subject(), metricsPort);
            List<Check> checks = new ArrayList<>();
            checks.addAll(requests > 0 ? byNumber(performance, figures) : byTheClock(performance, figures));
            checks.add(performance.lived());
            checks.add(performance.nothingFailed());
            checks.add(performance.tableWasRight());
            checks.add(performance.memoryBelow(maxMemory));
            checks.add(performance.descriptorsAreBack());
            checks.add(performance.nothingUncaught());
            checks.add(performance.ledgerBalances(figures));
            return performance.verdict(checks, List.of(), List.of());
        }
    }

    // ---- by number ----

    private List<Check> byNumber(Performance performance, Figures figures)
            throws InterruptedException, SubjectException {
        Flood flood = new Flood(performance.play(), requests, webSockets);
        performance.scene(requests + " requests and " + webSockets + " websockets", flood::begin);
        double began = performance.seconds();
        double warm = 0;
        OptionalDouble heapBefore = OptionalDouble.empty();
        List<Slope.Point> memory = new ArrayList<>();
        List<Slope.Point> descriptors = new ArrayList<>();
        while (!performance.play().loop().ask(flood::isDone)) {
            if (performance.seconds() > LONGEST.toSeconds() || !performance.isAlive()) {
                throw new SubjectException("the flood came to no end: the proxy died, or stopped to answer");
            }
            performance.until(performance.seconds() + 2);
            double done = performance.play().loop().ask(() -> (double) flood.requestsDone()) / requests;
            if (done < WARM_UP) {
                continue;
            }
            if (warm == 0) {
                warm = performance.seconds();
                heapBefore = figures.heapBytes();
                performance.scene("warm", () -> {});
            }
            Sample sample = performance.running().watcher().look();
            memory.add(new Slope.Point(performance.seconds(), sample.rssMib()));
            descriptors.add(new Slope.Point(performance.seconds(), sample.descriptors()));
        }
        double seconds = performance.seconds() - began;
        performance.scene(
                String.format(Locale.ROOT, "done in %.0f s, %.0f requests a second", seconds, requests / seconds),
                flood::leave);
        performance.until(performance.seconds() + 3);
        performance.settle();
        List<Check> checks = new ArrayList<>();
        checks.add(Check.atLeast(
                "requests", performance.play().loop().ask(() -> (double) flood.requestsDone()), requests, ""));
        checks.add(Check.atLeast(
                "websockets", performance.play().loop().ask(() -> (double) flood.webSocketsDone()), webSockets, ""));
        checks.add(slope("memory in RAM", memory, " MiB"));
        checks.add(slope("descriptors", descriptors, ""));
        checks.add(heap(heapBefore, figures.heapBytes()));
        return checks;
    }

    private static Check heap(OptionalDouble before, OptionalDouble after) {
        String name = "live heap at the end, of that when warm";
        String bound = "<= 110 % + 4 MiB";
        if (before.isEmpty() || after.isEmpty()) {
            return Check.notRun(name, bound, "the proxy's metrics do not tell");
        }
        return Check.of(
                name,
                bound,
                String.format(Locale.ROOT, "%.1f of %.1f MiB", after.getAsDouble() / MIB, before.getAsDouble() / MIB),
                after.getAsDouble() <= 1.1 * before.getAsDouble() + 4 * MIB);
    }

    // ---- by the clock ----

    private List<Check> byTheClock(Performance performance, Figures figures) throws InterruptedException {
        List<Slope.Point> memory = new ArrayList<>();
        List<Slope.Point> heap = new ArrayList<>();
        List<Slope.Point> direct = new ArrayList<>();
        List<Slope.Point> descriptors = new ArrayList<>();
        double ofRound = 60 * roundMinutes;
        int rounds = (int) (length() / ofRound);
        for (int i = 0; i < rounds && performance.isAlive(); i++) {
            performance.scene("round " + (i + 1) + " of " + rounds, () -> {});
            playRound(performance, performance.seconds(), ofRound - 12);
            performance.settle();
            performance.play().loop().await(performance.play()::forgetPeople);
            if (i == 0) {
                continue; // to get warm
            }
            double at = performance.seconds();
            figures.heapBytes().ifPresent(bytes -> heap.add(new Slope.Point(at, bytes / MIB)));
            Figures.sum(figures.metrics(), "jvm_buffer_memory_used_bytes{id=\"direct\"")
                    .ifPresent(bytes -> direct.add(new Slope.Point(at, bytes / MIB)));
            Sample sample = performance.running().watcher().look();
            memory.add(new Slope.Point(at, sample.rssMib()));
            descriptors.add(new Slope.Point(at, sample.descriptors()));
        }
        return List.of(
                slope("memory in RAM between rounds", memory, " MiB"),
                slope("live heap between rounds", heap, " MiB"),
                slope("direct memory between rounds", direct, " MiB"),
                slope("descriptors between rounds", descriptors, ""));
    }

    private void playRound(Performance performance, double from, double seconds) throws InterruptedException {
        switch (round) {
            case HUBDAY -> HubDay.day(performance, users, 0, new IdleCrowd(performance.play()), from, seconds);
            case INCIDENT -> Incident.evening(performance, users, from, seconds);
        }
    }

    /** What the straight line through the points gains from the first to the last. */
    private static Check slope(String name, List<Slope.Point> points, String unit) {
        String bound = String.format(Locale.ROOT, "<= %.0f %%", 100 * MOST_GROWTH);
        String told = "growth of " + name + " in the whole run, by a line through all points";
        if (points.size() < LEAST_POINTS) {
            return Check.notRun(told, bound, points.size() + " figures only");
        }
        Slope slope = Slope.through(points);
        double seconds = points.get(points.size() - 1).seconds() - points.get(0).seconds();
        double growth = slope.growthIn(seconds);
        return Check.of(
                told,
                bound,
                String.format(
                        Locale.ROOT,
                        "%.1f %%, %.2f%s an hour, from %.1f%s",
                        100 * growth,
                        3600 * slope.perSecond(),
                        unit,
                        slope.start(),
                        unit),
                growth <= MOST_GROWTH);
    }
}
