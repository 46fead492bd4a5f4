package org.joveproxy.loadtest.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.CharsetUtil;
import java.util.concurrent.atomic.LongAdder;

/**
 * Plays the hub: a keep-alive server that answers everything with 200 and a small page, {@code /hub/error/<code>} too, as
 * JupyterHub does. It can hang, that is take a request and never answer, or break its answers off. Any thread may call any method.
 */
public final class HubStandIn {
    /** Name under which the proxy's sockets to it are counted. */
    public static final String NAME = "hub";

    private static final String ERROR_PATH = "/hub/error/";

    private final Server server;
    private final ByteBuf page;
    private final LongAdder errorPages = new LongAdder();
    private volatile boolean hung;
    private volatile boolean breaksOff;

    /** @param pageBytes size of each page: JupyterHub's have 1,400 to 5,000 bytes */
    public HubStandIn(Stage stage, int pageBytes) {
        page = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
                "<html><body>" + "the hub's page ".repeat(Math.max(0, pageBytes - 26) / 15 + 1) + "</body></html>",
                CharsetUtil.US_ASCII));
        server = stage.listen(NAME, new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Answers());
            }
        });
    }

    public int port() {
        return server.port();
    }

    public String url() {
        return server.url();
    }

    /** From now on takes requests without ever answering, or answers again. What it took meanwhile stays unanswered. */
    public void hangs(boolean newHung) {
        hung = newHung;
    }

    /** From now on closes its connections in the middle of each answer, or does no longer. */
    public void breaksOff(boolean newBreaksOff) {
        breaksOff = newBreaksOff;
    }

    /** Requests for pages of errors so far. */
    public long errorPages() {
        return errorPages.sum();
    }

    @Sharable
    private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (request.uri().startsWith(ERROR_PATH)) {
                errorPages.increment();
            }
            if (hung) {
                return;
            }
            FullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, page.duplicate());
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html");
            boolean breakOff = breaksOff;
            HttpUtil.setContentLength(response, page.readableBytes() * (breakOff ? 2L : 1L));
            ChannelFuture sent = context.writeAndFlush(response);
            if (breakOff) {
                sent.addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
