package org.joveproxy.metrics;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;

/**
 * The listener that serves {@code GET /metrics} over plain HTTP and answers 404 to all else.
 *
 * <p>Pages are rendered one after another on a thread of their own, which ends when nobody asks: rendering reads files,
 * and event loops must not. Any thread may call any method except an event loop's.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final int MAX_WAITING_PAGES = 64;
    private static final long IDLE_RENDERER_SECONDS = 60;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Supplier<String> source;
    private final ThreadPoolExecutor renderer;
    private final Listener.Setup setup;
    private final Listener listener;

    private MetricsServer(ListenAddress address, Listener.Setup setup, Supplier<String> source) throws IOException {
        this.setup = setup;
        this.source = source;
        renderer = new ThreadPoolExecutor(
                1,
                1,
                IDLE_RENDERER_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING_PAGES),
                MetricsServer::rendererThread);
        renderer.allowCoreThreadTimeOut(true);
        listener = Listener.bind(address, setup, this::serve);
    }

    /**
     * Binds {@code address}; {@code source} renders the page. Nobody is served before {@link #startAccepting}.
     *
     * @throws IOException when the address cannot be bound; the message names the address and the cause
     */
    public static MetricsServer bind(ListenAddress address, Listener.Setup setup, Supplier<String> source)
            throws IOException {
        return new MetricsServer(address, setup, source);
    }

    /** Accepts connections from now on. Also renders a page unasked, so that the first scrape finds all loaded. */
    public void startAccepting() {
        listener.startAccepting();
        renderer.execute(() -> {
            String unused = source.get();
        });
    }

    /** The bound TCP port, or 0 for a unix socket. */
    public int port() {
        return listener.port();
    }

    /** Stops accepting and closes every connection. */
    @Override
    public void close() {
        listener.close();
        renderer.shutdown();
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
        pipeline.addLast(new ScrapeConnection(entry, source, renderer));
    }

    private static Thread rendererThread(Runnable work) {
        Thread thread = new Thread(work, "jove-metrics-renderer");
        thread.setDaemon(true);
        return thread;
    }
}
