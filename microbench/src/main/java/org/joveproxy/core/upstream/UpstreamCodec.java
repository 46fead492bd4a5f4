package org.joveproxy.core.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import org.joveproxy.core.EmbeddedSocket;
import org.joveproxy.core.LastRead;
import org.joveproxy.core.config.LimitConfig;

/**
 * A socket to an upstream with the handlers that write requests and read responses, and nothing behind them.
 *
 * <p>Confined to one thread.
 */
public final class UpstreamCodec {
    private final EmbeddedSocket socket = new EmbeddedSocket();
    private final RequestEncoder encoder = new RequestEncoder();
    private final LastRead decoded = new LastRead();
    private final ChannelHandlerContext encoding;

    /** A codec between two exchanges. */
    public UpstreamCodec() {
        ResponseDecoder decoder = new ResponseDecoder(LimitConfig.defaults().maxHeaderBytes());
        socket.channel().pipeline().addLast(decoder, encoder, decoded);
        encoding = socket.channel().pipeline().context(encoder);
    }

    /** Sends {@code request}, which has no body, and returns its size in bytes. */
    public int encode(HttpRequest request) {
        encoder.writeWhole(encoding, request);
        socket.channel().flush();
        return socket.takeSent();
    }

    /** Decodes one response that has come as a whole, with a body, which is to be released. */
    public FullHttpResponse decode(byte[] response) {
        socket.receive(response);
        return (FullHttpResponse) decoded.take();
    }
}
