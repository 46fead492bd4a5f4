package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Users that browse through the balancer: any of the routes, at leisure, and each that has just changed, at once. Some
 * connections are good for one request, others for many. Any thread may call any method.
 */
final class Users {
    static final String RIGHT = "right";
    static final String WRONG = "wrong";
    static final String FAILED = "failed";

    private static final double THINKS_FOR = 0.15;
    private static final int KEPT_FOR_AT_MOST = 40;
    private static final double QUIET_ROUTE_EVERY = 0.5;
    private static final int MOST_KEPT = 20_000;

    private final int port;
    private final RouteBook book;
    private final ActivityBook activity;
    private final DoubleSupplier clock;
    private final List<String> paths;
    private final List<String> quietPaths;
    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final Seconds seconds = new Seconds();
    private final AtomicLong rights = new AtomicLong();
    private final AtomicLong afterChange = new AtomicLong();
    private final AtomicLong number = new AtomicLong();
    private final List<Wrong> wrongs = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean areHere;
    private volatile boolean isOver;

    /** An answer by somebody who should not have got the request. */
    record Wrong(double began, String reason, String complaint, int localPort) {}

    /** A request that was not answered, or with something else than 200. */
    record Failure(
            double began, double ended, String path, int status, String trouble, int localPort, boolean isFresh) {
        String told() {
            return status == 0 || !trouble.isEmpty() ? trouble : "status " + status;
        }
    }

    /**
     * @param port of the balancer
     * @param paths to be browsed at leisure
     * @param quietPaths of routes that stay and are used now and then, so that each use can be looked for
     */
    Users(
            int port,
            RouteBook book,
            ActivityBook activity,
            DoubleSupplier clock,
            List<String> paths,
            List<String> quietPaths) {
        this.port = port;
        this.book = book;
        this.activity = activity;
        this.clock = clock;
        this.paths = List.copyOf(paths);
        this.quietPaths = List.copyOf(quietPaths);
    }

    /** Sends {@code count} users to {@code path}, whose change has just been acknowledged, if any have come yet. */
    void look(String path, int count) {
        if (!areHere) {
            return;
        }
        for (int i = 0; i < count; i++) {
            changed.add(path);
        }
    }

    /** Lets {@code count} users begin. */
    void start(int count) {
        areHere = true;
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            begin("user-" + i, () -> browse(random));
        }
        begin("quiet-user", this::useQuietRoutes);
    }

    private void begin(String name, Runnable life) {
        Thread thread = new Thread(life, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void browse(SplittableRandom random) {
        try (Caller caller = new Caller(port, clock)) {
            while (!isOver) {
                String path = changed.poll((long) (1000 * random.nextDouble(2 * THINKS_FOR)), TimeUnit.MILLISECONDS);
                if (path != null) {
                    afterChange.incrementAndGet();
                }
                request(caller, path == null ? paths.get(random.nextInt(paths.size())) : path, keepFor(random));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int keepFor(SplittableRandom random) {
        return random.nextInt(3) == 0 ? 1 : random.nextInt(2, KEPT_FOR_AT_MOST);
    }

    private void useQuietRoutes() {
        SplittableRandom random = new SplittableRandom(77);
        try (Caller caller = new Caller(port, clock)) {
            for (int i = 0; !isOver; i++) {
                String path = quietPaths.get(i % quietPaths.size());
                double began = clock.getAsDouble();
                Caller.Answer answer = request(caller, path, keepFor(random));
                activity.used(
                        path,
                        answer == null
                                ? new ActivityBook.Use(began, clock.getAsDouble(), 0, false)
                                : new ActivityBook.Use(began, answer.ended(), answer.localPort(), true));
                Thread.sleep((long) (1000 * QUIET_ROUTE_EVERY));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the answer when it was right. */
    private Caller.@Nullable Answer request(Caller caller, String path, int keepFor) {
        boolean isFresh = caller.isFresh();
        String asked = path + "/api/status?" + number.incrementAndGet();
        RouteBook.Question question = book.ask(path, clock.getAsDouble());
        Caller.Answer answer = caller.call("GET", asked, "", "", keepFor);
        if (!answer.isWhole() || answer.status() != 200) {
            failed(new Failure(
                    answer.began(),
                    answer.ended(),
                    asked,
                    answer.status(),
                    answer.trouble(),
                    answer.localPort(),
                    isFresh));
            return null;
        }
        String speaker = NamedServers.speaker(answer.body(), asked);
        if (question.mayBe(speaker)) {
            rights.incrementAndGet();
            seconds.count(RIGHT, answer.ended());
            return answer;
        }
        wrong(new Wrong(answer.began(), question.reason(speaker), question.complaint(speaker), answer.localPort()));
        return null;
    }

    private void failed(Failure failure) {
        seconds.count(FAILED, failure.ended);
        synchronized (failures) {
            if (failures.size() < MOST_KEPT) {
                failures.add(failure);
            }
        }
    }

    private void wrong(Wrong wrong) {
        seconds.count(WRONG, wrong.began);
        synchronized (wrongs) {
            if (wrongs.size() < MOST_KEPT) {
                wrongs.add(wrong);
            }
        }
    }

    Seconds seconds() {
        return seconds;
    }

    /** Answers that were right. */
    long rights() {
        return rights.get();
    }

    /** Requests for a route that had just changed. */
    long afterChange() {
        return afterChange.get();
    }

    List<Wrong> wrongs() {
        synchronized (wrongs) {
            return List.copyOf(wrongs);
        }
    }

    List<Failure> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    /** Tells everybody to leave. */
    void end() {
        isOver = true;
    }

    /** Waits, at the end, until nobody is left. */
    void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(15_000);
        }
    }
}
