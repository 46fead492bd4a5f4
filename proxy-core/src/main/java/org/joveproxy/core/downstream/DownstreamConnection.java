package org.joveproxy.core.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.joveproxy.core.errorpage.ErrorFormat;
import org.joveproxy.core.errorpage.ErrorPage;
import org.joveproxy.core.errorpage.ErrorPages;
import org.joveproxy.core.exchange.ClientStream;
import org.joveproxy.core.exchange.Exchange;
import org.joveproxy.core.exchange.ExchangeRecord;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureClassifier;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.relay.ClientFacts;
import org.joveproxy.core.relay.ResponseForwarding;
import org.joveproxy.core.routing.MalformedPathException;
import org.joveproxy.core.routing.RequestTarget;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's HTTP/1 connection: makes decoded requests into one {@link Exchange} after another and frames the answers.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
public final class DownstreamConnection extends ChannelInboundHandlerAdapter
        implements ClientStream, LoopBuffers.StallListener {
    private static final Logger logger = LoggerFactory.getLogger(DownstreamConnection.class);

    // The rest of a request whose answer is early is read and thrown away if it is short, to keep the connection.
    private static final long MAX_DISCARDED_BYTES = 64 * 1024;

    // What is held of a request up to this size is not worth counting: it has come in one read with the rest, or soon
    // will.
    private static final int SMALL_HEAD_BYTES = 2 * 1024;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final ClientLoop loop;
    private final LedgerEntry entry;
    private final Channel channel;
    private final boolean hasTls;
    private final ClientFacts peer;
    private final RequestDecoder decoder;
    private final ResponseEncoder encoder = new ResponseEncoder();

    private @Nullable Exchange exchange;
    // Waits for what else the same read brings: a small response goes out in one piece, which costs less than two.
    private @Nullable HttpResponse unsentHead;
    private ClientFacts facts;
    private boolean wantsReading = true;
    private boolean isAdmitted;
    private boolean isHttp10;
    private boolean answersHead;
    private boolean isRequestComplete = true;
    private boolean restMayBeDiscarded;
    private boolean keepsOpen = true;
    private boolean isCloseDelimited;

    private DownstreamConnection(ClientLoop loop, LedgerEntry entry) {
        this.loop = loop;
        this.entry = entry;
        this.channel = entry.channel();
        this.hasTls = channel.pipeline().get(SslHandler.class) != null;
        this.peer = loop.peer(
                entry.source() instanceof InetSocketAddress address ? address.getAddress() : null,
                hasTls || entry.isEncryptedBefore());
        this.facts = peer;
        this.decoder = new RequestDecoder(loop.maxHeaderBytes(), this::onBytes);
        entry.onExpiry((expired, phase) -> outstayed(phase));
    }

    /** Puts the HTTP handlers into the pipeline of an accepted connection, behind TLS if there is any. */
    public static void install(ClientLoop loop, LedgerEntry entry) {
        DownstreamConnection connection = new DownstreamConnection(loop, entry);
        loop.buffers().install(entry.channel());
        ChannelPipeline pipeline = entry.channel().pipeline();
        pipeline.addLast(connection.decoder);
        pipeline.addLast(connection.encoder);
        pipeline.addLast(connection);
    }

    // ---- what comes from the client ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            onRequest(request);
        } else if (message instanceof HttpContent content) {
            onContent(content);
        }
    }

    private void onRequest(HttpRequest request) {
        facts = loop.client(peer, request.headers());
        isHttp10 = request.protocolVersion().minorVersion() == 0;
        answersHead = HttpMethod.HEAD.equals(request.method());
        isCloseDelimited = false;
        encoder.answersHead(answersHead);
        Failure refusal = RequestGate.check(request);
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        boolean hasBody = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        isRequestComplete = !hasBody;
        // A client that waits to be told to continue may never send the rest.
        restMayBeDiscarded = HttpUtil.getContentLength(request, Long.MAX_VALUE) <= MAX_DISCARDED_BYTES
                && !HttpUtil.is100ContinueExpected(request);
        keepsOpen = HttpUtil.isKeepAlive(request);
        if (HealthCheck.isAskedBy(request)) {
            answerProbe(200, HealthCheck.ANSWER);
        } else if (Readiness.isAskedBy(request.uri())) {
            Readiness.Answer answer = loop.readiness().answer(loop.isDraining());
            answerProbe(answer.status(), answer.page());
        } else {
            admit(request, hasBody);
        }
    }

    /** Whatever there is to do: a probe that went unanswered would have the proxy restarted just then. */
    private void answerProbe(int status, ErrorPage page) {
        isAdmitted = isAdmitted || loop.admission().tryAdmit(channel);
        keepsOpen &= isAdmitted;
        sendPage(status, page);
        responseEnded();
    }

    // ---- whether there is room for it ----

    private void admit(HttpRequest request, boolean hasBody) {
        isAdmitted = isAdmitted || loop.admission().tryAdmit(channel);
        if (!isAdmitted) {
            decoder.hold();
            loop.admission().makeRoom(() -> admitOrTurnAway(request, hasBody));
        } else if (loop.buffers().isSpent()) {
            turnAway(request, "Slow clients hold all the memory for bytes on their way");
        } else {
            begin(request, hasBody);
        }
    }

    private void admitOrTurnAway(HttpRequest request, boolean hasBody) {
        if (!channel.isActive()) {
            return;
        }
        isAdmitted = loop.admission().tryAdmit(channel);
        if (isAdmitted) {
            begin(request, hasBody);
        } else {
            keepsOpen = false;
            turnAway(request, "As many clients are connected as may be");
        }
        if (hasBody && !isRequestComplete) {
            releaseDecoder();
        }
        // No read is going on whose end would push out what was sent.
        Exchange current = exchange;
        if (current != null) {
            current.requestPaused();
        }
    }

    /** Answers from memory and without a look at the routes: it must cost less than what there is no room for. */
    private void turnAway(HttpRequest request, String why) {
        int status = FailureKind.PROXY_FULL.status();
        loop.admission().refused(why);
        boolean isWebsocket = Upgrades.isToWebsocket(request);
        if (isWebsocket) {
            sendPage(status, null, RETRY_AFTER_SECONDS, reason(FailureKind.PROXY_FULL));
            report(request, true, FailureKind.PROXY_FULL, null);
        } else {
            loop.context().observer().responded(status, true);
            findPage(ErrorPages.builtIn(), FailureKind.PROXY_FULL, request, page -> {
                sendPage(status, page, RETRY_AFTER_SECONDS, reason(FailureKind.PROXY_FULL));
                report(request, false, FailureKind.PROXY_FULL, page);
            });
        }
        responseEnded();
    }

    /** Something for programs, if the request is of one; else a page of {@code pages}. */
    private void findPage(ErrorPages pages, FailureKind why, HttpRequest request, Consumer<ErrorPage> found) {
        ErrorFormat format = loop.context().errorFormat();
        // Nobody has looked for a route, so its path is all that is known.
        ErrorPage json = format.json(why, format.accepted(request.headers()), request.uri(), null);
        if (json != null) {
            found.accept(json);
        } else {
            pages.find(why.status(), request.uri(), found);
        }
    }

    private @Nullable String reason(FailureKind why) {
        return loop.context().errorFormat().reason(why);
    }

    /** Tells the observer of a request that is answered here, because of {@code why}. */
    private void report(HttpRequest request, boolean isWebsocket, FailureKind why, @Nullable ErrorPage page) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        ExchangeRecord.refused(
                loop.context().observer(),
                facts,
                isWebsocket,
                request.method().name(),
                query < 0 ? uri : uri.substring(0, query),
                request.protocolVersion().text(),
                why,
                page == null ? 0 : page.body().readableBytes());
    }

    private void begin(HttpRequest request, boolean hasBody) {
        boolean isWebsocket = !isHttp10 && Upgrades.isToWebsocket(request);
        RequestTarget target;
        try {
            target = RequestTarget.parse(request.uri());
        } catch (MalformedPathException e) {
            refuseUndecodable(request, isWebsocket);
            return;
        }
        Exchange begun = new Exchange(loop.context(), this, facts, request, target, hasBody, isWebsocket);
        exchange = begun;
        begun.start();
    }

    private void onContent(HttpContent content) {
        boolean isBroken = content.decoderResult().isFailure();
        isRequestComplete |= content instanceof LastHttpContent && !isBroken;
        Exchange current = exchange;
        if (isBroken) {
            content.release();
            bodyIsBroken(content);
        } else if (current != null) {
            current.requestBody(content);
        } else {
            content.release();
            if (isRequestComplete && entry.phase() == Phase.LINGERING) {
                restIsDiscarded();
            }
        }
    }

    private void restIsDiscarded() {
        if (keepsOpen) {
            awaitNext();
        } else {
            entry.close(CloseReason.COMPLETE);
        }
    }

    private void bodyIsBroken(HttpContent content) {
        Exchange current = exchange;
        if (current == null) {
            entry.close(CloseReason.PROTOCOL_ERROR);
            return;
        }
        exchange = null;
        if (entry.phase() == Phase.RELAYING) {
            current.bodyIsBroken(null);
            abort(CloseReason.PROTOCOL_ERROR);
        } else {
            Failure why = FailureClassifier.whileDecodingRequest(
                    content.decoderResult().cause());
            current.bodyIsBroken(why);
            sendRefusal(why);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null) {
            current.requestPaused();
        }
        if (decoder.isFull()) {
            applyReading();
        }
        if (decoder.heldBytes() > SMALL_HEAD_BYTES) {
            loop.buffers().holds(entry, this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        entry.renewDeadline();
        Exchange current = exchange;
        if (current != null) {
            current.clientWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (FailureClassifier.isPeersDoing(cause)) {
            entry.close(CloseReason.PEER);
        } else {
            logger.error("Unexpected error on a client's connection", cause);
            entry.close(CloseReason.OUR_BUG);
        }
    }

    private void onBytes() {
        if (entry.phase() == Phase.IDLE) {
            entry.enter(Phase.REQUEST_HEAD, loop.context().timeouts().requestHead());
        } else if (exchange != null) {
            entry.renewDeadline();
        }
    }

    private void outstayed(Phase phase) {
        Exchange current = exchange;
        if (phase == Phase.ROUTING && current != null) {
            current.routingTookTooLong();
        } else if (phase == Phase.ACQUIRING && current != null) {
            current.acquiringTookTooLong();
        } else if (phase == Phase.HELD && current != null) {
            current.holdingTookTooLong();
        } else if (phase == Phase.REQUEST_HEAD && decoder.hasPartOfHead()) {
            decoder.stop();
            refuse(Failure.of(FailureKind.REQUEST_TIMEOUT));
        } else {
            entry.close(CloseReason.DEADLINE);
        }
    }

    // ---- answers of our own ----

    /** Answers without a page: what cannot be understood is no request for one. */
    private void refuse(Failure why) {
        ExchangeRecord.refused(loop.context().observer(), facts, false, "", "", "", why.kind(), 0);
        sendRefusal(why);
    }

    private void sendRefusal(Failure why) {
        logger.debug("Refused a request: {}", why.detail());
        entry.closingBecause(CloseReason.PROTOCOL_ERROR);
        isRequestComplete = false;
        sendPage(why.kind().status(), null, 0, reason(why.kind()));
        responseEnded();
    }

    /** The request is whole; only its path is none. It gets a page like one whose path leads nowhere. */
    private void refuseUndecodable(HttpRequest request, boolean isWebsocket) {
        int status = FailureKind.MALFORMED_REQUEST.status();
        loop.context().observer().responded(status, true);
        if (isWebsocket) {
            sendPage(status, null, 0, reason(FailureKind.MALFORMED_REQUEST));
            report(request, true, FailureKind.MALFORMED_REQUEST, null);
            responseEnded();
            return;
        }
        entry.enter(Phase.AWAITING_RESPONSE, null);
        findPage(loop.context().errorPages(), FailureKind.MALFORMED_REQUEST, request, page -> {
            if (channel.isActive()) {
                sendPage(status, page, 0, reason(FailureKind.MALFORMED_REQUEST));
                report(request, false, FailureKind.MALFORMED_REQUEST, page);
                responseEnded();
            }
        });
    }

    private void sendPage(int status, @Nullable ErrorPage page) {
        sendPage(status, page, 0, null);
    }

    @Override
    public void sendPage(int status, @Nullable ErrorPage page, int retryAfter, @Nullable String reason) {
        keepsOpen &= page != null;
        ByteBuf body = page == null || answersHead ? Unpooled.EMPTY_BUFFER : page.content();
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
        HttpHeaders headers = response.headers();
        if (page != null && page.contentType() != null) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, page.contentType());
        }
        if (page != null && page.contentEncoding() != null) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, page.contentEncoding());
        }
        if (retryAfter > 0) {
            headers.set(HttpHeaderNames.RETRY_AFTER, retryAfter);
        }
        if (reason != null) {
            headers.set("X-Jove-Reason", reason);
            headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT);
        }
        headers.set(
                HttpHeaderNames.CONTENT_LENGTH, page == null ? 0 : page.body().readableBytes());
        persist(headers);
        if (keepsOpen) {
            // So that the next request does not meet the end of the wait.
            headers.set(
                    "Keep-Alive",
                    "timeout=" + loop.context().timeouts().keepAlive().toSeconds());
        }
        channel.write(response, channel.voidPromise());
    }

    // ---- what goes to the client ----

    @Override
    public void sendContinue() {
        if (!isHttp10) {
            channel.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
                    channel.voidPromise());
        }
    }

    @Override
    public void sendInformational(HttpResponse head) {
        if (!isHttp10) {
            HttpResponse news = new DefaultHttpResponse(HttpVersion.HTTP_1_1, head.status(), head.headers());
            channel.write(news, channel.voidPromise());
            channel.write(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
        }
    }

    @Override
    public void sendHead(HttpResponse head) {
        loop.buffers().fit(channel);
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (head.status().reasonPhrase().isEmpty()) {
            head.setStatus(HttpResponseStatus.valueOf(head.status().code()));
        }
        frame(head);
        persist(head.headers());
        unsentHead = head;
    }

    /** Decides how the client sees where the body ends (RFC 9112 6.3). */
    private void frame(HttpResponse head) {
        HttpHeaders headers = head.headers();
        int status = head.status().code();
        boolean isBodiless = answersHead || status == 204 || status == 304;
        if (isBodiless || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return;
        }
        if (isHttp10) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            isCloseDelimited = true;
            keepsOpen = false;
        } else {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    /** Says whether the connection stays open: explicitly, as clients of HTTP/1.0 need it and CHP does it. */
    private void persist(HttpHeaders headers) {
        keepsOpen &= (isRequestComplete || restMayBeDiscarded) && loop.wantsClients();
        headers.set(HttpHeaderNames.CONNECTION, keepsOpen ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        if (!headers.contains(HttpHeaderNames.DATE)) {
            headers.set(HttpHeaderNames.DATE, loop.date());
        }
    }

    @Override
    public void sendBody(HttpContent content) {
        entry.renewDeadline();
        HttpResponse head = unsentHead;
        if (head != null && content instanceof LastHttpContent whole) {
            unsentHead = null;
            encoder.writeWhole(channel.pipeline().context(encoder), head, whole);
        } else {
            writeHead();
            channel.write(content, channel.voidPromise());
        }
    }

    @Override
    public void flush() {
        writeHead();
        loop.buffers().flush(entry, this);
    }

    private void writeHead() {
        HttpResponse head = unsentHead;
        if (head != null) {
            unsentHead = null;
            channel.write(head, channel.voidPromise());
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean takesMore() {
        return loop.buffers().takesMore(entry, this);
    }

    @Override
    public long heldBytes() {
        return decoder.heldBytes();
    }

    @Override
    public void relieve() {
        if (entry.phase() == Phase.REQUEST_HEAD && decoder.hasPartOfHead()) {
            decoder.stop();
            refuse(new Failure(FailureKind.PROXY_FULL, "no memory for the rest of a head"));
        }
    }

    /** The client takes nothing of what waits for it, not even into its kernel. */
    @Override
    public void stalled() {
        entry.close(CloseReason.DEADLINE);
    }

    @Override
    public void setReading(boolean reading) {
        wantsReading = reading;
        applyReading();
    }

    private void applyReading() {
        channel.config().setAutoRead(wantsReading && !decoder.isFull());
    }

    @Override
    public void enter(Phase phase, @Nullable Duration silence) {
        entry.enter(phase, silence);
    }

    @Override
    public LedgerEntry entry() {
        return entry;
    }

    @Override
    public void responseEnded() {
        exchange = null;
        setReading(true);
        flush();
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        if (unsent == null || unsent.isEmpty()) {
            responseSent();
        } else {
            // A client that reads slowly is neither idle nor late: what follows begins when it has it all.
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (written.isSuccess()) {
                    responseSent();
                }
            });
        }
    }

    private void responseSent() {
        if (keepsOpen && isRequestComplete) {
            awaitNext();
        } else if (keepsOpen) {
            // The answer came before the request's end, of which little is left.
            entry.enter(Phase.LINGERING, loop.context().timeouts().lingering());
        } else if (isRequestComplete) {
            entry.close(CloseReason.COMPLETE);
        } else {
            linger();
        }
    }

    private void awaitNext() {
        facts = peer;
        entry.enter(Phase.IDLE, loop.context().timeouts().keepAlive());
        releaseDecoder();
        applyReading();
    }

    private void releaseDecoder() {
        ChannelHandlerContext context = channel.pipeline().context(decoder);
        if (context == null) {
            return;
        }
        try {
            decoder.release(context);
        } catch (Exception e) {
            exceptionCaught(context, e);
        }
    }

    /**
     * Reads the rest of the request and throws it away for a while. Closing at once would make the kernel answer it with a
     * reset, which can destroy the response on its way (RFC 9112 9.6).
     */
    private void linger() {
        entry.closingBecause(CloseReason.COMPLETE);
        entry.enter(Phase.LINGERING, loop.context().timeouts().lingering());
        if (channel instanceof DuplexChannel duplex && duplex.isActive() && !hasTls) {
            duplex.shutdownOutput();
        }
    }

    @Override
    public void abort(CloseReason why) {
        exchange = null;
        entry.closingBecause(why);
        if (isCloseDelimited) {
            // Only a reset tells this client that the body is not whole.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        entry.enter(Phase.LINGERING, loop.context().timeouts().lingering());
        writeHead();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    // ---- upgrade ----

    @Override
    public void enterTunnel(HttpResponse head, ChannelHandler tunnelEnd) {
        exchange = null;
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        ResponseForwarding.applyToUpgrade(head);
        channel.writeAndFlush(head, channel.voidPromise());
        channel.pipeline().replace(this, null, tunnelEnd);
        channel.pipeline().remove(encoder);
    }

    @Override
    public void leaveHttp() {
        channel.pipeline().remove(decoder);
    }
}
