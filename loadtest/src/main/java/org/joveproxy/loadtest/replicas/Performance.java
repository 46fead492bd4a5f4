package org.joveproxy.loadtest.replicas;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectException;
import org.jspecify.annotations.Nullable;

/** Redis, the replicas, the balancer, the hub and the users, and what is done to them. Confined to the scenario's thread. */
final class Performance implements AutoCloseable {
    private static final int SERVERS = 20;
    private static final int QUIET_ROUTES = 40;
    private static final double KILLED_FOR = 2;
    private static final double REDIS_AWAY_FOR = 3;
    private static final double CUT_OFF_FOR = 10;
    private static final double STOPPED_FOR = 6;

    /** Longer than a JVM takes on a busy machine. */
    private static final double RECOVERS_WITHIN = 30;

    private static final double EQUAL_WITHIN = 5;
    private static final double READS_EVERY = 1;

    private final Act act;
    private final Settings settings;
    private final NamedServers servers;
    private final RouteBook book = new RouteBook(NamedServers.HUB);
    private final ActivityBook activity = new ActivityBook();
    private final Timeline timeline = new Timeline();
    private final String token = token();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();
    private final List<String> recoveries = new ArrayList<>();
    private final List<String> unrecovered = new ArrayList<>();
    private final List<String> unsynchronised = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final double epoch;
    private @Nullable RedisServer redis;
    private @Nullable Relay relay;
    private @Nullable Balancer balancer;
    private @Nullable HubWriter hub;
    private @Nullable Users users;
    private double begunAt;
    private volatile boolean isOver;

    /**
     * One reading of one replica's table, the hub being still.
     *
     * @param atOnce where it differed from what it should be at first
     * @param atLast where it still did after {@link #EQUAL_WITHIN}
     */
    record Comparison(String after, String replica, int routes, List<String> atOnce, List<String> atLast) {}

    private Performance(Act act, Settings settings) {
        this.act = act;
        this.settings = settings;
        this.servers = new NamedServers(act.stage(), SERVERS);
        this.epoch = System.currentTimeMillis() / 1e3 - act.seconds();
    }

    private static String token() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Starts Redis, the replicas and the balancer. */
    static Performance open(Act act, Settings settings) throws SubjectException, IOException, InterruptedException {
        Performance performance = new Performance(act, settings);
        try {
            performance.startAll();
            return performance;
        } catch (SubjectException | IOException | InterruptedException | RuntimeException e) {
            performance.close();
            throw e;
        }
    }

    private void startAll() throws SubjectException, IOException, InterruptedException {
        String name = act.name().replaceAll("[^A-Za-z0-9._-]", "_");
        if (settings.isShared()) {
            redis = new RedisServer(settings.fsync(), act.folder().resolve(name + "-redis.log"));
            redis.start();
            act.stage().knows("redis", redis.port());
            relay = new Relay(act.stage().loops(), redis.port());
            act.stage().knows("redis", relay.port());
        }
        for (int i = 1; i <= settings.replicas(); i++) {
            String replica = "r" + i;
            act.mark(replica + " starts");
            double offset = act.seconds();
            Running running = act.startReplica(replica, token, servers.hubUrl(), flags(i));
            replicas.add(new Replica(replica, token, act, running, offset));
        }
        balancer = Balancer.start(replicas, settings.check(), act.folder(), name, act::seconds);
        Balancer started = balancer;
        List<String> browsed = paths("stays", settings.routes());
        browsed.addAll(HubWriter.changingPaths());
        users = new Users(started.publicPort(), book, activity, act::seconds, browsed, quietPaths());
        hub = new HubWriter(
                started.apiPort(), token, servers, book, act::seconds, path -> users().look(path, settings.replicas()));
    }

    private String[] flags(int number) {
        if (redis == null || relay == null) {
            return new String[0];
        }
        // The last one can be cut off by itself.
        int port = number == settings.replicas() ? relay.port() : redis.port();
        return new String[] {"--storage-backend", "redis://127.0.0.1:" + port, "--store-prefix", "loadtest"};
    }

    private static List<String> paths(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "/user/" + name + "-" + i)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static List<String> quietPaths() {
        return paths("quiet", QUIET_ROUTES);
    }

