package org.joveproxy.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.relay.TunnelBenchmark;
import org.joveproxy.core.routing.RequestTargetBenchmark;
import org.joveproxy.core.routing.RouteTableBenchmark;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark still does what it measures; how long that takes is not asked here. */
class BenchmarksTest {
    private static final Class<?>[] BENCHMARKS = {
        ExchangeBenchmark.class,
        RequestHeadBenchmark.class,
        ResponseHeadBenchmark.class,
        TunnelBenchmark.class,
        RouteTableBenchmark.class,
        RequestTargetBenchmark.class
    };

    @Test
    void eachOneRuns() throws RunnerException {
        Queue<String> leaks = new ConcurrentLinkedQueue<>();
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
        Options once = new OptionsBuilder()
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(once).run();

        Set<String> ran = new TreeSet<>();
        for (RunResult result : results) {
            ran.add(result.getParams().getBenchmark());
            assertThat(result.getPrimaryResult().getScore()).isPositive();
        }
        assertThat(ran).containsExactlyElementsOf(marked());
        System.gc();
        // The detector reports when the next buffer is made.
        Transport.BUFFERS.buffer(1).release();
        assertThat(leaks).isEmpty();
    }

    /** What is marked as a benchmark, by name. */
    private static Set<String> marked() {
        Set<String> names = new TreeSet<>();
        for (Class<?> each : BENCHMARKS) {
            for (var method : each.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Benchmark.class)) {
                    names.add(each.getName() + '.' + method.getName());
                }
            }
        }
        return names;
    }
}
