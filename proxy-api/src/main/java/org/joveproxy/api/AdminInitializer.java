package org.joveproxy.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import org.joveproxy.core.codec.HttpDate;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * The pipeline of a connection to the REST API, handler by handler.
 *
 * <p>Confined to the event loop that serves the REST API.
 */
@EventLoopConfined
final class AdminInitializer {
    // Node's limit, which configurable-http-proxy has.
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    // More than the requests that fit into one read, so that only the bytes bound them.
    private static final int MAX_PIPELINED = 8 * 1024;

    private final AdminRouter router;
    private final AdminLimits limits;
    private final ProxyObserver observer;
    // All connections are served by the one event loop.
    private final HttpDate date = new HttpDate();

    AdminInitializer(AdminRouter router, AdminLimits limits, ProxyObserver observer) {
        this.router = router;
        this.limits = limits;
        this.observer = observer;
    }

    void install(LedgerEntry entry) {
        // A client may close its sending side after the request; it shall still have its answer.
        entry.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ChannelPipeline pipeline = entry.channel().pipeline();
        // Before the codec, which keeps the beginning of a head to itself.
        pipeline.addLast(new FirstBytes(entry, limits));
        pipeline.addLast(new HttpServerCodec(
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_HEAD_BYTES).setMaxHeaderSize(MAX_HEAD_BYTES),
                MAX_PIPELINED));
        // Holds requests back while their predecessors' answers wait for a slow client.
        pipeline.addLast(new FlowControlHandler());
        pipeline.addLast(new AdminConnection(entry, router, limits, observer, date));
    }

    /**
     * Lets the time allowed for a request begin with its first byte.
     *
     * <p>Confined to the connection's event loop.
     */
    @EventLoopConfined
    private static final class FirstBytes extends ChannelInboundHandlerAdapter {
        private final LedgerEntry entry;
        private final AdminLimits limits;

        FirstBytes(LedgerEntry entry, AdminLimits limits) {
            this.entry = entry;
            this.limits = limits;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (entry.phase() == Phase.IDLE || entry.phase() == Phase.TLS_HANDSHAKE) {
                entry.enter(Phase.REQUEST_HEAD, limits.request());
            }
            ctx.fireChannelRead(message);
        }
    }
}
