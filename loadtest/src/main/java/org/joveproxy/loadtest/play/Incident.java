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

/**
 * The evening on which a hub with 300 users lost its proxy five times, in minutes: users at work, servers that die while
 * their pages stay open, a hub that gets slow and then hangs, and only a thousand ports for the proxy.
 *
 * <p>The times of the scenes are shares of the whole, so that a longer run is the same evening in slow motion.
 */
@Command(
        name = "incident",
        description =
                "An evening that took a hub down, in minutes: 300 users, servers that die while pages retry, a hub that "
                        + "is slow and then hangs, a thousand ports.")
public final class Incident implements Scenario {
    private static final int FIRST_PORT = 40_000;
    private static final double FIRST_PART = 280.0 / 300;
    private static final int NAMED_AT_ONCE = 100;
    private static final int NAMED_ROUNDS = 3;
    private static final Duration SLOW = Duration.ofMillis(2500);

    @Option(
            names = "--minutes",
            paramLabel = "<n>",
            defaultValue = "3",
            description = "How long it takes. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--users",
            paramLabel = "<n>",
            defaultValue = "300",
            description = "How many there are at the height. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--ports",
            paramLabel = "<n>",
            defaultValue = "1000",
            description = "Ports that the proxy has for its connections. Default: ${DEFAULT-VALUE}.")
    private int ports;

    @Option(
            names = "--max-memory",
            paramLabel = "<MiB>",
            defaultValue = "256",
            description = "Bound of the proxy's memory in RAM. Default: ${DEFAULT-VALUE}.")
    private int maxMemory;

    @Override
    public String complaint() {
        if (minutes < 0.3 || minutes > 24 * 60) {
            return "--minutes: " + minutes + " (expected: 0.3 to 1440)";
        }
        if (users < 10 || users > 2000) {
            return "--users: " + users + " (expected: 10 to 2000)";
        }
        return ports < 200 || ports > 20_000 ? "--ports: " + ports + " (expected: 200 to 20000)" : "";
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        String portsTold;
        if (act.isolation().isOwn()) {
            act.isolation().limitPorts(FIRST_PORT, FIRST_PORT + ports - 1);
            portsTold = "The proxy had " + ports + " ports for its connections.";
        } else {
            portsTold = "The proxy had all ports of the machine: taking them away "
                    + act.isolation().reason() + ".";
        }
        try (Performance performance = Performance.of(act, Duration.ofSeconds(5))) {
            double secondsOfEvening = 60 * minutes - 12;
            evening(performance, users, 0, secondsOfEvening);
            performance.settle();
            List<Check> checks = new ArrayList<>(List.of(
                    performance.lived(),
                    performance.nothingFailed(),
                    performance.tableWasRight(),
                    performance.memoryBelow(maxMemory),
                    performance.memoryStays("memory in RAM at the end, of that after the first minute", 60, 1.1),
                    performance.descriptorsAreBack(),
                    performance.nothingUncaught()));
            checks.addAll(performance.hubIsSpared(4, 20));
            return performance.verdict(checks, List.of(), List.of(portsTold));
        }
    }

    /** Plays it between two moments of the performance. */
    static void evening(Performance performance, int users, double from, double length) throws InterruptedException {
        Play play = performance.play();
        Crowd crowd = new Crowd(play, new SplittableRandom(300));
        int first = (int) Math.round(users * FIRST_PART);

        performance.scene(
                first + " users log in",
                () -> crowd.arrive(first, Habits.BUSY, Duration.ofMillis((long) (140 * length))));
        performance.until(from + 0.34 * length);
        performance.scene(
                (users - first) + " more", () -> crowd.arrive(users - first, Habits.BUSY, Duration.ofSeconds(2)));

        performance.until(from + 0.38 * length);
        performance.scene("servers are culled, killed or freeze while their pages stay open", () -> {
            crowd.choose(0.10, play.hub()::cull);
            crowd.choose(0.07, play.hub()::crash);
            crowd.choose(0.03, play.hub()::freeze);
        });
        performance.until(from + 0.42 * length);
        performance.scene(
                "the hub takes " + SLOW.toMillis() / 1000.0 + " s for an answer",
                () -> play.site().answersAfter(SLOW));
        performance.until(from + 0.45 * length);
        performance.scene("routes come and go by the hundred", () -> crowd.namedServers(NAMED_ROUNDS, NAMED_AT_ONCE));
        performance.until(from + 0.54 * length);
        performance.scene("the hub hangs; more servers are killed", () -> {
            play.site().hang();
            crowd.choose(0.07, play.hub()::crash);
        });
        performance.until(from + 0.64 * length);
        performance.scene("the hub is back and tidies up", () -> {
            play.site().answersAfter(Duration.ZERO);
            play.site().comeBack();
            crowd.tidyUp();
        });
        performance.until(from + 0.69 * length);
        performance.scene("everybody reconnects at once", () -> play.people().forEach(Person::reconnect));
        performance.until(from + 0.73 * length);
        performance.scene("who lost a server starts another", crowd::startAgain);
        performance.until(from + 0.80 * length);
        performance.scene("more servers are killed", () -> crowd.choose(0.10, play.hub()::crash));
        performance.until(from + 0.86 * length);
        performance.scene("the hub tidies up", crowd::tidyUp);
        performance.until(from + 0.90 * length);
        performance.scene(
                "everybody leaves, and the servers are culled",
                () -> crowd.leave(Duration.ofMillis((long) (50 * length))));
        performance.until(from + length);
    }
}
