package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.joveproxy.loadtest.stage.Routes;

/**
 * The hub: changes routes through the balancer, ten calls at a time, and tries again as JupyterHub does. Any thread may call any
 * method; each of its threads changes paths of its own.
 */
final class HubWriter {
    static final String DONE = "acknowledged";
    static final String REFUSED = "503 or another 5xx";
    static final String UNANSWERED = "no answer";
    static final String SLOWEST = "slowest change";

    private static final int PATHS_OF_EACH = 40;
    private static final int KEPT_FOR = 50;
    private static final double FIRST_WAIT = 0.2;
    private static final double LONGEST_WAIT = 5;
    private static final double GIVES_UP_AFTER = 30;
    private static final long LONGEST_MICROS = 120_000_000;

    private final int port;
    private final String headers;
    private final NamedServers servers;
    private final RouteBook book;
    private final DoubleSupplier clock;
    private final Consumer<String> changed;
    private final Seconds seconds = new Seconds();
    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 2);
    private final List<Attempt> troubles = new ArrayList<>();
    private final List<String> lostRoutes = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private volatile double lastDone;
    private volatile boolean isPaused = true;
    private volatile boolean isOver;

    /** A call that has to be repeated. */
    record Attempt(double began, double ended, int status, String trouble, int localPort) {}

    /**
     * @param port of the REST API
     * @param changed hears of each path whose change has just been acknowledged, on the hub's thread
     */
    HubWriter(
            int port,
            String token,
            NamedServers servers,
            RouteBook book,
            DoubleSupplier clock,
            Consumer<String> changed) {
        this.port = port;
        this.headers = "Authorization: token " + token + "\r\n";
        this.servers = servers;
        this.book = book;
        this.clock = clock;
        this.changed = changed;
    }

    /** Adds {@code paths}, as fast as may be, and waits until all are there. */
    void addAll(List<String> paths) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(Routes.CONCURRENCY);
        for (int i = 0; i < Routes.CONCURRENCY; i++) {
            int first = i;
            new Thread(
                            () -> {
                                try (Caller caller = new Caller(port, clock)) {
                                    SplittableRandom random = new SplittableRandom(first);
                                    for (int k = first; k < paths.size() && !isOver; k += Routes.CONCURRENCY) {
                                        String server = NamedServers.name(random.nextInt(servers.number()));
                                        change(caller, paths.get(k), server, random);
                                    }
                                } finally {
                                    done.countDown();
                                }
                            },
                            "hub-start-" + i)
                    .start();
        }
        done.await();
    }

    /** All paths that it changes once it has been started. */
    static List<String> changingPaths() {
        List<String> paths = new ArrayList<>();
        for (int worker = 0; worker < Routes.CONCURRENCY; worker++) {
            for (int i = 0; i < PATHS_OF_EACH; i++) {
                paths.add(path(worker, i));
            }
        }
        return paths;
    }

    private static String path(int worker, int index) {
        return "/user/w" + worker + "-" + index;
    }

    /** Begins to change {@code perSecond} routes a second, for ever. */
    void start(double perSecond) {
        for (int i = 0; i < Routes.CONCURRENCY; i++) {
            Worker worker = new Worker(i, Routes.CONCURRENCY / perSecond);
            workers.add(worker);
            worker.thread.start();
        }
        isPaused = false;
    }

    /** Lets what is under way come to its end, and waits for that. */
    void pause() throws InterruptedException {
        isPaused = true;
        for (Worker worker : workers) {
            while (!worker.isIdle) {
                Thread.sleep(5);
            }
        }
    }

    void goOn() {
        isPaused = false;
    }

    /** Waits until a change that was begun after {@code since} is acknowledged. Returns whether one was. */
    boolean awaitDone(double since, double limit) throws InterruptedException {
        while (lastDone < since && clock.getAsDouble() < since + limit) {
            Thread.sleep(10);
        }
        return lastDone >= since;
    }

    /** Sends one change until it is acknowledged; {@link NamedServers#HUB} stands for a deletion. */
    private void change(Caller caller, String path, String server, SplittableRandom random) {
        boolean isDeletion = server.equals(NamedServers.HUB);
        if (isDeletion) {
            book.beginDeletion(path);
        } else {
            book.begin(path, server);
        }
        double began = clock.getAsDouble();
        double longestWait = FIRST_WAIT;
        for (int attempt = 1; !isOver; attempt++) {
            Caller.Answer answer = isDeletion
                    ? caller.call("DELETE", "/api/routes" + path, headers, "", KEPT_FOR)
                    : caller.call("POST", "/api/routes" + path, headers, body(path, server), KEPT_FOR);
            if (answer.isWhole() && isDone(answer.status(), isDeletion, attempt, path)) {
                acknowledged(path, began);
                return;
            }
            note(answer, path);
            double now = clock.getAsDouble();
            boolean mayRepeat = !answer.isWhole() || answer.status() >= 500;
            if (!mayRepeat || now - began > GIVES_UP_AFTER) {
                giveUp(path, answer);
                return;
            }
            LockSupport.parkNanos((long) (1e9 * random.nextDouble(longestWait)));
            longestWait = Math.min(LONGEST_WAIT, 2 * longestWait);
        }
    }

    private String body(String path, String server) {
        return "{\"target\":\"" + servers.target(server) + "\",\"jupyterhub\":true,\"user\":\""
                + path.substring(path.lastIndexOf('/') + 1) + "\",\"server_name\":\"\"}";
    }

    private boolean isDone(int status, boolean isDeletion, int attempt, String path) {
        if (isDeletion && status == 404 && attempt == 1) {
            synchronized (lostRoutes) {
                lostRoutes.add(path);
            }
        }
        return isDeletion ? status == 204 || status == 404 : status == 201;
    }

    private void acknowledged(String path, double began) {
        double now = clock.getAsDouble();
        book.acknowledged(path, now);
        changed.accept(path);
        seconds.count(DONE, now);
        seconds.most(SLOWEST, now, 1000 * (now - began));
        micros.recordValue(Math.min(LONGEST_MICROS, (long) (1e6 * (now - began))));
        synchronized (this) {
            lastDone = Math.max(lastDone, began);
        }
    }

    private void note(Caller.Answer answer, String path) {
        seconds.count(answer.isWhole() ? REFUSED : UNANSWERED, answer.ended());
        if (!answer.isWhole()) {
            book.attemptWasLost(path);
        }
        synchronized (troubles) {
            troubles.add(
                    new Attempt(answer.began(), answer.ended(), answer.status(), answer.trouble(), answer.localPort()));
        }
    }

    private void giveUp(String path, Caller.Answer last) {
        book.gaveUp(path);
        synchronized (failed) {
            failed.add(path + ": " + (last.isWhole() ? "status " + last.status() : last.trouble()));
        }
    }

    Seconds seconds() {
        return seconds;
    }

    /** How long changes took that were acknowledged, all attempts together, in microseconds. */
    Histogram micros() {
        return micros;
    }

    /** Calls that had to be repeated, in the order of their ends. */
    List<Attempt> troubles() {
        synchronized (troubles) {
            return List.copyOf(troubles);
        }
    }

    /** Routes that were there and were not found when they were to be deleted. */
    List<String> lostRoutes() {
        synchronized (lostRoutes) {
            return List.copyOf(lostRoutes);
        }
    }

    /** Changes that the hub gave up, and why. */
    List<String> failed() {
        synchronized (failed) {
            return List.copyOf(failed);
        }
    }

    /** Changes nothing any more. */
    void end() {
        isOver = true;
    }

    /** Waits, at the end, until no call is under way. */
    void awaitEnd() throws InterruptedException {
        for (Worker worker : workers) {
            worker.thread.join(20_000);
        }
    }

    /** One of the hub's calls at a time, with its own paths. */
    private final class Worker {
        private final int number;
        private final double interval;
        private final SplittableRandom random;
        private final Thread thread = new Thread(this::work);
        private volatile boolean isIdle;

        Worker(int number, double interval) {
            this.number = number;
            this.interval = interval;
            this.random = new SplittableRandom(1000 + number);
            thread.setName("hub-" + number);
            thread.setDaemon(true);
        }

        private void work() {
            try (Caller caller = new Caller(port, clock)) {
                double next = clock.getAsDouble() + random.nextDouble(interval);
                while (!isOver) {
                    isIdle = false; // before it looks, so that whoever pauses it cannot miss it
                    if (isPaused) {
                        isIdle = true;
                        LockSupport.parkNanos(5_000_000);
                        continue;
                    }
                    double now = clock.getAsDouble();
                    if (now < next) {
                        LockSupport.parkNanos((long) (1e9 * Math.min(0.02, next - now)));
                        continue;
                    }
                    // What an outage has held up is not made up for: the hub's users did not wait either.
                    next = Math.max(next + interval, now);
                    changeOne(caller);
                }
            }
            isIdle = true;
        }

        private void changeOne(Caller caller) {
            String path = path(number, random.nextInt(PATHS_OF_EACH));
            String server = book.server(path);
            boolean isThere = !server.equals(NamedServers.HUB);
            String next = isThere && random.nextBoolean() ? NamedServers.HUB : another(server);
            change(caller, path, next, random);
        }

        private String another(String server) {
            while (true) {
                String other = NamedServers.name(random.nextInt(servers.number()));
                if (!other.equals(server)) {
                    return other;
                }
            }
        }
    }
}
