package org.joveproxy.loadtest.play;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** An ordinary day: everybody logs in within minutes, works, some servers are culled, and in the end everybody leaves. */
@Command(
        name = "hubday",
        description =
                "An ordinary day of a hub: login burst, servers, Lab's files, websockets, culls; beside them websockets "
                        + "on which nothing moves.")
public final class HubDay implements Scenario {
    private static final double ALL_ARRIVED = 0.3;

    @Option(
            names = "--minutes",
            paramLabel = "<n>",
            defaultValue = "5",
            description = "How long it takes. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--users",
            paramLabel = "<n>",
            defaultValue = "300",
            description = "How many work. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--idle",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "How many idle websockets there are beside them. Default: ${DEFAULT-VALUE}.")
    private int idle;

    @Option(
            names = "--max-memory",
            paramLabel = "<MiB>",
            defaultValue = "256",
            description = "Bound of the proxy's memory in RAM. Default: ${DEFAULT-VALUE}.")
    private int maxMemory;

    @Override
    public String complaint() {
        if (minutes < 1 || minutes > 24 * 60) {
            return "--minutes: " + minutes + " (expected: 1 to 1440)";
        }
        if (users < 10 || users > 2000) {
            return "--users: " + users + " (expected: 10 to 2000)";
        }
        return idle < 0 || idle > 10_000 ? "--idle: " + idle + " (expected: 0 to 10000)" : "";
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        try (Performance performance = Performance.of(act, Duration.ofSeconds(60))) {
            double length = 60 * minutes - 12;
            IdleCrowd idlers = new IdleCrowd(performance.play());
            day(performance, users, idle, idlers, 0, length);
            performance.settle();
            int mostIdle = performance.play().loop().ask(idlers::mostOpen);
            List<Check> checks = new ArrayList<>(List.of(
                    performance.lived(),
                    performance.nothingFailed(),
                    Check.atLeast("idle websockets open at one time", mostIdle, idle, ""),
                    performance.tableWasRight(),
                    performance.memoryBelow(maxMemory),
                    performance.memoryStays(
                            "memory in RAM at the end, of that when all had arrived", ALL_ARRIVED * length + 5, 1.1),
                    performance.descriptorsAreBack(),
                    performance.nothingUncaught()));
            checks.addAll(performance.hubIsSpared(4, 20));
            return performance.verdict(checks, List.of(), List.of());
        }
    }

    /** Plays it between two moments of the performance. */
    static void day(Performance performance, int users, int idle, IdleCrowd idlers, double from, double length)
            throws InterruptedException {
        Play play = performance.play();
        Crowd crowd = new Crowd(play, new SplittableRandom(8));
        Duration burst = Duration.ofMillis((long) (1000 * ALL_ARRIVED * length));
        performance.scene(users + " users log in, " + idle + " idle websockets are opened", () -> {
            idlers.open(idle, burst);
            crowd.arrive(users, Habits.BUSY, burst);
        });
        for (int wave = 0; wave < 4; wave++) {
            performance.until(from + (0.4 + 0.1 * wave) * length);
            performance.scene("servers are culled while their pages stay open", () -> {
                crowd.choose(0.04, play.hub()::cull);
                crowd.choose(0.01, play.hub()::crash);
            });
            performance.until(from + (0.45 + 0.1 * wave) * length);
            performance.scene("who lost a server starts another", () -> {
                crowd.tidyUp();
                play.loop().after(Duration.ofSeconds(2), crowd::startAgain);
            });
        }
        performance.until(from + 0.85 * length);
        performance.scene("everybody leaves, and the servers are culled", () -> {
            crowd.leave(Duration.ofMillis((long) (100 * length)));
            play.loop().after(Duration.ofMillis((long) (50 * length)), idlers::leave);
        });
        performance.until(from + length);
    }
}
