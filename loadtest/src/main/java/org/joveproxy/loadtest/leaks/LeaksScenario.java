package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Table;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.stage.HubStandIn;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.SubjectException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Looks for sockets that a proxy does not give back: one case after the other, each with one bad habit of a peer, judged by
 * the kernel's own table.
 */
@Command(
        name = "leaks",
        description =
                "Looks for sockets that a proxy does not give back. Each case has many clients or servers with one bad "
                        + "habit, and the kernel's table of sockets says what is left of them.")
public final class LeaksScenario implements Scenario {
    private static final int PAGE_BYTES = 1400;
    private static final int MAX_ATTEMPTS = 20_000;
    private static final int MAX_PARALLEL = 500;
    private static final int MAX_OTHER_DESCRIPTORS = 16;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration LONG_LIMIT = Duration.ofMinutes(10);

    @Option(names = "--n", paramLabel = "<n>", description = "Clients in each case. Default: ${DEFAULT-VALUE}.")
    private int attempts = 1000;

    @Option(
            names = "--parallel",
            paramLabel = "<n>",
            description = "Clients at the same time. Default: ${DEFAULT-VALUE}.")
    private int parallel = 20;

    @Option(
            names = "--cases",
            paramLabel = "<ids>",
            split = ",",
            description = "Only these cases, for example A,D,F. Default: all.")
    private Set<String> chosen = new LinkedHashSet<>();

    @Option(
            names = "--long",
            description = "With the cases that take minutes each, and all clients in those that otherwise have fewer.")
    private boolean withLong;

    /** All cases, in the order in which they are played. */
    static List<LeakCase> cases() {
        List<LeakCase> all = new ArrayList<>(RecipeCases.all());
        all.addAll(ClientCases.all());
        all.addAll(ServerCases.all());
        all.addAll(GarbageCases.all());
        all.addAll(WebsocketCases.all());
        all.addAll(StoppedCases.all());
        all.addAll(ApiCases.all());
        all.addAll(TlsCases.all());
        all.addAll(VanishedCases.all());
        return all;
    }

