package org.joveproxy.core;

import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.downstream.ClientCodec;
import org.joveproxy.core.relay.ClientFacts;
import org.joveproxy.core.relay.RequestForwarding;
import org.joveproxy.core.routing.RequestTarget;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.upstream.UpstreamCodec;
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

/**
 * A request's head from the client's bytes to those that the upstream gets. What is done to a head can be done to it only
 * once, so it is measured together with decoding.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class RequestHeadBenchmark {
    @Param({"browser", "wrk"})
    public String head;

    private final ClientCodec client = new ClientCodec();
    private final UpstreamCodec upstream = new UpstreamCodec();
    private final RequestForwarding forwarding = new RequestForwarding(ForwardingConfig.defaults(), false);
    private final Route route = Route.of("/user/ada", Target.parse("http://127.0.0.1:8888"), 0);
    private final ClientFacts facts = ClientFacts.of(TrustedPeers.address("203.0.113.5"), false, TrustedPeers.none());
    private byte[] received;
    private HttpRequest forwarded;

    @Setup
    public void prepare() throws Exception {
        received = Messages.request(head);
        forwarded = decodeAndForward();
    }

    @Benchmark
    public HttpRequest decode() throws Exception {
        return client.decode(received);
    }

    @Benchmark
    public HttpRequest decodeAndForward() throws Exception {
        HttpRequest request = client.decode(received);
        forwarding.apply(request, RequestTarget.parse(request.uri()), route, facts, false);
        return request;
    }

    @Benchmark
    public int encode() {
        return upstream.encode(forwarded);
    }

    @Benchmark
    public int whole() throws Exception {
        return upstream.encode(decodeAndForward());
    }
}
