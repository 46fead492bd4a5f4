package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection that the proxy has opened to a stand-in server. Confined to the play's loop. */
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final WebSocketDecoderConfig FRAMES = WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(1 << 20)
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .closeOnProtocolViolation(true)
            .build();

    private final Site site;
    private final Set<ServerConnection> siblings;
    private @Nullable Channel channel;
    private @Nullable Visit visit;
    private @Nullable Pump download;
    private @Nullable String messagesOf;

    ServerConnection(Site site, Set<ServerConnection> siblings) {
        this.site = site;
        this.siblings = siblings;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        siblings.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        try {
            if (part instanceof BinaryWebSocketFrame message) {
                onMessage(ctx, message.content());
                return;
            }
            if (part instanceof CloseWebSocketFrame close) {
                ctx.writeAndFlush(close.retain()).addListener(sent -> ctx.close());
                return;
            }
            if (part instanceof HttpRequest head) {
                visit = new Visit(this, ctx.channel(), head);
            }
            Visit current = visit;
            if (current != null && part instanceof HttpContent content) {
                current.onBody(content.content());
                if (part instanceof LastHttpContent) {
                    site.serve(current);
                }
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void onMessage(ChannelHandlerContext ctx, ByteBuf message) {
        String name = messagesOf;
        if (name == null || !Message.complaintOfQuestion(message, name).isEmpty()) {
            // The client hears of it by the loss of its websocket.
            ctx.close();
            return;
        }
        int number = message.getInt(message.readerIndex());
        int replies = Message.indexOfReply(message);
        int size = message.getInt(message.readerIndex() + 8);
        for (int index = 0; index < replies; index++) {
            ByteBuf reply = ctx.alloc().buffer(Message.HEAD + size);
            Message.write(reply, number, index, size, Message.reply(name, number, index, size));
            ctx.write(new BinaryWebSocketFrame(reply), ctx.voidPromise());
        }
        ctx.flush();
    }

    /** Turns this connection into a websocket, the 101 having been written. */
    void becomeWebSocket(ChannelHandlerContext ctx, String name) {
        messagesOf = name;
        String decoder = ctx.pipeline().context(HttpRequestDecoder.class).name();
        ctx.pipeline().addAfter(decoder, null, new WebSocket13FrameEncoder(false));
        ctx.pipeline().addAfter(decoder, null, new WebSocket13FrameDecoder(FRAMES));
        ctx.pipeline().remove(decoder);
    }

    /** Sends the body of an answer whose head has been written. */
    void send(Payload payload) {
        Channel to = channel;
        if (to != null) {
            download = new Pump(to, payload, () -> download = null);
            download.go();
        }
    }

    void ping() {
        if (messagesOf != null && channel != null) {
            channel.writeAndFlush(new PingWebSocketFrame());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (download != null) {
            download.go();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        siblings.remove(this);
        if (visit != null) {
            visit.onGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    void close(boolean abruptly) {
        if (channel == null) {
            return;
        }
        if (abruptly && channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }
}
