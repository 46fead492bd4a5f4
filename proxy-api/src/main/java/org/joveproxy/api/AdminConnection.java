package org.joveproxy.api;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.joveproxy.core.codec.HttpDate;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the REST API: reads one request after the other, has the router decide and sends the answers in order.
 *
 * <p>Confined to the connection's event loop. A request is refused by its head where that is possible; what is left of its
 * body is then thrown away.
 */
@EventLoopConfined
final class AdminConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger logger = LoggerFactory.getLogger(AdminConnection.class);
    // Told to clients a little shorter than it is, so that they give up an idle connection before we do.
    private static final long KEEP_ALIVE_MARGIN_SECONDS = 15;

    private enum State {
        /** Before a request. */
        AWAITING_HEAD,
        /** Between a request's head and the end of its body, which the answer depends on. */
        COLLECTING,
        /** The request is answered; its body is still arriving. */
        DISCARDING,
        /** The last answer is under way; whatever still arrives is thrown away. */
        ENDING
    }

    private final LedgerEntry entry;
    private final AdminRouter router;
    private final AdminLimits limits;
    private final ProxyObserver observer;
    private final HttpDate date;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private State state = State.AWAITING_HEAD;
    private @Nullable HttpRequest request;
    private AdminAction action = AdminAction.answering(AdminAnswer.failure(500));
    private long bodyBytes;
    private long beganAt;
    private int unwritten;
    private boolean isInputClosed;
    private boolean isAnswerComing;
    private boolean isBroken;

    AdminConnection(LedgerEntry entry, AdminRouter router, AdminLimits limits, ProxyObserver observer, HttpDate date) {
        this.entry = entry;
        this.router = router;
        this.limits = limits;
        this.observer = observer;
        this.date = date;
        entry.onExpiry((expired, phase) -> onExpiry(phase));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (state == State.ENDING) {
            return;
        }
        if (message.decoderResult().isFailure()) {
            onMalformed(message.decoderResult().cause());
            return;
        }
        if (message instanceof HttpRequest head) {
            onHead(ctx, head);
        }
        if (message instanceof HttpContent content) {
            onContent(content);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest head) {
        entry.enter(Phase.REQUEST_HEAD, limits.request());
        request = head;
        beganAt = System.nanoTime();
        bodyBytes = 0;
        body.reset();
        action = wantsWhatWeCannot(head) ? AdminAction.answering(AdminAnswer.empty(417)) : router.route(head);
        long announced = HttpUtil.getContentLength(head, 0L);
        boolean expectsContinue = HttpUtil.is100ContinueExpected(head);
        if (action.wantsBody() && announced > limits.bodyBytes()) {
            endWith(AdminAnswer.failure(413));
        } else if (action.wantsBody()) {
            state = State.COLLECTING;
            if (expectsContinue) {
                send(ctx, new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        } else if (announced == 0 && !HttpUtil.isTransferEncodingChunked(head)) {
            state = State.COLLECTING;
        } else if (expectsContinue || announced > limits.bodyBytes()) {
            // After such an answer some clients send the body and others do not: what follows cannot be told apart.
            endWith(answerAtOnce());
        } else {
            state = State.DISCARDING;
            answer(answerAtOnce(), !HttpUtil.isKeepAlive(head));
        }
    }

    private static boolean wantsWhatWeCannot(HttpRequest head) {
        String expectation = head.headers().get(HttpHeaderNames.EXPECT);
        return expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation.trim());
    }

    private void onContent(HttpContent content) {
        if (state != State.COLLECTING && state != State.DISCARDING) {
            return;
        }
        bodyBytes += content.content().readableBytes();
        if (bodyBytes > limits.bodyBytes()) {
            onTooLong();
            return;
        }
        if (state == State.COLLECTING && action.wantsBody()) {
            body.writeBytes(ByteBufUtil.getBytes(content.content()));
        }
        if (content instanceof LastHttpContent) {
            onRequestEnd();
        }
    }

    private void onTooLong() {
        if (state == State.COLLECTING) {
            endWith(AdminAnswer.failure(413));
        } else {
            state = State.ENDING;
            entry.closingBecause(CloseReason.PROTOCOL_ERROR);
            if (unwritten == 0) {
                linger();
            }
        }
    }

    private void onRequestEnd() {
        boolean isAnswered = state == State.DISCARDING;
        state = State.AWAITING_HEAD;
        if (!isAnswered) {
            CompletableFuture<AdminAnswer> coming = answerTo(body.toString(StandardCharsets.UTF_8));
            body.reset();
            if (coming.isDone()) {
                answerComes(result(coming));
            } else {
                await(coming);
            }
            return;
        }
        if (unwritten == 0) {
            entry.enter(Phase.IDLE, limits.idle());
        }
        request = null;
    }

    /** Reads nothing until {@code coming} is there: answers go out in the order of their requests. */
    private void await(CompletableFuture<AdminAnswer> coming) {
        isAnswerComing = true;
        entry.enter(Phase.RELAYING, limits.answer());
        entry.channel().config().setAutoRead(false);
        // A task of its own even when it is there by now: we are in the middle of a read, which must end first.
        coming.whenCompleteAsync(
                (answer, failure) -> {
                    isAnswerComing = false;
                    if (entry.channel().isActive()) {
                        answerComes(result(coming));
                        applyReading();
                    }
                },
                entry.channel().eventLoop());
    }

    private void answerComes(AdminAnswer answer) {
        HttpRequest answered = request;
        boolean isLast = answered == null || !HttpUtil.isKeepAlive(answered);
        answer(answer, isLast);
        // A client that takes answers at once may have had its next request read while this one was written.
        if (request == answered) {
            request = null;
        }
    }

    private CompletableFuture<AdminAnswer> answerTo(String text) {
        try {
            return action.begin(text);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The answer to a request whose body is not read, which is never one that takes time. */
    private AdminAnswer answerAtOnce() {
        return result(answerTo(""));
    }

    /** The answer that is there, or another when making it has failed. */
    private AdminAnswer result(CompletableFuture<AdminAnswer> done) {
        try {
            return done.getNow(AdminAnswer.failure(500));
        } catch (CompletionException e) {
            logger.error("Cannot answer {}", requestLine(), e.getCause());
            return AdminAnswer.failure(500);
        }
    }

    private void onMalformed(Throwable cause) {
        isBroken = true;
        logger.debug("A request of the API cannot be read: {}", cause.toString());
        if (state == State.DISCARDING) {
            state = State.ENDING;
            entry.close(CloseReason.PROTOCOL_ERROR);
        } else {
            entry.closingBecause(CloseReason.PROTOCOL_ERROR);
            endWith(AdminAnswer.empty(cause instanceof TooLongFrameException ? 431 : 400));
        }
    }

    private void onExpiry(Phase phase) {
        entry.closingBecause(CloseReason.DEADLINE);
        if (phase == Phase.REQUEST_HEAD && state != State.DISCARDING && state != State.ENDING) {
            isBroken = true;
            endWith(AdminAnswer.empty(408));
        } else {
            entry.close(CloseReason.DEADLINE);
        }
    }

    /** Answers a request that is not read to its end, and closes. */
    private void endWith(AdminAnswer answer) {
        state = State.ENDING;
        answer(answer, true);
    }

    private void answer(AdminAnswer answer, boolean isLast) {
        boolean isRead = state == State.AWAITING_HEAD;
        if (isLast) {
            state = State.ENDING;
        }
        tell(answer);
        log(answer);
        unwritten++;
        entry.enter(Phase.RELAYING, limits.answer());
        ChannelFuture written = entry.channel().writeAndFlush(response(answer, isLast));
        written.addListener(done -> onWritten(isLast, isRead));
        if (!entry.channel().isWritable() && state != State.ENDING) {
            entry.channel().config().setAutoRead(false);
        }
    }

    private void tell(AdminAnswer answer) {
        if (request == null) {
            observer.apiResponded("", answer.status(), 0);
        } else {
            observer.apiResponded(request.method().name(), answer.status(), System.nanoTime() - beganAt);
        }
    }

    private void applyReading() {
        boolean mayRead =
                state == State.ENDING || (!isAnswerComing && entry.channel().isWritable());
        entry.channel().config().setAutoRead(mayRead);
    }

    private void log(AdminAnswer answer) {
        String format = "{} {} {}";
        // What cannot even be read says nothing about the hub, whose mistakes are worth a warning.
        if (answer.status() < 400 && request != null && AdminRouter.isRepeated(request)) {
            logger.debug(format, answer.status(), requestLine(), answer.explanation());
        } else if (answer.status() < 400 || isBroken) {
            logger.info(format, answer.status(), requestLine(), answer.explanation());
        } else if (answer.status() < 500 || answer.status() == 503) {
            // The store tells of its own trouble, once; a hub that tries again must not tell of it a hundred times.
            logger.warn(format, answer.status(), requestLine(), answer.explanation());
        } else {
            logger.error(format, answer.status(), requestLine(), answer.explanation());
        }
    }

    private String requestLine() {
        if (request == null) {
            return "- -";
        }
        String uri = request.uri();
        int mark = uri.indexOf('?');
        return request.method().name() + " " + LogText.oneLine(mark < 0 ? uri : uri.substring(0, mark));
    }

    private FullHttpResponse response(AdminAnswer answer, boolean isLast) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(answer.status());
        boolean isHead = request != null && request.method().equals(HttpMethod.HEAD);
        ByteBuf content = answer.body().isEmpty() || isHead
                ? Unpooled.EMPTY_BUFFER
                : ByteBufUtil.writeUtf8(entry.channel().alloc(), answer.body());
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        HttpHeaders headers = response.headers();
        answer.headers().forEach(headers::set);
        headers.set(HttpHeaderNames.DATE, date.at(router.epochMillis()));
        if (!status.equals(HttpResponseStatus.NO_CONTENT)) {
            headers.setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        }
        if (isLast) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
            headers.set("Keep-Alive", "timeout=" + Math.max(1, limits.idle().toSeconds() - KEEP_ALIVE_MARGIN_SECONDS));
        }
        return response;
    }

    private void onWritten(boolean isLast, boolean isRead) {
        unwritten--;
        if (unwritten > 0 || isAnswerComing) {
            return;
        }
        if (isInputClosed || (isLast && isRead)) {
            entry.close(CloseReason.COMPLETE);
        } else if (state == State.ENDING) {
            linger();
        } else if (state == State.AWAITING_HEAD) {
            entry.enter(Phase.IDLE, limits.idle());
        } else {
            entry.enter(Phase.REQUEST_HEAD, limits.request());
        }
    }

    /**
     * Closes the sending side only and goes on reading for a moment. To close both at once would answer what is still
     * arriving with a reset, which makes the client's kernel throw our answer away.
     */
    private void linger() {
        entry.closingBecause(CloseReason.PROTOCOL_ERROR);
        entry.enter(Phase.LINGERING, limits.linger());
        entry.channel().config().setAutoRead(true);
        SslHandler tls = entry.channel().pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (entry.channel() instanceof DuplexChannel duplex) {
            var unused = duplex.shutdownOutput();
        }
    }

    private static void send(ChannelHandlerContext ctx, FullHttpResponse interim) {
        var unused = ctx.writeAndFlush(interim);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            applyReading();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            isInputClosed = true;
            if (unwritten == 0 && !isAnswerComing) {
                entry.close(CloseReason.PEER);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            entry.close(CloseReason.PEER);
        } else if (cause instanceof DecoderException) {
            logger.debug("A connection to the API cannot be read: {}", cause.toString());
            entry.close(CloseReason.PROTOCOL_ERROR);
        } else {
            logger.error("A connection to the API failed", cause);
            entry.close(CloseReason.OUR_BUG);
        }
    }
}
