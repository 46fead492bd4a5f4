package org.joveproxy.core.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Decodes the responses of one upstream connection, on which one request is answered at a time.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
final class ResponseDecoder extends HttpResponseDecoder {
    private boolean answersHead;
    private boolean isInMessage;

    ResponseDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(Integer.MAX_VALUE));
    }

    /** Says whether the next final response answers a HEAD request and so has no body whatever its fields say. */
    void expectAnswerToHead(boolean isHead) {
        answersHead = isHead;
    }

    /** A status has three digits (RFC 9110 15); another number would be passed on as nonsense. */
    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        if (initialLine[1].length() != 3) {
            throw new IllegalArgumentException("status: " + initialLine[1] + " (expected: three digits)");
        }
        return super.createMessage(initialLine);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        if (message instanceof HttpResponse response
                && (answersHead || response.status().codeClass() == HttpStatusClass.INFORMATIONAL)) {
            return true;
        }
        return super.isContentAlwaysEmpty(message);
    }

    /** Whether bytes have come in behind the end of the last message. */
    boolean hasMore() {
        return isInMessage || actualReadableBytes() > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        super.decode(context, bytes, out);
        isInMessage = out.isEmpty() || !(out.get(out.size() - 1) instanceof LastHttpContent);
    }
}
