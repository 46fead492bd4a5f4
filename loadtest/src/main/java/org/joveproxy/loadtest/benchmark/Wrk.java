package org.joveproxy.loadtest.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.joveproxy.loadtest.subject.Daemon;

/**
 * Load from wrk: connections that ask again as soon as they are answered. Immutable.
 *
 * @param connections at the same time
 * @param end of the path, which says what the backend answers
 * @param bodyBytes of each request; 0 for GETs
 * @param keepsAlive whether a connection is good for more than one request
 * @param bytesOfOperation 0 when an operation is a request; otherwise so many bytes of answers are one, since requests that
 *     are under way when the time is over have cost something, too
 * @param takesAllRoutes whether requests are for routes from all over the table, in turn; otherwise all are for the same
 * @param pauseMillis the mean of the pauses that each connection makes after an answer, at random
 */
record Wrk(
        int connections,
        String end,
        int bodyBytes,
        boolean keepsAlive,
        long bytesOfOperation,
        boolean takesAllRoutes,
        int pauseMillis)
        implements Load {
    static final String COMMAND = "wrk";

    private static final int PATIENCE_SECONDS = 15;
    private static final int MOST_PATHS = 1000;
    private static final String MARK = "RESULT ";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** GETs on connections that stay. */
    static Wrk gets(int connections, String end) {
        return new Wrk(connections, end, 0, true, 0, false, 0);
    }

    /** GETs of {@link Backend#LARGE}. */
    static Wrk downloads(int connections) {
        return new Wrk(connections, Backend.LARGE, 0, true, Backend.LARGE_BYTES, false, 0);
    }

    /** PUTs of {@code bytes}. */
    static Wrk uploads(int connections, int bytes) {
        return new Wrk(connections, Backend.UPLOAD, bytes, true, 0, false, 0);
    }

    /** The same with a new connection for each request. */
    Wrk withoutKeepAlive() {
        return new Wrk(connections, end, bodyBytes, false, bytesOfOperation, takesAllRoutes, pauseMillis);
    }

    /** The same for all routes in turn. */
    Wrk forAllRoutes() {
        return new Wrk(connections, end, bodyBytes, keepsAlive, bytesOfOperation, true, pauseMillis);
    }

    /** The same with about {@code perSecond} requests. */
    Wrk paced(double perSecond) {
        int pause = (int) Math.max(1, Math.round(connections / perSecond * 1000));
        return new Wrk(connections, end, bodyBytes, keepsAlive, bytesOfOperation, takesAllRoutes, pause);
    }

    String script(Setup setup) {
        StringBuilder script = new StringBuilder();
        if (bodyBytes > 0) {
            script.append("wrk.method = 'PUT'\nwrk.body = string.rep('x', %d)\n".formatted(bodyBytes));
        }
        if (!keepsAlive) {
            script.append("wrk.headers['Connection'] = 'close'\n");
        }
        if (takesAllRoutes) {
            script.append("""
                    local paths = {%s}
                    local requests, number = {}, 0
                    function init(args)
                        for i, path in ipairs(paths) do requests[i] = wrk.format(nil, path) end
                    end
                    function request()
                        number = number % #requests + 1
                        return requests[number]
                    end
                    """.replace(
                            "%s",
                            setup.somePaths(MOST_PATHS).stream()
                                    .map(path -> "'" + path + end + "'")
                                    .collect(Collectors.joining(", "))));
        }
        if (pauseMillis > 0) {
            script.append("function delay() return math.random(0, %d) end\n".formatted(2 * pauseMillis));
        }
        return script.append("""
                function done(summary, latency, requests)
                    local e = summary.errors
                    io.write(string.format(
                        '\\n%s{"requests": %%d, "bytes": %%d, "microseconds": %%d, "failed": %%d, "p50": %%d, "p99": %%d}\\n',
                        summary.requests, summary.bytes, summary.duration,
                        e.connect + e.read + e.write + e.status + e.timeout,
                        latency:percentile(50), latency:percentile(99)))
                end
                """.formatted(MARK)).toString();
    }

    @Override
    public Session open(Contender.Started proxy, Setup setup) throws IOException {
        Path file = setup.folder().resolve("load.lua");
        Files.writeString(file, script(setup));
        return new WrkSession(this, file, setup.scheme() + "://127.0.0.1:" + proxy.port() + setup.somePath() + end);
    }

    /** Reads what the script wrote. */
    Answers answers(String output) throws IOException, BenchmarkException {
        String line = output.lines()
                .filter(one -> one.startsWith(MARK))
                .findFirst()
                .orElseThrow(() -> new BenchmarkException(COMMAND + ": no result\n" + output));
        JsonNode result = JSON.readTree(line.substring(MARK.length()));
        long requests = result.path("requests").asLong();
        long failed = result.path("failed").asLong();
        double operations =
                bytesOfOperation == 0 ? requests : (double) result.path("bytes").asLong() / bytesOfOperation;
        if (failed > 0 || operations == 0) {
            throw new BenchmarkException(String.format(
                    Locale.ROOT, "%d answers, %d failures (expected: answers, and no failure)", requests, failed));
        }
        return new Answers(
                operations,
                result.path("microseconds").asLong() / 1e6,
                result.path("p50").asLong() / 1e3,
                result.path("p99").asLong() / 1e3);
    }

    private record WrkSession(Wrk wrk, Path script, String url) implements Session {
        @Override
        public Answers run(int seconds) throws IOException, InterruptedException, BenchmarkException {
            List<String> output = new ArrayList<>();
            Object lock = new Object();
            try (Daemon running = Daemon.start(
                    COMMAND,
                    List.of(
                            "-t1",
                            "-c" + wrk.connections,
                            "-d" + seconds + "s",
                            "--timeout",
                            "5s",
                            "-s",
                            script.toString(),
                            url),
                    line -> {
                        synchronized (lock) {
                            output.add(line);
                        }
                    })) {
                if (!running.hasEnded(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new BenchmarkException(COMMAND + ": still running (expected: ends after " + seconds + " s)");
                }
            }
            synchronized (lock) {
                return wrk.answers(String.join("\n", output));
            }
        }

        @Override
        public void close() {}
    }
}
