package org.joveproxy.core;

import io.netty.handler.codec.http.FullHttpResponse;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.downstream.ClientCodec;
import org.joveproxy.core.relay.ResponseForwarding;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.upstream.UpstreamCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A small response with Content-Length from the upstream's bytes to those that the client gets. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ResponseHeadBenchmark {
    private final UpstreamCodec upstream = new UpstreamCodec();
    private final ClientCodec client = new ClientCodec();
    private final ResponseForwarding forwarding = new ResponseForwarding(ForwardingConfig.defaults());
    private final Origin origin = Target.parse("http://127.0.0.1:8888").origin();
    private byte[] received;
    private FullHttpResponse forwarded;

    @Setup
    public void prepare() {
        received = Messages.answer();
        forwarded = forward(upstream.decode(received));
    }

    @TearDown
    public void release() {
        forwarded.release();
    }

    private FullHttpResponse forward(FullHttpResponse response) {
        forwarding.apply(response, origin, "hub.example.org");
        return response;
    }

    @Benchmark
    public boolean decode() {
        return upstream.decode(received).release();
    }

    @Benchmark
    public boolean decodeAndForward() {
        return forward(upstream.decode(received)).release();
    }

    @Benchmark
    public int encode() {
        // Writing takes the body over, which is to be written again.
        forwarded.content().readerIndex(0).retain();
        return client.encode(forwarded);
    }

    @Benchmark
    public int whole() {
        return client.encode(forward(upstream.decode(received)));
    }
}
