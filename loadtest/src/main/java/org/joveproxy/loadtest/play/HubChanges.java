package org.joveproxy.loadtest.play;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A hub that changes routes all the time, ten calls at once: it replaces what routes hold, adds and deletes them, and now
 * and then sends what has to be refused. It tries nothing twice, so that it knows what came of each change. Confined to the
 * play's loop.
 */
final class HubChanges {
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
    private static final long LONGEST_MICROS = 120_000_000;
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int EXAMPLES = 5;

    private final PlayLoop loop;
    private final Connections toApi;
    private final String headers;
    private final KnownRoutes known;
    private final List<String> targets;
    private final SplittableRandom random;
    private final Histogram micros = new Histogram(LONGEST_MICROS, 2);
    private final List<String> surprises = new ArrayList<>();
    private int paths;
    private long sent;
    private long answered;
    private int surprising;
    private @Nullable Series series;

    /** @param targets where routes lead */
    HubChanges(
            PlayLoop loop,
            Connections toApi,
            String token,
            KnownRoutes known,
            List<String> targets,
            SplittableRandom random) {
        this.loop = loop;
        this.toApi = toApi;
        this.headers = "Authorization: token " + token + "\r\nAccept: */*\r\n";
        this.known = known;
        this.targets = List.copyOf(targets);
        this.random = random;
    }

    /** Changes that follow one another. */
    private static final class Series {
        private final long most;
        private final long everyNanos;
        private final Runnable whenOver;
        private final long beganAt = System.nanoTime();
        private long begun;
        private int underWay;
        private boolean isOver;

        Series(long most, long everyNanos, Runnable whenOver) {
            this.most = most;
            this.everyNanos = everyNanos;
            this.whenOver = whenOver;
        }

        boolean mayBegin() {
            return !isOver
                    && begun < most
                    && underWay < RoutesClient.CONCURRENCY
                    && System.nanoTime() - beganAt >= begun * everyNanos;
        }
    }

    /** The path with this number. */
    static String path(int index) {
        return "/user/u" + index;
    }

    /** Changes are from now on of the first {@code number} paths; four fifths of them are to have a route. */
    void roam(int number) {
        paths = number;
    }

    /** Gives the path with number {@code index} a route. */
    void add(int index, Runnable whenDone) {
        String body = body(index);
        send(path(index), body, body, 201, whenDone);
    }

    /**
     * Begins to change.
     *
     * @param most how many changes
     * @param perSecond how many of them; 0 for as many as can be
     * @param whenOver told when the last of them has been answered, or when the proxy is gone
     */
    void begin(long most, int perSecond, Runnable whenOver) {
        Series begun =
                new Series(most, perSecond == 0 ? 0 : Duration.ofSeconds(1).toNanos() / perSecond, whenOver);
        series = begun;
        go(begun);
        if (perSecond > 0) {
            tick(begun);
        }
    }

    private void tick(Series ticking) {
        loop.after(TICK, () -> {
            if (ticking.begun < ticking.most && !ticking.isOver) {
                go(ticking);
                tick(ticking);
            }
        });
    }

    /** Sends nothing more. */
    void stop() {
        Series stopped = series;
        if (stopped != null && !stopped.isOver) {
            stopped.isOver = true;
            if (stopped.underWay == 0) {
                stopped.whenOver.run();
            }
        }
    }

    private void go(Series going) {
        while (going.mayBegin()) {
            going.begun++;
            going.underWay++;
            changeAny(() -> onAnswered(going));
        }
    }

    private void onAnswered(Series answeredOne) {
        answeredOne.underWay--;
        boolean wasLast = answeredOne.begun == answeredOne.most || answeredOne.isOver;
        if (!wasLast) {
            go(answeredOne);
        } else if (answeredOne.underWay == 0) {
            answeredOne.isOver = true;
            answeredOne.whenOver.run();
        }
    }

    // ---- one change ----

    private void changeAny(Runnable whenDone) {
        int index = random.nextInt(paths);
        while (known.isChanging(path(index))) {
            index = random.nextInt(paths);
        }
        String path = path(index);
        boolean isThere = known.bodyOf(path) != null;
        int die = random.nextInt(1000);
        if (die < 20) {
            String garbage = "{\"user\":\"u" + index + "\",\"target\":" + die + "}";
            send(path, garbage, known.bodyOf(path), 400, whenDone);
        } else if (isThere ? die < 240 : die < 120) {
            send(path, null, null, isThere ? 204 : 404, whenDone);
        } else {
            String body = body(index);
            send(path, body, body, 201, whenDone);
        }
    }

    /** What JupyterHub posts, with something that the proxy does not know, and never the same twice. */
    private String body(int index) {
        return "{\"user\":\"u" + index + "\",\"server_name\":\"s" + sent + "\",\"target\":\""
                + targets.get(random.nextInt(targets.size())) + "\",\"jupyterhub\":true,\"more\":{\"n\":[" + sent
                + ",0.5,null]}}";
    }

    /**
     * Sends one change.
     *
     * @param body what is posted, null for a DELETE
     * @param becomes what the path holds when the change is in force
     */
    private void send(String path, @Nullable String body, @Nullable String becomes, int expected, Runnable whenDone) {
        sent++;
        known.begin(path, becomes);
        toApi.send(new Request(
                body == null ? "DELETE" : "POST",
                "/api/routes" + path,
                headers,
                null,
                body == null ? "" : body,
                BodySink.ignoring(),
                PATIENCE,
                reply -> {
                    onReply(path, expected, reply);
                    whenDone.run();
                }));
    }

    private void onReply(String path, int expected, Reply reply) {
        int status = reply.status();
        if (status == 0) {
            stop(); // nobody knows whether the change was made, and nobody is there to take another
            return;
        }
        answered++;
        micros.recordValue(Math.min(LONGEST_MICROS, reply.nanos() / 1000));
        if (status != expected) {
            surprising++;
            if (surprises.size() < EXAMPLES) {
                surprises.add(path + ": " + status + " instead of " + expected);
            }
        }
        if (status / 100 == 2 || status == 404) {
            known.acknowledged(path, Instant.now());
        } else {
            known.refused(path);
        }
    }

    // ---- what came of it ----

    /** Changes that were answered, refused ones too. */
    long answered() {
        return answered;
    }

    /** Answers that were not what the state of the table asks for. */
    int surprising() {
        return surprising;
    }

    /** The first few of them. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    /** Milliseconds that {@code percentile} percent of the answers since {@link #forgetTimes} did not exceed. */
    double millis(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1000.0;
    }

    void forgetTimes() {
        micros.reset();
    }
}
