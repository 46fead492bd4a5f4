package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.scenario.Machine;
import org.joveproxy.loadtest.scenario.Progress;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.Daemon;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code loadtest benchmark}: measures what an operation costs several proxies, side by side. Written by picocli,
 * then confined to the thread that calls it.
 */
@Command(
        name = "benchmark",
        description =
                "Measures what a request costs Jove, nginx, HAProxy, Caddy and configurable-http-proxy, side by side.",
        footer = {"", "Exit code: 0 measured, 1 above --max-ratio, 2 wrong usage, or something could not be measured."})
public final class Benchmark implements Callable<Integer> {
    private static final String JOVE = "jove";

    @Option(
            names = "--against",
            split = ",",
            paramLabel = "<name>",
            description = "Who takes part: nginx, haproxy, caddy, jove, chp. Default: all that are there.")
    private List<String> against = new ArrayList<>();

    @Option(
            names = "--jove",
            paramLabel = "<name=folder>",
            description = "Another checkout of Jove, as one more proxy; may be repeated.")
    private Map<String, Path> joves = new LinkedHashMap<>();

    @Option(
            names = "--jove-env",
            paramLabel = "<[name:]variable=value>",
            description =
                    "A variable for the environment of all Joves, or of one: JAVA_HOME for another Java, JOVE_JAVA_OPTS for its options.")
    private List<String> joveEnvironment = new ArrayList<>();

    @Option(
            names = "--jove-flag",
            paramLabel = "<[name:]flag>",
            description = "A further flag for all Joves, or for one.")
    private List<String> joveFlags = new ArrayList<>();