    @Override
    public String complaint() {
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            return "--n: " + attempts + " (expected: 1 to " + MAX_ATTEMPTS + ")";
        }
        if (parallel < 1 || parallel > MAX_PARALLEL) {
            return "--parallel: " + parallel + " (expected: 1 to " + MAX_PARALLEL + ")";
        }
        Set<String> known = cases().stream().map(LeakCase::id).collect(Collectors.toCollection(LinkedHashSet::new));
        for (String id : chosen) {
            if (!known.contains(id.toUpperCase(Locale.ROOT))) {
                return "--cases: " + id + " (expected: of " + String.join(",", known) + ")";
            }
        }
        return "";
    }

    private boolean isChosen(LeakCase leakCase) {
        return chosen.isEmpty() || chosen.stream().anyMatch(id -> id.equalsIgnoreCase(leakCase.id()));
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        HubStandIn hub = new HubStandIn(act.stage(), PAGE_BYTES);
        List<CaseResult> results = new ArrayList<>();
        List<Check> notRun = new ArrayList<>();
        Running shared = null;
        try (TestCertificate certificate = TestCertificate.make()) {
            for (LeakCase leakCase : cases()) {
                if (!isChosen(leakCase)) {
                    continue;
                }
                String why = whyNot(leakCase, act);
                if (!why.isEmpty()) {
                    notRun.add(Check.notRun(leakCase + ": sockets", "back to the number before", why));
                    continue;
                }
                if (leakCase.isFresh() || leakCase.isTls()) {
                    try (Running own = act.start(hub.url(), flags(leakCase, certificate))) {
                        results.add(play(act, hub, own, leakCase));
                    }
                } else {
                    shared = alive(act, hub, shared);
                    results.add(play(act, hub, shared, leakCase));
                }
            }
        } finally {
            if (shared != null) {
                shared.close();
            }
        }
        return verdict(results, notRun);
    }

    private String whyNot(LeakCase leakCase, Act act) throws InterruptedException {
        if (leakCase.takesLong() && !withLong) {
            return "takes minutes, give --long";
        }
        return leakCase.needsNamespace() ? act.isolation().whyNoDrops() : "";
    }

    /** The proxy that most cases share; a new one when it has died. */
    private static Running alive(Act act, HubStandIn hub, @Nullable Running shared) throws SubjectException {
        if (shared != null) {
            if (shared.subject().isAlive()) {
                return shared;
            }
            shared.close();
        }
        return act.start(hub.url());
    }

    private static String[] flags(LeakCase leakCase, TestCertificate certificate) {
        List<String> flags = new ArrayList<>(leakCase.flags());
        if (leakCase.isTls()) {
            flags.add("--ssl-key=" + certificate.key());
            flags.add("--ssl-cert=" + certificate.certificate());
        }
        return flags.toArray(String[]::new);
    }

    private CaseResult play(Act act, HubStandIn hub, Running proxy, LeakCase leakCase)
            throws IOException, InterruptedException {
        act.mark(leakCase.toString());
        CaseResult result = new CaseRun(
                        act,
                        hub,
                        proxy,
                        leakCase,
                        leakCase.attempts(attempts, withLong),
                        leakCase.parallel(parallel),
                        withLong ? LONG_LIMIT : LIMIT)
                .play();
        Check sockets = result.socketCheck();
        act.progress()
                .step("    " + (sockets.status() == Check.Status.HELD ? "" : "BROKEN ") + sockets.value()
                        + ", log above INFO: " + result.logged().aboveInfo()
                        + (result.logged().uncaught() > 0
                                ? ", uncaught: " + result.logged().uncaught()
                                : ""));
        return result;
    }

    private static Verdict verdict(List<CaseResult> results, List<Check> notRun) {
        List<Check> checks = new ArrayList<>();
        for (CaseResult result : results) {
            checks.add(result.socketCheck());
            checks.addAll(result.claims());
            if (result.leakCase().maxGrowthMib() > 0) {
                checks.add(Check.atMost(
                        result.leakCase().id() + ": memory grows at its peak by",
                        result.growthMib(),
                        result.leakCase().maxGrowthMib(),
                        " MiB"));
            }
        }
        checks.addAll(notRun);
        checks.addAll(otherDescriptors(results));
        checks.add(
                none("uncaught exceptions", results, result -> result.logged().uncaught() > 0));
        checks.add(
                none("log lines above INFO", results, result -> result.logged().aboveInfo() > 0));
        checks.add(none("clients could not connect", results, result -> result.unconnected() > 0));
        checks.add(none("the proxy's process ended", results, result -> !result.alive()));
        checks.add(none("the proxy did not answer afterwards", results, result -> !result.serves()));
        Table table = new Table(
                "Case by case",
                CaseResult.columns(),
                results.stream().map(CaseResult::row).toList());
        return new Verdict(checks, List.of(table), List.of(), List.of());
    }

    /** Of the proxy that most cases share: it has files and pipes open too, and their number must not follow the cases'. */
    private static List<Check> otherDescriptors(List<CaseResult> results) {
        List<CaseResult> shared = results.stream()
                .filter(result ->
                        !result.leakCase().isFresh() && !result.leakCase().isTls())
                .toList();
        if (shared.isEmpty()) {
            return List.of();
        }
        int before = shared.get(0).before().otherDescriptors();
        int after = shared.get(shared.size() - 1).settled().otherDescriptors();
        return List.of(Check.atMost(
                "descriptors that are no TCP sockets: growth over all cases",
                after - before,
                MAX_OTHER_DESCRIPTORS,
                ""));
    }

    private static Check none(String what, List<CaseResult> results, Predicate<CaseResult> isBad) {
        String bad = results.stream()
                .filter(isBad)
                .map(result -> result.leakCase().id())
                .collect(Collectors.joining(", "));
        return Check.of(what, "in no case", bad.isEmpty() ? "none" : "in " + bad, bad.isEmpty());
    }
}
