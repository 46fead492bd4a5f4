package org.joveproxy.core.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the route of a path, when each user has one and the hub has the rest. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class RouteTableBenchmark {
    // A power of two; so many different paths that neither the processor nor the compiler learns them by heart.
    private static final int PATHS = 4096;
    // Of 3 to 6 segments, the user's two among them.
    private static final String[] ENDINGS = {
        "/lab", "/api/kernels", "/api/contents/work", "/static/notebook/components/icon.svg"
    };

    @Param({"10", "10000", "100000"})
    public int routes;

    private final RouteTable table = new RouteTable();
    private final String[] paths = new String[PATHS];
    private int next;

    @Setup
    public void fill() {
        List<Route> all = new ArrayList<>();
        all.add(Route.of("/", Target.parse("http://127.0.0.1:8081"), 0));
        for (int user = 1; user < routes; user++) {
            all.add(Route.of(userPath(user), Target.parse("http://127.0.0.1:" + (10_000 + user % 50_000)), 0));
        }
        table.putAll(all);
        Random random = new Random(1);
        for (int i = 0; i < PATHS; i++) {
            paths[i] = userPath(1 + random.nextInt(routes - 1)) + ENDINGS[i % ENDINGS.length];
        }
    }

    private static String userPath(int user) {
        return "/user/student-" + user;
    }

    @Benchmark
    public Route resolve() {
        next = (next + 1) & (PATHS - 1);
        return table.resolve(paths[next]);
    }
}
