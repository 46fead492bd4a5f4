package org.joveproxy.loadtest.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
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
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Plays the hub: a keep-alive server that answers everything with 200 and a small page, {@code /hub/error/<code>} too, as
 * JupyterHub does. It can be slow, or hang: take a request and never answer. Any thread may call any method.
 */
public final class HubStandIn {
    /** Name under which the proxy's sockets to it are counted. */
    public static final String NAME = "hub";

    private static final String ERROR_PATH = "/hub/error/";

    private final Server server;
    private final ByteBuf page;
    private final LongAdder requests = new LongAdder();
    private final LongAdder errorPages = new LongAdder();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean hung;

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

    public Server server() {
        return server;
    }

    /** How long each answer takes from now on. */
    public void answersAfter(Duration newDelay) {
        delay = newDelay;
    }

    /** From now on takes requests without ever answering, or answers again. What it took meanwhile stays unanswered. */
    public void hangs(boolean newHung) {
        hung = newHung;
    }

    /** Requests so far, of any kind. */
    public long requests() {
        return requests.sum();
    }

    /** Requests for pages of errors so far. */
    public long errorPages() {
        return errorPages.sum();
    }

    @Sharable
    private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            requests.increment();
            if (request.uri().startsWith(ERROR_PATH)) {
                errorPages.increment();
            }
            if (hung) {
                return;
            }
            FullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, page.duplicate());
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html");
            HttpUtil.setContentLength(response, page.readableBytes());
            Duration wait = delay;
            if (wait.isZero()) {
                context.writeAndFlush(response);
            } else {
                context.executor()
                        .schedule(() -> context.writeAndFlush(response), wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof io.netty.channel.socket.ChannelInputShutdownEvent) {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
