package org.joveproxy.core.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import org.joveproxy.core.codec.HeadWriter;
import org.joveproxy.core.codec.WireFields;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Encodes the requests of one upstream connection.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
final class RequestEncoder extends HttpRequestEncoder {
    /** Writes a request that has no body, all of it: in one piece it costs less than as a head and an empty end. */
    void writeWhole(ChannelHandlerContext context, HttpRequest head) {
        if (head.headers() instanceof WireFields fields) {
            context.write(HeadWriter.request(context.alloc(), head, fields), context.voidPromise());
            return;
        }
        HttpRequest whole = new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
        context.channel().write(whole, context.voidPromise());
    }

    @Override
    protected void encodeHeaders(HttpHeaders headers, ByteBuf out) {
        if (headers instanceof WireFields fields) {
            HeadWriter.fields(fields, out);
        } else {
            super.encodeHeaders(headers, out);
        }
    }
}
