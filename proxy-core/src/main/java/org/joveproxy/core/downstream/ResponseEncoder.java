package org.joveproxy.core.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import org.joveproxy.core.codec.HeadWriter;
import org.joveproxy.core.codec.WireFields;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Encodes the responses of one client connection, of which those to HEAD have no body whatever their fields say.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
final class ResponseEncoder extends HttpResponseEncoder {
    /** A second buffer for the body costs a little more than a copy of so much. */
    private static final int MOST_COPIED_BYTES = 4096;

    private boolean answersHead;

    /** Says whether the next final response answers a HEAD request. */
    void answersHead(boolean isHead) {
        answersHead = isHead;
    }

    /** Writes a response whose body has come as a whole and takes it over. */
    void writeWhole(ChannelHandlerContext context, HttpResponse head, LastHttpContent whole) {
        if (head.headers() instanceof WireFields fields && !answersHead && isPlain(fields, whole)) {
            ByteBuf body = whole.content();
            boolean isSmall = body.readableBytes() <= MOST_COPIED_BYTES;
            ByteBuf bytes = HeadWriter.response(context.alloc(), head, fields, isSmall ? body.readableBytes() : 0);
            if (isSmall) {
                context.write(bytes.writeBytes(body), context.voidPromise());
                body.release();
            } else {
                context.write(bytes, context.voidPromise());
                context.write(body, context.voidPromise());
            }
            return;
        }
        HttpResponse response = new DefaultFullHttpResponse(
                head.protocolVersion(), head.status(), whole.content(), head.headers(), whole.trailingHeaders());
        context.channel().write(response, context.voidPromise());
    }

    private static boolean isPlain(WireFields fields, LastHttpContent whole) {
        return fields.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !fields.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && whole.trailingHeaders().isEmpty();
    }

    @Override
    protected void encodeHeaders(HttpHeaders headers, ByteBuf out) {
        if (headers instanceof WireFields fields) {
            HeadWriter.fields(fields, out);
        } else {
            super.encodeHeaders(headers, out);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return answersHead || super.isContentAlwaysEmpty(response);
    }
}
