package org.joveproxy.loadtest.replicas;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Plot;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.subject.SubjectException;
import org.jspecify.annotations.Nullable;

/**
 * One of the proxies. Killing, stopping and starting is the scenario's thread's; what asks may be called by any thread.
 */
final class Replica {
    private final String name;
    private final Act act;
    private final String headers;
    private final List<Life> lives = new ArrayList<>();
    private volatile Running running;

    /** @param offset seconds of the act at which its watcher began */
    private record Life(Running running, double offset) {}

    Replica(String name, String token, Act act, Running running, double offset) {
        this.name = name;
        this.act = act;
        this.headers = "Authorization: token " + token + "\r\n";
        this.running = running;
        lives.add(new Life(running, offset));
    }

    String name() {
        return name;
    }

    int publicPort() {
        return running.port();
    }

    int apiPort() {
        return running.subject().apiPort();
    }

    boolean isAlive() {
        return running.subject().isAlive();
    }

    void kill() throws InterruptedException {
        running.subject().kill();
    }

    /** Starts it once more, in the same place. */
    void startAgain() throws SubjectException {
        Running dead = running;
        dead.close();
        double offset = act.seconds();
        running = act.again(dead);
        lives.add(new Life(running, offset));
    }

    /** Stops it, as Ctrl-Z does: its sockets stay, and nobody reads them. */
    void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "kill -" + signal + " " + running.subject().pid())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + ": exit code " + code);
        }
    }

    /** What it answers to a question for {@code check} on its public port; 0 when nothing. */
    int status(String check, DoubleSupplier clock) {
        try (Caller caller = new Caller(publicPort(), clock)) {
            return caller.call("GET", check, "", "", 1).status();
        }
    }

    /** Its whole table, or null when it does not say. */
    @Nullable
    RouteTable table(DoubleSupplier clock) {
        double began = clock.getAsDouble();
        String json = get("/api/routes", clock);
        if (json == null) {
            return null;
        }
        try {
            return RouteTable.parse(json, began, clock.getAsDouble());
        } catch (IOException e) {
            return null;
        }
    }

    /** What its REST API says to {@code path}; null when it is not 200. */
    @Nullable
    String get(String path, DoubleSupplier clock) {
        try (Caller caller = new Caller(apiPort(), clock)) {
            Caller.Answer answer = caller.call("GET", path, headers, "", 1);
            return answer.isWhole() && answer.status() == 200 ? answer.body() : null;
        }
    }

    /** What the kernel said of all its lives. */
    Plot.Line line(ToDoubleFunction<Sample> value) {
        List<Plot.Point> points = new ArrayList<>();
        for (Life life : lives) {
            for (Sample sample : life.running.watcher().samples()) {
                points.add(new Plot.Point(life.offset + sample.seconds(), value.applyAsDouble(sample)));
            }
        }
        return new Plot.Line(name, points);
    }
}
