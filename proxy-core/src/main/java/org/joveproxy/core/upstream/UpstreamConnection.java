package org.joveproxy.core.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureClassifier;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket to an upstream: carries one exchange at a time, and waits in a pool in between.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements LoopBuffers.StallListener {
    private static final Logger logger = LoggerFactory.getLogger(UpstreamConnection.class);

    private final UpstreamPool pool;
    private final LedgerEntry entry;
    private final Channel channel;
    private final ResponseDecoder decoder;
    private final RequestEncoder encoder = new RequestEncoder();
    private @Nullable ResponseListener listener;
    private @Nullable Failure failure;
    private @Nullable Duration answerSilence;
    private FailureKind onSilence = FailureKind.UPSTREAM_SILENT;
    private boolean isRequestSent;
    private boolean isResponseComplete;
    private boolean isInformational;
    private boolean peerKeepsOpen;
    private long idleSince;

    UpstreamConnection(UpstreamPool pool, LedgerEntry entry, int maxHeaderBytes) {
        this.pool = pool;
        this.entry = entry;
        this.channel = entry.channel();
        this.decoder = new ResponseDecoder(maxHeaderBytes);
        entry.onExpiry((expired, phase) -> outstayed(phase));
    }

    /** Puts the HTTP handlers in place, behind TLS if there is any. */
    void install() {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(decoder);
        pipeline.addLast(encoder);
        pipeline.addLast(this);
    }

    /** The ledger's entry of this socket. */
    public LedgerEntry entry() {
        return entry;
    }

    /**
     * Writes a request's head; {@link #sendBody} ends the request. {@code listener} hears the answer.
     *
     * @param silence how long the upstream may be silent before its answer begins, or null for no limit
     * @param answerSilence how long in the middle of its answer
     * @param onSilence what it means when it is
     */
    public void send(
            HttpRequest head,
            ResponseListener listener,
            @Nullable Duration silence,
            @Nullable Duration answerSilence,
            FailureKind onSilence) {
        begin(head, listener, silence, answerSilence, onSilence);
        channel.write(head, channel.voidPromise());
    }

    /** Writes a request that has no body, all of it: in one piece it costs less than as a head and an empty end. */
    public void sendWhole(
            HttpRequest head,
            ResponseListener listener,
            @Nullable Duration silence,
            @Nullable Duration answerSilence,
            FailureKind onSilence) {
        begin(head, listener, silence, answerSilence, onSilence);
        isRequestSent = true;
        encoder.writeWhole(channel.pipeline().context(encoder), head);
    }

    private void begin(
            HttpRequest head,
            ResponseListener listener,
            @Nullable Duration silence,
            @Nullable Duration answerSilence,
            FailureKind onSilence) {
        this.listener = listener;
        this.answerSilence = answerSilence;
        this.onSilence = onSilence;
        isRequestSent = false;
        isResponseComplete = false;
        peerKeepsOpen = false;
        decoder.expectAnswerToHead(HttpMethod.HEAD.equals(head.method()));
        entry.enter(Phase.AWAITING_RESPONSE, silence);
    }

    /** Writes a piece of the request's body and takes it over; the last one ends the request. */
    public void sendBody(HttpContent content) {
        if (content instanceof LastHttpContent) {
            isRequestSent = true;
        }
        entry.renewDeadline();
        channel.write(content, channel.voidPromise());
    }

    public void flush() {
        channel.flush();
    }

    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Reads on, or leaves what comes in the kernel for now. */
    public void setReading(boolean reading) {
        if (reading) {
            entry.renewDeadline();
        }
        channel.config().setAutoRead(reading);
    }

    /** Puts {@code tunnelEnd} in this handler's place, so that bytes can be written as they are. */
    public void enterTunnel(ChannelHandler tunnelEnd) {
        listener = null;
        channel.pipeline().replace(this, null, tunnelEnd);
        channel.pipeline().remove(encoder);
    }

    /** Takes the last of HTTP off this socket; bytes that came behind the 101 reach the tunnel's end at once. */
    public void leaveHttp() {
        channel.pipeline().remove(decoder);
    }

    /** Closes the socket because of {@code why}; a listener hears nothing more. */
    public void close(CloseReason why) {
        listener = null;
        entry.close(why);
    }

    ChannelFuture closeFuture() {
        return channel.closeFuture();
    }

    /**
     * Whether the last exchange left the connection in a state in which the next can follow. Bytes behind the response's
     * end would be taken for the answer to the next request.
     */
    boolean isReusable() {
        return isRequestSent && isResponseComplete && peerKeepsOpen && !decoder.hasMore() && channel.isActive();
    }

    boolean isActive() {
        return channel.isActive();
    }

    void becomeIdle(Duration allowed, long now) {
        listener = null;
        idleSince = now;
        setReading(true);
        entry.enter(Phase.IDLE, allowed);
    }

    long idleSince() {
        return idleSince;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (listener == null) {
            // An upstream that talks unasked cannot be trusted to answer the next request and not the last.
            ReferenceCountUtil.release(message);
            entry.close(CloseReason.PROTOCOL_ERROR);
            return;
        }
        entry.renewDeadline();
        DecoderResult result = ((HttpObject) message).decoderResult();
        if (result.isFailure()) {
            ReferenceCountUtil.release(message);
            fail(FailureClassifier.whileDecodingResponse(result.cause()), CloseReason.PROTOCOL_ERROR);
        } else if (message instanceof FullHttpResponse whole) {
            onHead(whole, listener);
            onBodyOf(whole);
        } else if (message instanceof HttpResponse head) {
            onHead(head, listener);
        } else {
            onBody((HttpContent) message, listener);
        }
    }

    /** Whoever heard the head may want no more. */
    private void onBodyOf(FullHttpResponse whole) {
        if (listener == null) {
            whole.release();
        } else {
            onBody(whole, listener);
        }
    }

    private void onHead(HttpResponse head, ResponseListener hears) {
        isInformational = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && head.status().code() != 101;
        if (isInformational) {
            hears.informational(head);
            return;
        }
        peerKeepsOpen = HttpUtil.isKeepAlive(head);
        if (entry.phase() == Phase.AWAITING_RESPONSE) {
            entry.enter(Phase.RELAYING, answerSilence);
        }
        hears.responseHead(head);
    }

    private void onBody(HttpContent content, ResponseListener hears) {
        if (isInformational) {
            content.release();
            return;
        }
        if (content instanceof LastHttpContent) {
            isResponseComplete = true;
        }
        hears.responseBody(content);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.responsePaused();
        } else if (decoder.hasMore()) {
            entry.close(CloseReason.PROTOCOL_ERROR);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            entry.renewDeadline();
            listener.upstreamWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (failure == null) {
            failure = new Failure(FailureKind.UPSTREAM_CLOSED, "the upstream closed the connection");
        }
        tellFailure();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException && mayHaveAnswered()) {
            // Its answer, to an upload it does not want, may lie in the kernel. The end is there too, or comes soon.
            entry.enter(entry.phase(), pool.timeouts().lingering());
            return;
        }
        if (!FailureClassifier.isPeersDoing(cause)) {
            logger.error("Unexpected error on a connection to {}", pool.origin(), cause);
        }
        fail(FailureClassifier.onUpstream(cause), CloseReason.PEER);
    }

    /** Whether writing has failed while an answer is awaited, which can still be read. */
    private boolean mayHaveAnswered() {
        return listener != null
                && channel instanceof DuplexChannel duplex
                && duplex.isOutputShutdown()
                && !duplex.isInputShutdown();
    }

    private void outstayed(Phase phase) {
        if (phase == Phase.IDLE) {
            entry.close(CloseReason.EVICTED);
        } else if (!channel.config().isAutoRead()) {
            // It is not silent: we do not listen, because the client is slow.
            entry.renewDeadline();
        } else {
            fail(Failure.of(onSilence), CloseReason.DEADLINE);
        }
    }

    /** The upstream takes nothing of the request, not even into its kernel. */
    @Override
    public void stalled() {
        fail(new Failure(FailureKind.UPSTREAM_SILENT, "the upstream does not take the request"), CloseReason.DEADLINE);
    }

    private void fail(Failure why, CloseReason reason) {
        if (failure == null) {
            failure = why;
        }
        entry.close(reason);
        tellFailure();
    }

    private void tellFailure() {
        ResponseListener hears = listener;
        listener = null;
        if (hears != null && failure != null) {
            hears.upstreamFailed(failure);
        }
    }
}
