package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.joveproxy.loadtest.scenario.Progress;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.SubjectException;

/** Where one scenario takes place: who takes part, with what, and what came out. Confined to the benchmark's thread. */
final class Ground {
    private final List<Contender> contenders;
    private final Backend backend;
    private final TestCertificate certificate;
    private final Pinning pinning;
    private final Pace pace;
    private final Path folder;
    private final Progress progress;
    private final List<Round> rounds = new ArrayList<>();
    private final Map<String, Memory> memory = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final Map<String, String> commandLines = new LinkedHashMap<>();

    /**
     * How long it all takes.
     *
     * @param seconds of load for each proxy and round
     * @param warmUpSeconds of processor time, for those that compile what they run; the others have a second or two
     * @param deadline by {@link System#nanoTime}, after which nothing more is begun
     */
    record Pace(int rounds, int seconds, int warmUpSeconds, long deadline) {}

    Ground(
            List<Contender> contenders,
            Backend backend,
            TestCertificate certificate,
            Pinning pinning,
            Pace pace,
            Path folder,
            Progress progress) {
        this.contenders = List.copyOf(contenders);
        this.backend = backend;
        this.certificate = certificate;
        this.pinning = pinning;
        this.pace = pace;
        this.folder = folder;
        this.progress = progress;
    }

    List<Contender> contenders() {
        return contenders;
    }

    Pinning pinning() {
        return pinning;
    }

    Pace pace() {
        return pace;
    }

    Progress progress() {
        return progress;
    }

    Setup setup(int routes, boolean isTls) {
        return new Setup(folder, backend.port(), backend.websocketPort(), routes, isTls ? certificate : null);
    }

    /** @param unit of the cost, for whoever watches */
    void add(Round round, String unit) {
        rounds.add(round);
        Round.Loaded loaded = round.loaded();
        String load = loaded == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %9.1f/s  core: %.0f %% proxy, %.0f %% others",
                        loaded.answers().perSecond(),
                        loaded.proxyShare() * 100,
                        loaded.othersShare() * 100);
        progress.step(String.format(
                Locale.ROOT,
                "%s %d: %-8s %8.2f %s%s",
                round.scenario(),
                round.round(),
                round.proxy(),
                round.cost(),
                unit,
                load));
    }

    /** Something that may fail for one proxy, and says nothing about the others. */
    interface Step {
        void run() throws SubjectException, BenchmarkException, IOException, InterruptedException;
    }

    /** Does it, unless this proxy has failed before. */
    void attempt(Contender contender, Step step) throws InterruptedException {
        String name = contender.name();
        if (failures.containsKey(name)) {
            return;
        }
        try {
            if (System.nanoTime() > pace.deadline()) {
                throw new BenchmarkException("no time left (expected: a longer --time-limit)");
            }
            step.run();
        } catch (SubjectException | BenchmarkException | IOException | IllegalStateException e) {
            failures.put(name, String.valueOf(e.getMessage()));
            progress.step(name + " FAILED: " + e.getMessage());
        }
    }

    void remember(String proxy, Memory seen) {
        memory.put(proxy, seen);
    }

    void started(String proxy, String commandLine) {
        commandLines.put(proxy, commandLine);
    }

    /** What was measured, summed up. */
    Result result(Workload workload, String measure) {
        List<Figures> figures = new ArrayList<>();
        for (Contender contender : contenders) {
            String name = contender.name();
            if (rounds.stream().anyMatch(round -> round.proxy().equals(name))) {
                figures.add(Figures.of(name, rounds, workload.measureOf(name, measure), memory.get(name)));
            }
        }
        return new Result(workload.name(), workload.title(), workload.unit(), figures, rounds, commandLines, failures);
    }
}
