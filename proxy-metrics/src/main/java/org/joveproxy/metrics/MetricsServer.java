package org.joveproxy.metrics;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;

/**
 * The listener that serves {@code GET /metrics} over plain HTTP and answers 404 to all else.
 *
 * <p>Any thread may call any method except an event loop's.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final MetricsRenderer renderer;
    private final Listener.Setup setup;
    private final Listener listener;

    private MetricsServer(ListenAddress address, Listener.Setup setup, MetricsRenderer renderer) throws IOException {
        this.setup = setup;
        this.renderer = renderer;
        listener = Listener.bind(address, setup, this::serve);
    }

    /**
     * Binds {@code address} to serve what {@code renderer}, which stays its owner's, renders. Nobody is served before {@link #startAccepting}.
     *
     * @throws IOException when the address cannot be bound; the message names the address and the cause
     */
    public static MetricsServer bind(ListenAddress address, Listener.Setup setup, MetricsRenderer renderer)
            throws IOException {
        return new MetricsServer(address, setup, renderer);
    }

    /** Accepts connections from now on. */
    public void startAccepting() {
        listener.startAccepting();
    }

    /** The bound TCP port, or 0 for a unix socket. */
    public int port() {
        return listener.port();
    }

    /** Stops accepting and closes every connection. */
    @Override
    public void close() {
        listener.close();
        setup.ledger().closeAll(setup.loops(), Set.of(setup.role()), CloseReason.SHUTDOWN, CLOSE_LIMIT);
    }

    private void serve(LedgerEntry entry) {
        ChannelPipeline pipeline = entry.channel().pipeline();
        entry.channel().config().setAutoRead(false);
        pipeline.addLast(new HttpServerCodec(
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_HEAD_BYTES).setMaxHeaderSize(MAX_HEAD_BYTES)));
        // Hands on one decoded piece per read, so that pipelined requests wait for the answer to the one before.
        pipeline.addLast(new FlowControlHandler());
        pipeline.addLast(new HttpServerExpectContinueHandler());
        pipeline.addLast(new ScrapeConnection(entry, renderer));
    }
}