    Users users() {
        return there(users);
    }

    HubWriter hub() {
        return there(hub);
    }

    Balancer balancer() {
        return there(balancer);
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not started (expected: open comes first)");
        }
        return part;
    }

    Act act() {
        return act;
    }

    Settings settings() {
        return settings;
    }

    ActivityBook activity() {
        return activity;
    }

    Timeline timeline() {
        return timeline;
    }

    /** When the hub and the users began, in seconds of the act. */
    double begunAt() {
        return begunAt;
    }

    List<Replica> replicas() {
        return replicas;
    }

    List<Comparison> comparisons() {
        return comparisons;
    }

    /** What each disturbance took to recover from. */
    List<String> recoveries() {
        return recoveries;
    }

    /** Disturbances that were not recovered from in time. */
    List<String> unrecovered() {
        return unrecovered;
    }

    /** What replicas lacked that said they were ready. */
    List<String> unsynchronised() {
        return unsynchronised;
    }

    /** Puts the routes in place that stay, and lets everybody begin. */
    void begin() throws InterruptedException, IOException {
        for (Replica replica : replicas) {
            if (!awaitInService(replica)) {
                throw new IOException(replica.name() + ": " + settings.check() + " is answered with "
                        + replica.status(settings.check(), act::seconds) + " (expected: 200)");
            }
        }
        List<String> stay = new ArrayList<>(quietPaths());
        stay.addAll(paths("stays", settings.routes()));
        act.mark(stay.size() + " routes are added");
        double began = act.seconds();
        hub().addAll(stay);
        quietPaths().forEach(path -> activity.used(path, new ActivityBook.Use(began, act.seconds(), 0, true)));
        act.mark("the hub changes " + settings.changesPerSecond() + " routes a second, " + settings.users()
                + " users browse");
        begunAt = act.seconds();
        hub().start(settings.changesPerSecond());
        users().start(settings.users());
        for (Replica replica : replicas) {
            Thread reader = new Thread(() -> read(replica), "reader-" + replica.name());
            reader.setDaemon(true);
            readers.add(reader);
            reader.start();
        }
    }

    /** Reads the table of one replica again and again, for the times of last activity. */
    private void read(Replica replica) {
        try {
            while (!isOver) {
                if (replica.status(settings.check(), act::seconds) == 200) {
                    note(replica, replica.table(act::seconds));
                }
                Thread.sleep((long) (1000 * READS_EVERY));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Replica replica, @Nullable RouteTable table) {
        if (table == null) {
            return;
        }
        for (String path : quietPaths()) {
            RouteTable.Entry entry = table.entries().get(path);
            Instant told = entry == null ? null : entry.lastActivity();
            if (told != null) {
                activity.read(replica.name(), path, table.began(), table.ended(), told.toEpochMilli() / 1e3 - epoch);
            }
        }
    }

    void calm(double seconds) throws InterruptedException {
        act.mark("calm");
        pass(seconds);
    }

    private void pass(double seconds) throws InterruptedException {
        double end = act.seconds() + seconds;
        while (act.seconds() < end) {
            Thread.sleep((long) Math.max(1, Math.min(250, 1000 * (end - act.seconds()))));
            act.progress()
                    .status("%s: %d answers, %d wrong, %d without an answer"
                            .formatted(
                                    act.name(),
                                    users().rights(),
                                    users().wrongs().size(),
                                    users().failures().size()));
        }
    }

    /** Does it, undoes it, and waits until all is as before. */
    void disturb(Disturbance disturbance) throws SubjectException, IOException, InterruptedException {
        Replica replica = victim(disturbance);
        String whom = disturbance.takesRedis() ? "" : replica.name();
        act.mark(disturbance.told() + (whom.isEmpty() ? "" : ": " + whom));
        double from = act.seconds();
        switch (disturbance) {
            case KILL -> {
                replica.kill();
                pass(KILLED_FOR);
                replica.startAgain();
                checkSynchronised(replica);
            }
            case REDIS, LOST -> {
                there(redis).kill();
                pass(REDIS_AWAY_FOR);
                if (disturbance == Disturbance.LOST) {
                    there(redis).lose();
                }
                there(redis).start();
            }
            case FREEZE -> {
                there(relay).freeze();
                pass(CUT_OFF_FOR);
                there(relay).mend();
            }
            case PULL -> {
                there(relay).pull();
                pass(CUT_OFF_FOR);
                there(relay).mend();
            }
            case STOP -> {
                replica.suspend();
                pass(STOPPED_FOR);
                replica.resume();
            }
        }
        recover(disturbance, whom, from);
    }

    private Replica victim(Disturbance disturbance) {
        return switch (disturbance) {
            case KILL -> replicas.get(0);
            case STOP -> replicas.get(replicas.size() / 2);
            case FREEZE, PULL, REDIS, LOST -> replicas.get(replicas.size() - 1);
        };
    }

    /** Asks a replica that has just been started until it says it is ready, and then looks whether it is. */
    private void checkSynchronised(Replica replica) throws InterruptedException {
        double deadline = act.seconds() + RECOVERS_WITHIN;
        while (replica.status(settings.check(), act::seconds) != 200 && act.seconds() < deadline) {
            Thread.sleep(2);
        }
        RouteTable table = replica.table(act::seconds);
        List<String> missing = new ArrayList<>(quietPaths());
        missing.addAll(paths("stays", settings.routes()));
        if (table != null) {
            missing.removeAll(table.entries().keySet());
        }
        if (!missing.isEmpty()) {
            unsynchronised.add(replica.name() + " was ready without " + missing.size() + " routes");
        }
    }

    private void recover(Disturbance disturbance, String whom, double from) throws InterruptedException {
        double undone = act.seconds();
        act.mark("and is undone");
        boolean areBack = true;
        for (Replica replica : replicas) {
            areBack &= awaitInService(replica);
        }
        areBack &= hub().awaitDone(undone, RECOVERS_WITHIN);
        double to = act.seconds();
        timeline.add(new Timeline.Trouble(disturbance, whom, from, to));
        recoveries.add("%.1f".formatted(to - undone));
        if (!areBack) {
            unrecovered.add(disturbance.told());
        }
    }

    private boolean awaitInService(Replica replica) throws InterruptedException {
        double deadline = act.seconds() + RECOVERS_WITHIN;
        while (act.seconds() < deadline) {
            if (replica.status(settings.check(), act::seconds) == 200
                    && balancer().log().isUp(replica.name())) {
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    /** Lets the hub come to rest and compares each replica's table with what it should be. */
    void compare(String after) throws InterruptedException {
        hub().pause();
        Map<String, String> expected = new TreeMap<>();
        book.table().forEach((path, server) -> expected.put(path, servers.target(server)));
        for (Replica replica : replicas) {
            List<String> atOnce = differences(replica, expected);
            List<String> atLast = atOnce;
            double deadline = act.seconds() + EQUAL_WITHIN;
            while (!atLast.isEmpty() && act.seconds() < deadline) {
                Thread.sleep(100);
                atLast = differences(replica, expected);
            }
            comparisons.add(new Comparison(after, replica.name(), expected.size(), atOnce, atLast));
        }
        hub().goOn();
    }

    private List<String> differences(Replica replica, Map<String, String> expected) {
        RouteTable table = replica.table(act::seconds);
        return table == null ? List.of("no table") : table.differences(expected, book.unsure());
    }

    /** Goes on until every use must be in every table, and ends. */
    void end() throws InterruptedException {
        act.mark("the last uses are looked for");
        double due = timeline.calmFor(ActivityBook.WITHIN_SECONDS, act.seconds());
        pass(due - act.seconds() + 2 * READS_EVERY);
        act.mark("everybody leaves");
        hub().end();
        users().end();
        isOver = true;
        hub().awaitEnd();
        users().awaitEnd();
        for (Thread reader : readers) {
            reader.join(15_000);
        }
    }

    Verdict verdict() {
        return new Judge(this).verdict();
    }

    @Override
    public void close() throws IOException {
        isOver = true;
        if (hub != null) {
            hub.end();
        }
        if (users != null) {
            users.end();
        }
        if (balancer != null) {
            balancer.close();
        }
        if (relay != null) {
            relay.close();
        }
        if (redis != null) {
            redis.close();
        }
    }
}
