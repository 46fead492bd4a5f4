package org.joveproxy.core;

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

/** The whole of what the core does in user space for one request and its answer, or for one frame of a websocket. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExchangeBenchmark {
    /** A client that asks again and again on one connection, and an upstream that keeps its own open too. */
    @State(Scope.Thread)
    public static class Requests {
        @Param({"browser", "wrk"})
        public String head;

        private EmbeddedSocket client;
        private EmbeddedSocket upstream;
        private byte[] request;
        private byte[] answer;

        @Setup
        public void connect() {
            EmbeddedProxy proxy = new EmbeddedProxy();
            client = proxy.client();
            upstream = proxy.upstream();
            request = Messages.request(head);
            answer = Messages.answer();
        }
    }

    /** A websocket that is open. */
    @State(Scope.Thread)
    public static class Websocket {
        private EmbeddedSocket client;
        private EmbeddedSocket upstream;
        private byte[] fromClient;
        private byte[] fromUpstream;

        @Setup
        public void upgrade() {
            EmbeddedProxy proxy = new EmbeddedProxy();
            client = proxy.client();
            upstream = proxy.upstream();
            client.receive(Messages.upgrade());
            upstream.takeSent();
            upstream.receive(Messages.upgraded());
            client.takeSent();
            fromClient = Messages.frameFromClient();
            fromUpstream = Messages.frameFromUpstream();
        }
    }

    @Benchmark
    public int request(Requests state) {
        state.client.receive(state.request);
        int sent = state.upstream.takeSent();
        state.upstream.receive(state.answer);
        return sent + state.client.takeSent();
    }

    @Benchmark
    public int frameFromClient(Websocket state) {
        state.client.receive(state.fromClient);
        return state.upstream.takeSent();
    }

    @Benchmark
    public int frameFromUpstream(Websocket state) {
        state.upstream.receive(state.fromUpstream);
        return state.client.takeSent();
    }
}
