package org.joveproxy.metrics;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.RejectedExecutionException;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the metrics listener: one request after another.
 *
 * <p>Confined to the event loop of its connection. Reads only while it waits for a request, so at most one is in hand.
 */
@EventLoopConfined
final class ScrapeConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger logger = LoggerFactory.getLogger(ScrapeConnection.class);

    private static final String PATH = "/metrics";

    /** Longer than the usual minute between two scrapes, so that one connection can serve them all. */
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(75);

    /** For the rest of a request, for rendering, and for the client to take the answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private static final long MAX_IGNORED_BODY_BYTES = 1 << 20;

    private final LedgerEntry entry;
    private final MetricsRenderer renderer;
    private @Nullable HttpRequest request;
    private long ignoredBodyBytes;
    private boolean isWaiting;

    ScrapeConnection(LedgerEntry entry, MetricsRenderer renderer) {
        this.entry = entry;
        this.renderer = renderer;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        await(ctx);
    }

    private void await(ChannelHandlerContext ctx) {
        isWaiting = true;
        ctx.read();
    }

    /** The end of what came in one go takes back what was asked for while it was handed on: so it is asked for again. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (isWaiting) {
            ctx.read();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject piece) {
        isWaiting = false;
        if (piece.decoderResult().isFailure()) {
            refuse(ctx);
            return;
        }
        if (piece instanceof HttpRequest head) {
            if (lacksHost(head)) {
                refuse(ctx);
                return;
            }
            request = head;
            ignoredBodyBytes = 0;
            entry.enter(Phase.AWAITING_RESPONSE, ANSWER_LIMIT);
        }
        HttpRequest inHand = request;
        if (inHand == null) {
            // What follows a refused request on a connection that is closing.
            return;
        }
        if (piece instanceof HttpContent content) {
            ignoredBodyBytes += content.content().readableBytes();
        }
        if (ignoredBodyBytes > MAX_IGNORED_BODY_BYTES) {
            request = null;
            entry.close(CloseReason.PROTOCOL_ERROR);
        } else if (piece instanceof LastHttpContent) {
            request = null;
            respond(ctx, inHand);
        } else {
            await(ctx);
        }
    }

    /** HTTP/1.1 demands the field (RFC 9112 3.2). */
    private static boolean lacksHost(HttpRequest head) {
        return head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !head.headers().contains(HttpHeaderNames.HOST);
    }

    private void refuse(ChannelHandlerContext ctx) {
        request = null;
        entry.closingBecause(CloseReason.PROTOCOL_ERROR);
        send(ctx, text(HttpResponseStatus.BAD_REQUEST, "Bad Request"), false, true);
    }

    private void respond(ChannelHandlerContext ctx, HttpRequest asked) {
        boolean stays = HttpUtil.isKeepAlive(asked);
        boolean withBody = !asked.method().equals(HttpMethod.HEAD);
        if (!asked.uri().equals(PATH)) {
            send(ctx, text(HttpResponseStatus.NOT_FOUND, "Not Found"), stays, withBody);
            return;
        }
        try {
            PageFormat format = PageFormat.accepted(asked.headers().get(HttpHeaderNames.ACCEPT));
            renderer.render(format)
                    .handle((page, failure) -> answer(format, page, failure))
                    .thenAcceptAsync(answer -> send(ctx, answer, stays, withBody), ctx.executor());
        } catch (RejectedExecutionException tooManyScrapes) {
            send(ctx, text(HttpResponseStatus.SERVICE_UNAVAILABLE, "Service Unavailable"), false, withBody);
        }
    }

    private static FullHttpResponse answer(PageFormat format, @Nullable String page, @Nullable Throwable failure) {
        if (page == null) {
            logger.error("The metrics could not be rendered", failure);
            return text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
        FullHttpResponse response = text(HttpResponseStatus.OK, page);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, format.contentType());
        return response;
    }

    private void send(ChannelHandlerContext ctx, FullHttpResponse response, boolean stays, boolean withBody) {
        entry.enter(Phase.RELAYING, ANSWER_LIMIT);
        response.headers()
                .set(
                        HttpHeaderNames.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .set(HttpHeaderNames.CONNECTION, stays ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        FullHttpResponse sent = response;
        if (!withBody) {
            sent = response.replace(Unpooled.EMPTY_BUFFER);
            response.release();
        }
        ctx.writeAndFlush(sent).addListener(written -> {
            if (written.isSuccess() && stays) {
                entry.enter(Phase.IDLE, IDLE_LIMIT);
                await(ctx);
            } else {
                entry.close(CloseReason.COMPLETE);
            }
        });
    }

    /** A few words without a type, as the original sends them. */
    private static FullHttpResponse text(HttpResponseStatus status, String body) {
        ByteBuf bytes = Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8));
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, bytes);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        logger.debug("A scrape broke off: {}", cause.toString());
        entry.close(CloseReason.PEER);
    }
}
