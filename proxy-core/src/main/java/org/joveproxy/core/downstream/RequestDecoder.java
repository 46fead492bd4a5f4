package org.joveproxy.core.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import java.util.List;
import org.joveproxy.core.codec.PlainHead;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Decodes one request at a time: after the end of a request it holds what follows until it is told that the answer is out.
 *
 * <p>So pipelined requests are answered in order without a queue, and bytes behind an upgrade request are never taken for
 * another request. Stricter than its parent in two points: a request line of other characters than visible ASCII and
 * blanks (RFC 9112 3), and a line of the head that begins with a blank, such as a field continued from the line before (RFC
 * 9112 5.2), are refused. Confined to the connection's event loop.
 */
@EventLoopConfined
final class RequestDecoder extends HttpRequestDecoder {
    private static final int MAX_HELD_BYTES = 64 * 1024;
    private static final ByteProcessor VISIBLE_OR_BLANK = b -> b >= ' ' && b < 0x7f;

    private final Runnable onBytes;
    private final int maxHeaderBytes;
    private boolean isHeld;
    private boolean isReading;
    private boolean isInHead = true;
    private boolean hasHeadBegun;
    private boolean hasRequestLine;
    private boolean isStopped;
    private boolean isLeftToParent;

    /** A decoder for heads of up to {@code maxHeaderBytes}; {@code onBytes} runs before new bytes are decoded. */
    RequestDecoder(int maxHeaderBytes, Runnable onBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(Integer.MAX_VALUE));
        this.maxHeaderBytes = maxHeaderBytes;
        this.onBytes = onBytes;
    }

    /** Whether more bytes are held than should be; the socket is not to be read until {@link #release}. */
    boolean isFull() {
        return isHeld && actualReadableBytes() > MAX_HELD_BYTES;
    }

    /** Whether a request has begun whose head is not complete. */
    boolean hasPartOfHead() {
        return !isHeld && hasHeadBegun;
    }

    /** Decodes nothing any more: what still comes is thrown away. */
    void stop() {
        isStopped = true;
    }

    /** Bytes of a request that is not complete, or that follow one that is not answered. */
    int heldBytes() {
        return actualReadableBytes();
    }

    /** Decodes nothing until {@link #release}: what follows the head that has just been handed on is held. */
    void hold() {
        isHeld = true;
    }

    /** The answer is out: decodes the next request, from what is held if there is any. */
    void release(ChannelHandlerContext context) throws Exception {
        isHeld = false;
        if (!isReading && actualReadableBytes() > 0) {
            channelRead(context, Unpooled.EMPTY_BUFFER);
            context.fireChannelReadComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
        onBytes.run();
        isReading = true;
        try {
            super.channelRead(context, bytes);
        } finally {
            isReading = false;
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        if (isHeld) {
            return;
        }
        if (isInHead && !isStopped) {
            beginHead(bytes);
            HttpRequest plain = isLeftToParent ? null : PlainHead.readRequest(bytes, maxHeaderBytes);
            if (plain != null) {
                out.add(plain);
                handedOn(true);
                return;
            }
            isLeftToParent = hasHeadBegun;
            if (hasMisplacedBlank(bytes)) {
                refuse("a line of the head begins with a blank", out);
            } else if (hasOddRequestLine(bytes)) {
                refuse("a request line with other characters than visible ones of ASCII", out);
            }
        }
        if (isStopped) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        super.decode(context, bytes, out);
        if (!out.isEmpty()) {
            handedOn(out.get(out.size() - 1) instanceof LastHttpContent);
        }
    }

    private void handedOn(boolean isWhole) {
        isHeld = isWhole;
        isInHead = isWhole;
        isLeftToParent = !isWhole;
        hasHeadBegun = false;
        hasRequestLine = false;
    }

    /** Passes over the empty lines that may stand before a request (RFC 9112 2.2). */
    private void beginHead(ByteBuf bytes) {
        while (!hasHeadBegun && bytes.isReadable()) {
            byte next = bytes.getByte(bytes.readerIndex());
            if (next == HttpConstants.CR || next == HttpConstants.LF) {
                bytes.skipBytes(1);
            } else {
                hasHeadBegun = true;
            }
        }
    }

    /**
     * Whether a line of the head begins with a blank or a control character. The parent takes whole lines, so the bytes
     * begin where a line does; the first empty line ends the head.
     */
    private static boolean hasMisplacedBlank(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int lineStart = bytes.readerIndex();
        while (lineStart < end) {
            byte first = bytes.getByte(lineStart);
            if (first == HttpConstants.CR || first == HttpConstants.LF) {
                return false;
            }
            if (first >= 0 && first <= HttpConstants.SP) {
                return true;
            }
            int lineEnd = bytes.indexOf(lineStart, end, HttpConstants.LF);
            lineStart = lineEnd < 0 ? end : lineEnd + 1;
        }
        return false;
    }

    /** Looks once, when the request line is there as a whole. */
    private boolean hasOddRequestLine(ByteBuf bytes) {
        int start = bytes.readerIndex();
        int end = hasRequestLine ? -1 : bytes.indexOf(start, bytes.writerIndex(), HttpConstants.LF);
        if (end <= start) {
            return false;
        }
        hasRequestLine = true;
        return bytes.forEachByte(start, end - 1 - start, VISIBLE_OR_BLANK) >= 0;
    }

    private void refuse(String why, List<Object> out) {
        HttpMessage broken = createInvalidMessage();
        broken.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(why)));
        out.add(broken);
        stop();
    }
}
