package org.joveproxy.core.accept;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.joveproxy.core.failure.FailureClassifier;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends whoever speaks plain HTTP to the same address over HTTPS.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
public final class HttpsRedirect extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger logger = LoggerFactory.getLogger(HttpsRedirect.class);

    private final LedgerEntry entry;
    private final int httpsPort;
    private final Duration keepAlive;
    private boolean keepsOpen = true;

    private HttpsRedirect(LedgerEntry entry, int httpsPort, Duration keepAlive) {
        this.entry = entry;
        this.httpsPort = httpsPort;
        this.keepAlive = keepAlive;
    }

    /**
     * Puts the handlers into the pipeline of an accepted connection; clients are sent to {@code httpsPort}, and a
     * connection may be idle for {@code keepAlive}.
     */
    public static void install(LedgerEntry entry, int httpsPort, Duration keepAlive) {
        ChannelPipeline pipeline = entry.channel().pipeline();
        pipeline.addLast(new HttpServerCodec(16 * 1024, 16 * 1024, 8 * 1024));
        pipeline.addLast(new HttpsRedirect(entry, httpsPort, keepAlive));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (!keepsOpen) {
            return; // the last answer of this connection is on its way
        }
        if (message instanceof HttpRequest request) {
            keepsOpen = request.decoderResult().isSuccess() && HttpUtil.isKeepAlive(request);
            ctx.write(answer(request), ctx.voidPromise());
        }
        if (!keepsOpen) {
            entry.closingBecause(CloseReason.COMPLETE);
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else if (message instanceof LastHttpContent) {
            entry.enter(Phase.IDLE, keepAlive);
            ctx.flush();
        }
    }

    private FullHttpResponse answer(HttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (request.decoderResult().isFailure() || host == null || host.isEmpty()) {
            return response(
                    HttpResponseStatus.BAD_REQUEST,
                    "This address speaks only HTTPS, on port " + httpsPort
                            + ", and the request does not say which host it is meant for.",
                    null);
        }
        String port = httpsPort == 443 ? "" : ":" + httpsPort;
        return response(
                HttpResponseStatus.MOVED_PERMANENTLY,
                "",
                "https://" + withoutPort(host) + port + withoutOrigin(request.uri()));
    }

    /** The path and query of a request's target, which may be a whole URL. */
    private static String withoutOrigin(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf("://");
        int end = scheme < 0 ? target.length() : scheme + 3;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private FullHttpResponse response(HttpResponseStatus status, String text, @Nullable String location) {
        ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        response.headers()
                .set(HttpHeaderNames.CONNECTION, keepsOpen ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        if (location != null) {
            response.headers().set(HttpHeaderNames.LOCATION, location);
        }
        return response;
    }

    /** An IPv6 address keeps its brackets. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** Who sends requests and takes no answers is not read any more, and then ends by the deadline of its phase. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!FailureClassifier.isPeersDoing(cause)) {
            logger.error("Unexpected error on a connection to be redirected", cause);
        }
        entry.close(CloseReason.PEER);
    }
}
