package org.joveproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.EmbeddedSocket;
import org.joveproxy.core.Messages;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.lifecycle.BufferBudget;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.jspecify.annotations.Nullable;
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

/** A websocket's small frame through a tunnel of which nobody keeps a record, and what it takes to know where frames end. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class TunnelBenchmark {
    private final EmbeddedSocket client = new EmbeddedSocket();
    private final EmbeddedSocket upstream = new EmbeddedSocket();
    private final byte[] fromClient = Messages.frameFromClient();
    private final byte[] fromUpstream = Messages.frameFromUpstream();
    private final ByteBuf frame = Unpooled.directBuffer().writeBytes(fromUpstream);
    private final FrameBoundary boundary = new FrameBoundary();

    @Setup
    public void open() {
        ConnectionLedger ledger = new ConnectionLedger();
        TimeoutConfig timeouts = TimeoutConfig.defaults();
        LoopLedger clock = ledger.of(client.channel().eventLoop());
        BufferBudget budget = new BufferBudget(CapacityConfig.defaults().maxBufferedBytes());
        LoopBuffers buffers = new LoopBuffers(clock, budget, timeouts.stalled());
        LedgerEntry clientEntry = ledger.open(client.channel(), Role.CLIENT, Phase.RELAYING);
        LedgerEntry upstreamEntry = ledger.open(upstream.channel(), Role.UPSTREAM, Phase.RELAYING);
        buffers.install(client.channel());
        buffers.install(upstream.channel());
        Tunnel tunnel = new Tunnel(clientEntry, upstreamEntry, timeouts, buffers, true, new Unheard());
        client.channel().pipeline().addLast(tunnel.clientEnd());
        upstream.channel().pipeline().addLast(tunnel.upstreamEnd());
        tunnel.open();
    }

    @TearDown
    public void release() {
        frame.release();
    }

    @Benchmark
    public int frameFromClient() {
        client.receive(fromClient);
        return upstream.takeSent();
    }

    @Benchmark
    public int frameFromUpstream() {
        upstream.receive(fromUpstream);
        return client.takeSent();
    }

    @Benchmark
    public boolean boundary() {
        boundary.passed(frame);
        return boundary.isBetweenFrames();
    }

    /** Keeps no record. */
    private static final class Unheard implements Tunnel.Listener {
        @Override
        public void clientSent(int bytes) {}

        @Override
        public void upstreamSent(int bytes) {}

        @Override
        public void ended(@Nullable CloseReason why) {
            throw new IllegalStateException("the tunnel has ended");
        }
    }
}
