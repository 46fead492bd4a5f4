package org.joveproxy.loadtest.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.loadtest.scenario.Progress;
import org.joveproxy.loadtest.stage.TestCertificate;

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
     */
    record Pace(int rounds, int seconds, int warmUpSeconds) {}

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

    void add(Round round) {
        rounds.add(round);
    }

    void remember(String proxy, Memory seen) {
        memory.put(proxy, seen);
    }

    void started(String proxy, String commandLine) {
        commandLines.put(proxy, commandLine);
    }

    /** A proxy that could not be measured, or not to the end. */
    void failed(String proxy, String why) {
        failures.put(proxy, why);
        progress.step(proxy + " FAILED: " + why);
    }

    boolean hasFailed(String proxy) {
        return failures.containsKey(proxy);
    }

    /** What was measured, summed up. */
    Result result(Workload workload, String measure) {
        List<Figures> figures = new ArrayList<>();
        for (Contender contender : contenders) {
            String name = contender.name();
            if (rounds.stream().anyMatch(round -> round.proxy().equals(name))) {
                figures.add(Figures.of(name, rounds, measure, memory.get(name)));
            }
        }
        return new Result(workload.name(), workload.title(), workload.unit(), figures, rounds, commandLines, failures);
    }
}
