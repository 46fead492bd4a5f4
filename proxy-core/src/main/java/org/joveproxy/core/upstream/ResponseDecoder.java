package org.joveproxy.core.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import java.util.List;
import org.joveproxy.core.codec.PlainHead;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Decodes the responses of one upstream connection, on which one request is answered at a time.
 *
 * <p>Stricter than its parent in one point: a field whose name holds a blank or ends with one (RFC 9112 5.1) makes the
 * response invalid; the parent would pass on a field of another name. Confined to the connection's event loop.
 */
@EventLoopConfined
final class ResponseDecoder extends HttpResponseDecoder {
    private static final ByteProcessor NAME =
            b -> b != HttpConstants.COLON && b != HttpConstants.SP && b != HttpConstants.HT;

    private boolean answersHead;
    private boolean isInMessage;
    private boolean isInHead = true;
    private boolean hasStatusLine;
    private boolean isStopped;
    private boolean isLeftToParent;
    private final int maxHeaderBytes;
    private long plainBodyLeft;

    ResponseDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(Integer.MAX_VALUE));
        this.maxHeaderBytes = maxHeaderBytes;
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
        if (plainBodyLeft > 0) {
            out.add(plainBody(bytes));
            return;
        }
        if (isInHead && !isStopped && !isLeftToParent) {
            HttpResponse plain = answersHead ? null : PlainHead.readResponse(bytes, maxHeaderBytes);
            if (plain != null) {
                begin(plain, bytes, out);
                return;
            }
            isLeftToParent = true;
        }
        if (isInHead && !isStopped && hasBlankInName(bytes)) {
            HttpMessage broken = createInvalidMessage();
            broken.setDecoderResult(
                    DecoderResult.failure(new IllegalArgumentException("a field's name holds a blank")));
            out.add(broken);
            isStopped = true;
        }
        if (isStopped) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        super.decode(context, bytes, out);
        isInMessage = out.isEmpty() || !(out.get(out.size() - 1) instanceof LastHttpContent);
        if (!out.isEmpty()) {
            isInHead = !isInMessage;
            isLeftToParent = isInMessage;
            hasStatusLine = false;
        }
    }

    /** Hands on a response in one piece when all of it has come, as it is with nearly all small ones. */
    private void begin(HttpResponse head, ByteBuf bytes, List<Object> out) {
        plainBodyLeft = HttpUtil.getContentLength(head);
        isInMessage = plainBodyLeft > bytes.readableBytes();
        if (!isInMessage) {
            ByteBuf body = bytes.readRetainedSlice((int) plainBodyLeft);
            plainBodyLeft = 0;
            out.add(new DefaultFullHttpResponse(
                    head.protocolVersion(), head.status(), body, head.headers(), EmptyHttpHeaders.INSTANCE));
            return;
        }
        out.add(head);
        if (bytes.isReadable()) {
            out.add(plainBody(bytes));
        }
    }

    private HttpContent plainBody(ByteBuf bytes) {
        ByteBuf piece = bytes.readRetainedSlice((int) Math.min(plainBodyLeft, bytes.readableBytes()));
        plainBodyLeft -= piece.readableBytes();
        isInMessage = plainBodyLeft > 0;
        return isInMessage ? new DefaultHttpContent(piece) : new DefaultLastHttpContent(piece);
    }

    /** Looks at the lines of a head that have come. The parent takes whole lines: the bytes begin where a line does. */
    private boolean hasBlankInName(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int lineStart = bytes.readerIndex();
        while (lineStart < end) {
            int lineEnd = bytes.indexOf(lineStart, end, HttpConstants.LF);
            byte first = bytes.getByte(lineStart);
            boolean isEmpty = first == HttpConstants.CR || first == HttpConstants.LF;
            if (hasStatusLine && isEmpty) {
                return false;
            }
            // A line that begins with a blank continues the field before.
            if (hasStatusLine && first != HttpConstants.SP && first != HttpConstants.HT) {
                int nameEnd = bytes.forEachByte(lineStart, (lineEnd < 0 ? end : lineEnd) - lineStart, NAME);
                if (nameEnd >= 0 && bytes.getByte(nameEnd) != HttpConstants.COLON) {
                    return true;
                }
            }
            if (lineEnd < 0) {
                return false;
            }
            hasStatusLine |= !isEmpty;
            lineStart = lineEnd + 1;
        }
        return false;
    }
}
