package org.joveproxy.core.downstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import org.joveproxy.core.EmbeddedSocket;
import org.joveproxy.core.LastRead;
import org.joveproxy.core.config.LimitConfig;

/**
 * A client's socket with the handlers that read requests and write responses, and nothing behind them.
 *
 * <p>Confined to one thread.
 */
public final class ClientCodec {
    private final EmbeddedSocket socket = new EmbeddedSocket();
    private final RequestDecoder decoder =
            new RequestDecoder(LimitConfig.defaults().maxHeaderBytes(), () -> {});
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final LastRead decoded = new LastRead();
    private final ChannelHandlerContext decoding;
    private final ChannelHandlerContext encoding;

    /** A codec between two exchanges. */
    public ClientCodec() {
        socket.channel().pipeline().addLast(decoder, encoder, decoded);
        decoding = socket.channel().pipeline().context(decoder);
        encoding = socket.channel().pipeline().context(encoder);
    }

    /** Decodes one request that has come as a whole, and gets ready for the next. */
    public HttpRequest decode(byte[] request) throws Exception {
        socket.receive(request);
        decoder.release(decoding);
        return (HttpRequest) decoded.take();
    }

    /** Sends {@code response}, whose body it takes over, and returns its size in bytes. */
    public int encode(FullHttpResponse response) {
        encoder.writeWhole(encoding, response, response);
        socket.channel().flush();
        return socket.takeSent();
    }
}
