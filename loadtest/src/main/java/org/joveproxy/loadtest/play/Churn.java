package org.joveproxy.loadtest.play;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Table;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Named servers by the thousand: routes are added, read and deleted as fast as a hub does it, while users work. What one
 * change or one look-up costs must not depend on how many routes there are.
 *
 * <p>All named servers are one stand-in: their number is what the table has to bear, and no machine has 100,000 listeners.
 */
@Command(
        name = "churn",
        description =
                "Named servers by the thousand: routes are added, read and deleted ten at a time while users work.")
public final class Churn implements Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SMALLEST = 1_000;
    private static final int CHANGES = 4_000;
    private static final int LOOKUPS = 8_000;
    private static final int READS = 3;
    private static final int LOOKUPS_AT_A_TIME = 8;
    private static final long LONGEST_SECONDS = 600;

    @Option(
            names = "--routes",
            paramLabel = "<n>",
            defaultValue = "100000",
            description = "How many there are in the end. Default: ${DEFAULT-VALUE}.")
    private int routes;

    @Option(
            names = "--users",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "How many users work meanwhile. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--max-memory",
            paramLabel = "<MiB>",
            defaultValue = "512",
            description = "Bound of the proxy's memory in RAM. Default: ${DEFAULT-VALUE}.")
    private int maxMemory;

    @Override
    public String complaint() {
        if (routes < 2 * SMALLEST || routes > 500_000) {
            return "--routes: " + routes + " (expected: 2000 to 500000)";
        }
        return users < 1 || users > 300 ? "--users: " + users + " (expected: 1 to 300)" : "";
    }

    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        try (Performance performance = Performance.of(act, Duration.ofSeconds(60))) {
            Bench bench = new Bench(performance, act);
            Crowd crowd = new Crowd(performance.play(), new SplittableRandom(2025));
            performance.scene(users + " users log in", () -> crowd.arrive(users, Habits.BUSY, Duration.ofSeconds(5)));
            performance.until(12);
            List<Cost> costs = costs(bench);
            performance.scene("everybody leaves", () -> crowd.leave(Duration.ofSeconds(2)));
            performance.until(performance.seconds() + 4);
            performance.settle();
            List<Check> checks = new ArrayList<>(List.of(
                    performance.lived(),
                    performance.nothingFailed(),
                    performance.tableWasRight(),
                    bench.tableWasWhole()));
            checks.addAll(flat(costs));
            checks.add(performance.memoryBelow(maxMemory));
            checks.add(performance.descriptorsAreBack());
            checks.add(performance.nothingUncaught());
            Table table = new Table(
                    "What it cost", Cost.COLUMNS, costs.stream().map(Cost::row).toList());
            return performance.verdict(checks, List.of(table), List.of());
        }
    }

    private List<Cost> costs(Bench bench) throws IOException, InterruptedException, SubjectException {
        List<Cost> costs = new ArrayList<>();
        bench.start();
        // Whoever compiles while running has had its chance before the first figure.
        bench.changes(CHANGES);
        bench.changes(CHANGES);
        for (int size = SMALLEST; ; size = Math.min(10 * size, routes)) {
            costs.add(bench.fill(size));
            costs.add(bench.changes(CHANGES));
            if (size == SMALLEST) {
                bench.lookups(LOOKUPS);
            }
            costs.add(bench.lookups(LOOKUPS));
            costs.add(bench.reads(READS));
            if (size == routes) {
                break;
            }
        }
        costs.add(bench.empty());
        bench.stop();
        return costs;
    }

    /** The last block of each sort against the first. */
    private static List<Check> flat(List<Cost> costs) {
        List<Check> checks = new ArrayList<>();
        for (String what : List.of(Bench.CHANGE, Bench.LOOKUP)) {
            List<Cost> same =
                    costs.stream().filter(cost -> cost.what().equals(what)).toList();
            Cost first = same.get(0);
            Cost last = same.get(same.size() - 1);
            String versus = " at " + last.routes() + " routes, of that at " + first.routes();
            checks.add(
                    Check.atMost("processor time of a " + what + versus, last.cpuMicros() / first.cpuMicros(), 2, "x"));
            checks.add(Check.atMost("median time of a " + what + versus, last.p50() / first.p50(), 3, "x"));
            checks.add(Check.atMost("p99 of a " + what + " at " + last.routes() + " routes", last.p99(), 250, " ms"));
        }
        return checks;
    }

    /** The blocks that are measured. Confined to the scenario's thread; what it begins runs on the play's loop. */
    private static final class Bench {
        static final String CHANGE = "change";
        static final String LOOKUP = "look-up";
        private static final int BESIDE = 10_000_000;
        private static final String PREFIX = "/user/named/";

        private final Performance performance;
        private final Act act;
        private final SplittableRandom random = new SplittableRandom(7);
        private final List<String> wrongTables = new ArrayList<>();
        private final CompletableFuture<UserServer> server = new CompletableFuture<>();
        private String target = "";
        private int size;

        Bench(Performance performance, Act act) {
            this.performance = performance;
            this.act = act;
        }

        private Play play() {
            return performance.play();
        }

        void start() throws IOException, InterruptedException {
            play().loop()
                    .run(() -> UserServer.start(play().loop(), play().servers(), started -> {
                        if (started == null) {
                            server.completeExceptionally(new IOException("no address left for a server"));
                        } else {
                            server.complete(started);
                        }
                    }));
            try {
                target = server.get().target();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }

        void stop() {
            play().loop().run(() -> server.join().close(false));
        }

        private void add(int index, Runnable whenDone) {
            String body = RoutesClient.server("named", "s" + index, target);
            play().routes().add(PREFIX + index, body, added -> whenDone.run());
        }

        private void delete(int index, Runnable whenDone) {
            play().routes().delete(PREFIX + index, deleted -> whenDone.run());
        }

        Cost fill(int newSize) throws InterruptedException, IOException, SubjectException {
            act.mark("routes are added until there are " + newSize);
            int from = size;
            size = newSize;
            return measure("added route", newSize - from, RoutesClient.CONCURRENCY, (i, done) -> add(from + i, done));
        }

        /** Each is one route added or taken away beside those that stay. */
        Cost changes(int number) throws InterruptedException, IOException, SubjectException {
            act.mark(number + " changes beside " + size + " routes");
            return measure(CHANGE, number, RoutesClient.CONCURRENCY, (i, done) -> {
                int index = BESIDE + i % RoutesClient.CONCURRENCY;
                if (i / RoutesClient.CONCURRENCY % 2 == 0) {
                    add(index, done);
                } else {
                    delete(index, done);
                }
            });
        }

        Cost lookups(int number) throws InterruptedException, IOException, SubjectException {
            act.mark(number + " requests for any of " + size + " routes");
            Connections clients = play().loop()
                    .ask(() -> new Connections(play().toProxy(), play().users().next(), LOOKUPS_AT_A_TIME));
            IntFunction<String> path = i -> PREFIX + random.nextInt(size) + "/api/status";
            Cost cost = measure(LOOKUP, number, LOOKUPS_AT_A_TIME, (i, done) -> {
                String asked = path.apply(i);
                clients.send(new Request(
                        "GET",
                        asked,
                        "",
                        null,
                        "",
                        UserServer.contentOf(asked).check(),
                        Duration.ofSeconds(30).toNanos(),
                        reply -> {
                            boolean isGood = reply.isWhole() && reply.status() == 200;
                            play().tally().note(Kind.POLL, isGood ? Judgement.GOOD : Judgement.FAILED, reply, asked);
                            done.run();
                        }));
            });
            play().loop().await(() -> clients.leave(false));
            return cost;
        }

        Cost reads(int number) throws InterruptedException, IOException, SubjectException {
            act.mark("all " + size + " routes are read");
            List<byte[]> tables = new ArrayList<>();
            Cost cost = measure(
                    "reading of the table",
                    number,
                    1,
                    (i, done) -> play().routes().readAll(json -> {
                        if (json != null) {
                            tables.add(json);
                        }
                        done.run();
                    }));
            for (byte[] table : tables) {
                compare(table);
            }
            return cost;
        }

        Cost empty() throws InterruptedException, IOException, SubjectException {
            act.mark("all " + size + " routes are deleted");
            int all = size;
            Cost cost = measure("deleted route", all, RoutesClient.CONCURRENCY, this::delete);
            size = 0;
            reads(1);
            return cost;
        }

        /** What is in the table must be exactly what was put there. */
        private void compare(byte[] json) throws IOException {
            boolean[] seen = new boolean[size];
            int[] others = {0};
            JSON.readTree(json).fieldNames().forEachRemaining(path -> {
                int index = path.startsWith(PREFIX) ? Integer.parseInt(path.substring(PREFIX.length())) : -1;
                if (index >= 0 && index < size) {
                    seen[index] = true;
                } else if (index >= 0 && index < BESIDE) {
                    others[0]++;
                }
            });
            int missing = 0;
            for (boolean isThere : seen) {
                missing += isThere ? 0 : 1;
            }
            if (missing > 0 || others[0] > 0) {
                wrongTables.add("of " + size + " routes " + missing + " were missing and " + others[0] + " too many");
            }
        }

        Check tableWasWhole() {
            return Check.of(
                    "each reading of the table",
                    "every route that was added and none that was deleted",
                    wrongTables.isEmpty() ? "so it was" : String.join("; ", wrongTables),
                    wrongTables.isEmpty());
        }

        private Cost measure(String what, int number, int atATime, Repetition.Step step)
                throws InterruptedException, IOException, SubjectException {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            double cpuBefore = performance.running().watcher().look().cpuSeconds();
            long before = System.nanoTime();
            Repetition repetition =
                    play().loop().ask(() -> Repetition.begin(number, atATime, step, () -> done.complete(true)));
            performance.await(done, Duration.ofSeconds(LONGEST_SECONDS), what);
            double seconds = (System.nanoTime() - before) / 1e9;
            double cpu = performance.running().watcher().look().cpuSeconds() - cpuBefore;
            return play().loop()
                    .ask(() -> new Cost(
                            what,
                            size,
                            number,
                            seconds,
                            1e6 * cpu / number,
                            repetition.millis(50),
                            repetition.millis(99),
                            repetition.millis(100)));
        }
    }
}