    @Option(
            names = "--chp",
            paramLabel = "<command>",
            description =
                    "How to start configurable-http-proxy. Default: node_modules/.bin of this folder or of the checkout.")
    private @Nullable String chp;

    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "<name>",
            description = "What to measure. Default: everything.")
    private List<String> scenarios = new ArrayList<>();

    @Option(
            names = "--measure",
            paramLabel = "<name>",
            description = "Which proxy the others are compared with. Default: nginx, or else the first.")
    private @Nullable String measure;

    @Option(names = "--rounds", paramLabel = "<n>", description = "Rounds, interleaved. Default: 3.")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "<n>", description = "Load for each proxy and round. Default: 5.")
    private @Nullable Integer seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "<seconds>",
            description =
                    "Processor time that a proxy which compiles what it runs often gets before the first round; others get 2 s at most. Default: 10.")
    private @Nullable Integer warmUp;

    @Option(
            names = "--quick",
            description = "Only nginx, Jove and small keep-alive requests, in some 15 seconds, unless said otherwise.")
    private boolean isQuick;

    @Option(
            names = "--max-ratio",
            paramLabel = "<r>",
            description = "Exit with 1 when Jove costs more than so many times what the measure costs.")
    private @Nullable Double maxRatio;

    @Option(
            names = "--time-limit",
            paramLabel = "<minutes>",
            description = "Begin nothing more after this time. Default: 120.")
    private int timeLimit = 120;

    @Option(
            names = "--out",
            paramLabel = "<folder>",
            description = "Where the report goes. Default: loadtest-benchmark-<time> in this folder.")
    private @Nullable Path out;

    @Option(names = "--json", paramLabel = "<file>", description = "Writes all figures to this file.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Progress progress = new Progress(System.out, Boolean.getBoolean("loadtest.terminal"));

    @Override
    public Integer call() {
        try {
            check();
            Lineup lineup = Lineup.of(new Lineup.Wish(
                    against.isEmpty() && isQuick ? List.of("nginx", "jove") : against,
                    joves,
                    joveEnvironment,
                    joveFlags,
                    chp,
                    Path.of(System.getProperty("loadtest.home", "."))));
            return perform(lineup, Workloads.named(scenarios.isEmpty() && isQuick ? List.of("small") : scenarios));
        } catch (BenchmarkException | IllegalArgumentException e) {
            System.err.println("loadtest: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println("loadtest: " + e);
            return 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.err.println("loadtest: interrupted");
            return 2;
        }
    }

    private void check() {
        Ground.Pace pace = pace();
        within("--rounds", pace.rounds(), 1, 50);
        within("--seconds", pace.seconds(), 1, 120);
        within("--warm-up", pace.warmUpSeconds(), 0, 120);
        within("--time-limit", timeLimit, 1, 1000);
        for (String command : List.of(Nginx.COMMAND, Wrk.COMMAND, Handshakes.COMMAND, Pinning.COMMAND)) {
            if (!Daemon.isInstalled(command)) {
                throw new IllegalArgumentException(
                        command + ": not found (expected: Debian's packages nginx-light, wrk, openssl and util-linux)");
            }
        }
    }

    private Ground.Pace pace() {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(timeLimit);
        return new Ground.Pace(
                rounds == null ? (isQuick ? 2 : 3) : rounds,
                seconds == null ? (isQuick ? 2 : 5) : seconds,
                warmUp == null ? (isQuick ? 5 : 10) : warmUp,
                deadline);
    }

    private static void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    private int perform(Lineup lineup, List<Workload> workloads)
            throws IOException, InterruptedException, BenchmarkException {
        lineup.leftOut().forEach(one -> progress.step("left out: " + one));
        if (lineup.contenders().isEmpty()) {
            throw new BenchmarkException("proxies: none (expected: at least one)");
        }
        Pinning pinning = Pinning.ofThisMachine();
        pinning.moveThisProcess();
        String measure = measure(lineup);
        String began = OffsetDateTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        Ground.Pace pace = pace();
        List<Result> results = new ArrayList<>();
        try (Scratch scratch = Scratch.make();
                TestCertificate certificate = TestCertificate.make();
                Backend backend = Backend.start(scratch.folder())) {
            for (Workload workload : workloads) {
                progress.step(workload.name() + ": " + workload.title());
                Ground ground = new Ground(
                        workload.contenders(lineup.contenders()),
                        backend,
                        certificate,
                        pinning,
                        pace,
                        scratch.folder(),
                        progress);
                workload.measure(ground);
                Result result = ground.result(workload, measure);
                results.add(result);
                progress.print("\n" + TextTable.of(result));
            }
        }
        Outcome outcome = new Outcome(
                began,
                spec.commandLine().getParseResult().originalArgs(),
                Machine.told(),
                Versions.ofThisMachine(),
                measure,
                pace,
                lineup.leftOut(),
                results);
        Path folder = Files.createDirectories(
                out == null
                        ? Path.of("loadtest-benchmark-"
                                + began.replaceAll("[^0-9]", "").substring(0, 14))
                        : out);
        BenchmarkReport.write(outcome, folder);
        if (json != null) {
            BenchmarkReport.figures(outcome, json);
        }
        progress.print("report: " + folder.resolve(BenchmarkReport.PAGE));
        return judge(outcome);
    }

    private int judge(Outcome outcome) {
        if (!outcome.isComplete()) {
            return 2;
        }
        if (maxRatio == null) {
            return 0;
        }
        Double ratio = outcome.highestRatio(JOVE);
        if (ratio == null) {
            System.err.println("loadtest: --max-ratio: Jove was not compared with anything (expected: it takes part)");
            return 2;
        }
        progress.print(String.format(
                Locale.ROOT, "jove costs %.2f times what %s costs (bound: %s)", ratio, outcome.measure(), maxRatio));
        return ratio > maxRatio ? 1 : 0;
    }

    private String measure(Lineup lineup) {
        List<String> names = lineup.contenders().stream().map(Contender::name).toList();
        if (measure != null) {
            if (!names.contains(measure)) {
                throw new IllegalArgumentException("--measure: " + measure + " (expected: one of " + names + ")");
            }
            return measure;
        }
        return names.contains("nginx") ? "nginx" : names.get(0);
    }
}
