package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.stage.Handshake;
import org.jspecify.annotations.Nullable;

/**
 * A browser's websocket through the proxy: handshake (RFC 6455 4.1), messages that are answered and checked, close.
 *
 * <p>Confined to the play's loop.
 */
final class WebSocket extends ChannelInboundHandlerAdapter {
    /** Sixteen bytes in base64; it has to differ between handshakes only where there are caches. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String ACCEPT = Handshake.accept(KEY);
    private static final WebSocketDecoderConfig FRAMES = WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(1 << 20)
            .expectMaskedFrames(false)
            .allowMaskMismatch(false)
            .closeOnProtocolViolation(true)
            .build();

    private final String name;
    private final Events events;
    private final long startedAt = System.nanoTime();
    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private @Nullable Channel channel;
    private int status;
    private boolean isOpen;
    private boolean isOver;
    private int nextNumber;
    private String trouble = "closed before an answer";

    /** What the owner of a websocket hears. */
    interface Events {
        /** The handshake succeeded. */
        void onOpen(WebSocket socket, Reply reply);

        /** It did not. */
        void onRefused(Reply reply);

        /** A message came back whole, {@code nanos} after it was sent. */
        void onAnswered(long nanos);

        /** What came back was not what should. */
        void onGarbled(String complaint);

        /** An open websocket has ended, and not by {@link WebSocket#close}. */
        void onClosed();
    }

    private record Sent(int number, int replies, int size, long at) {}

    private WebSocket(String name, Events events) {
        this.name = name;
        this.events = events;
    }

    /** Begins a handshake for {@code path}. {@code name} is what both sides derive the messages' bytes from. */
    static WebSocket open(
            Network network,
            InetAddress from,
            String path,
            String headers,
            String name,
            long patienceNanos,
            Events events) {
        WebSocket socket = new WebSocket(name, events);
        ChannelFuture connecting = network.connect(
                from, new HttpResponseDecoder(new HttpDecoderConfig().setValidateHeaders(false)), socket);
        Channel opened = connecting.channel();
        socket.channel = opened;
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                socket.refused("no connection: " + ClientConnection.said(connected.cause()), false);
                return;
            }
            String head = "GET " + path + " HTTP/1.1\r\nHost: " + network.host()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                    + KEY + "\r\n" + headers + "\r\n";
            ByteBuf bytes = opened.alloc().buffer(head.length());
            ByteBufUtil.writeAscii(bytes, head);
            opened.writeAndFlush(bytes, opened.voidPromise());
        });
        opened.eventLoop().schedule(() -> socket.endIfNotOpen(patienceNanos), patienceNanos, TimeUnit.NANOSECONDS);
        return socket;
    }

    private void endIfNotOpen(long patienceNanos) {
        if (!isOpen) {
            refused("no whole answer within " + patienceNanos / 1_000_000_000 + " s", false);
        }
    }

    boolean isOpen() {
        return isOpen && !isOver;
    }

    /** How long the oldest message has been waiting for its answer; 0 when none is. */
    long oldestUnansweredNanos() {
        Sent oldest = unanswered.peek();
        return oldest == null ? 0 : System.nanoTime() - oldest.at;
    }

    /** Sends {@code size} bytes that the server answers with {@code replies} messages of {@code replySize} bytes. */
    void send(int size, int replies, int replySize) {
        Channel to = channel;
        if (to == null || !isOpen()) {
            return;
        }
        int number = nextNumber++;
        unanswered.add(new Sent(number, replies, replySize, System.nanoTime()));
        ByteBuf message = to.alloc().buffer(Message.HEAD + size);
        Message.write(message, number, replies, replySize, new Payload(name + number, size));
        to.writeAndFlush(new BinaryWebSocketFrame(message), to.voidPromise());
    }

    /** Ends: properly with a close frame, or as when a laptop is shut: with a reset. */
    void close(boolean abruptly) {
        Channel to = channel;
        if (isOver || to == null) {
            return;
        }
        if (!isOpen) {
            refused("", true);
            return;
        }
        isOver = true;
        if (abruptly) {
            to.config().setOption(ChannelOption.SO_LINGER, 0);
            to.close();
        } else {
            to.writeAndFlush(new CloseWebSocketFrame(1001, "going away"));
            // The server closes first (RFC 6455 7.1.1); nobody waits for ever.
            to.eventLoop().schedule(() -> to.close(), 2, TimeUnit.SECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        try {
            if (part instanceof HttpResponse head) {
                onHead(ctx, head);
            } else if (part instanceof BinaryWebSocketFrame message) {
                onMessage(message.content());
            } else if (part instanceof PingWebSocketFrame ping) {
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()), ctx.voidPromise());
            } else if (part instanceof CloseWebSocketFrame) {
                ctx.close();
            } else if (part instanceof LastHttpContent && !isOpen) {
                refused("", false);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            refused("not HTTP", false);
            return;
        }
        status = head.status().code();
        trouble = "closed inside the answer";
        if (status != 101) {
            return;
        }
        if (!ACCEPT.equals(head.headers().get("Sec-WebSocket-Accept"))) {
            refused("wrong Sec-WebSocket-Accept", false);
            return;
        }
        isOpen = true;
        String decoder = ctx.pipeline().context(HttpResponseDecoder.class).name();
        ctx.pipeline().addAfter(decoder, null, new WebSocket13FrameEncoder(true));
        ctx.pipeline().addAfter(decoder, null, new WebSocket13FrameDecoder(FRAMES));
        // Hands on what came behind the 101.
        ctx.pipeline().remove(decoder);
        events.onOpen(this, new Reply(101, null, "", false, System.nanoTime() - startedAt));
    }

    private void onMessage(ByteBuf message) {
        Sent oldest = unanswered.peek();
        if (oldest == null) {
            events.onGarbled("a message that nobody asked for");
            return;
        }
        String complaint = Message.complaintOfReply(message, name, oldest.number, oldest.size);
        if (!complaint.isEmpty()) {
            events.onGarbled(complaint);
            return;
        }
        if (Message.indexOfReply(message) == oldest.replies - 1) {
            unanswered.remove();
            events.onAnswered(System.nanoTime() - oldest.at);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!isOpen) {
            refused(trouble, false);
        } else if (!isOver) {
            isOver = true;
            events.onClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        trouble = ClientConnection.said(cause);
        ctx.close();
    }

    private void refused(String why, boolean hasLeft) {
        if (isOver) {
            return;
        }
        isOver = true;
        if (channel != null) {
            channel.close();
        }
        events.onRefused(new Reply(status, null, why, hasLeft, System.nanoTime() - startedAt));
    }
}
