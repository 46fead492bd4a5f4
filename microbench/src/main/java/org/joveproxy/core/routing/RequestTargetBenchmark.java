package org.joveproxy.core.routing;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading the target of a request line. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class RequestTargetBenchmark {
    // Not final: the compiler must not know what they are.
    private String plain = "/user/ada/api/contents/work/analysis.ipynb";
    private String query = "/user/ada/api/contents/work/analysis.ipynb?type=notebook&content=0&hash=0";
    private String escaped = "/user/ada/api/contents/work/../caf%C3%A9/./a%20b.ipynb?type=notebook";

    @Benchmark
    public RequestTarget plain() throws MalformedPathException {
        return RequestTarget.parse(plain);
    }

    @Benchmark
    public RequestTarget withQuery() throws MalformedPathException {
        return RequestTarget.parse(query);
    }

    @Benchmark
    public RequestTarget escapedWithDots() throws MalformedPathException {
        return RequestTarget.parse(escaped);
    }
}
