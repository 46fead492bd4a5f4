package org.joveproxy.core.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Decodes one request at a time: after the end of a request it holds what follows until it is told that the answer is out.
 *
 * <p>So pipelined requests are answered in order without a queue, and bytes behind an upgrade request are never taken for
 * another request. Stricter than its parent in one point: a field that is continued on the next line is refused (RFC 9112
 * 5.2). Confined to the connection's event loop.
 */
@EventLoopConfined
final class RequestDecoder extends HttpRequestDecoder {
    private static final int MAX_HELD_BYTES = 64 * 1024;

    private final Runnable onBytes;
    private boolean isHeld;
    private boolean isReading;
    private boolean isInHead = true;

    /** A decoder for heads of up to {@code maxHeaderBytes}; {@code onBytes} runs before new bytes are decoded. */
    RequestDecoder(int maxHeaderBytes, Runnable onBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(Integer.MAX_VALUE));
        this.onBytes = onBytes;
    }

    /** Whether more bytes are held than should be; the socket is not to be read until {@link #release}. */
    boolean isFull() {
        return isHeld && actualReadableBytes() > MAX_HELD_BYTES;
    }

    /** Whether a request has begun whose head is not complete. */
    boolean hasPartOfHead() {
        return !isHeld && isInHead && actualReadableBytes() > 0;
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
        if (isInHead) {
            refuseFoldedFields(bytes);
        }
        super.decode(context, bytes, out);
        if (!out.isEmpty()) {
            isHeld = out.get(out.size() - 1) instanceof LastHttpContent;
            isInHead = isHeld;
        }
    }

    /** Looks at the head only: the first empty line ends it. */
    private static void refuseFoldedFields(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int lineStart = bytes.readerIndex();
        int lineEnd = bytes.indexOf(lineStart, end, HttpConstants.LF);
        while (lineEnd >= 0 && lineEnd - lineStart > 1) {
            lineStart = lineEnd + 1;
            if (lineStart < end && isBlank(bytes.getByte(lineStart))) {
                throw new IllegalArgumentException("a field is continued on the next line");
            }
            lineEnd = bytes.indexOf(lineStart, end, HttpConstants.LF);
        }
    }

    private static boolean isBlank(byte b) {
        return b == HttpConstants.SP || b == HttpConstants.HT;
    }
}
