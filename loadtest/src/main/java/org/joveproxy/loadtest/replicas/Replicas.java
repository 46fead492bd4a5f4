package org.joveproxy.loadtest.replicas;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Replicas of a proxy that share their routes through Redis, behind HAProxy. A hub changes routes and users follow at once, while
 * replicas and Redis are killed, stopped and cut off.
 */
@Command(
        name = "replicas",
        description =
                "Replicas that share their routes through a real Redis, behind a real HAProxy: what the hub was told is "
                        + "so must be so for every user, whoever of them is killed, stopped or cut off.")
public final class Replicas implements Scenario {
    private static final double SHORTEST_CALM = 2;

    @Option(names = "--replicas", paramLabel = "<n>", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int replicas = 3;

    @Option(
            names = "--seconds",
            paramLabel = "<s>",
            description = "Calm before, between and after the disturbances, in all. Default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(
            names = "--changes",
            paramLabel = "<n>",
            description = "Changes of routes in a second. Default: ${DEFAULT-VALUE}.")
    private int changes = 100;

    @Option(names = "--users", paramLabel = "<n>", description = "Users who browse. Default: ${DEFAULT-VALUE}.")
    private int users = 24;

    @Option(names = "--routes", paramLabel = "<n>", description = "Routes that stay. Default: ${DEFAULT-VALUE}.")
    private int routes = 1000;

    @Option(
            names = "--disturb",
            paramLabel = "<what>",
            split = ",",
            description =
                    "What is done, in this order: of kill, redis, lost, freeze, pull, stop; or none. Default: all.")
    private List<String> disturb = new ArrayList<>();

    @Option(
            names = "--store",
            paramLabel = "<kind>",
            description =
                    "shared, or none: each replica for itself, which has to be found out. Default: ${DEFAULT-VALUE}.")
    private String store = "shared";

    @Option(
            names = "--fsync",
            paramLabel = "<when>",
            description = "When Redis has its file written to disk: everysec or always. Default: ${DEFAULT-VALUE}.")
    private String fsync = "everysec";

    @Override
    public String complaint() {
        if (replicas < 1 || replicas > 8) {
            return "--replicas: " + replicas + " (expected: 1 to 8)";
        }
        if (seconds < 1 || seconds > 86_400) {
            return "--seconds: " + seconds + " (expected: 1 to 86400)";
        }
        if (changes < 1 || changes > 1000) {
            return "--changes: " + changes + " (expected: 1 to 1000)";
        }
        if (users < 1 || users > 200) {
            return "--users: " + users + " (expected: 1 to 200)";
        }
        if (routes < 1 || routes > 100_000) {
            return "--routes: " + routes + " (expected: 1 to 100000)";
        }
        if (!List.of("shared", "none").contains(store)) {
            return "--store: " + store + " (expected: shared or none)";
        }
        if (!List.of("everysec", "always").contains(fsync)) {
            return "--fsync: " + fsync + " (expected: everysec or always)";
        }
        try {
            List<Disturbance> chosen = disturbances();
            if (!isShared() && !chosen.isEmpty()) {
                return "--disturb: " + disturb + " (expected: none, with --store none)";
            }
            return "";
        } catch (IllegalArgumentException e) {
            return "--disturb: " + disturb + " (expected: of kill, redis, lost, freeze, pull, stop; or none)";
        }
    }

    private boolean isShared() {
        return store.equals("shared");
    }

    private List<Disturbance> disturbances() {
        if (disturb.equals(List.of("none")) || (disturb.isEmpty() && !isShared())) {
            return List.of();
        }
        return disturb.isEmpty()
                ? List.of(Disturbance.values())
                : disturb.stream()
                        .map(word -> Disturbance.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toList();
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        List<Disturbance> chosen = disturbances();
        double calm = Math.max(SHORTEST_CALM, (double) seconds / (chosen.size() + 1));
        try (Performance performance =
                Performance.open(act, new Settings(replicas, users, changes, routes, isShared(), fsync))) {
            performance.begin();
            performance.calm(calm);
            performance.compare("in the beginning");
            for (Disturbance disturbance : chosen) {
                performance.disturb(disturbance);
                performance.calm(calm);
                performance.compare(disturbance.told());
            }
            performance.end();
            return performance.verdict();
        }
    }
}
