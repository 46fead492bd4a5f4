package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.joveproxy.loadtest.stage.Handshake;
import org.jspecify.annotations.Nullable;

/** A request at a stand-in server, and the ways to answer it. Confined to the play's loop. */
final class Visit {
    /** Bodies up to this size go out in one piece with the head. */
    private static final int SMALL = 16_384;

    private final ServerConnection connection;
    private final Channel channel;
    private final String method;
    private final String path;
    private final boolean isUpgrade;
    private final boolean isLast;
    private final @Nullable String webSocketKey;
    private final Payload.@Nullable Check upload;
    private Runnable whenOver = () -> {};

    Visit(ServerConnection connection, Channel channel, HttpRequest head) {
        this.connection = connection;
        this.channel = channel;
        this.method = head.method().name();
        int query = head.uri().indexOf('?');
        this.path = query < 0 ? head.uri() : head.uri().substring(0, query);
        this.isUpgrade = head.headers().contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        this.webSocketKey = head.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        this.isLast = !HttpUtil.isKeepAlive(head);
        long length = HttpUtil.getContentLength(head, 0L);
        this.upload = length == 0 ? null : new Payload(path, length).check();
    }

    void onBody(ByteBuf piece) {
        if (upload != null) {
            upload.accept(piece);
        }
    }

    void onGone() {
        over();
    }

    private void over() {
        Runnable told = whenOver;
        whenOver = () -> {};
        told.run();
    }

    /** Tells {@code listener} once when this has been answered or the connection has closed. */
    void whenOver(Runnable listener) {
        whenOver = listener;
    }

    String method() {
        return method;
    }

    /** Without the query. */
    String path() {
        return path;
    }

    boolean isUpgrade() {
        return isUpgrade;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Whether the body, if there was one, arrived as it was sent: {@code new Payload(path, length)}. */
    boolean isUploadWhole() {
        return upload == null || upload.complaint().isEmpty();
    }

    /** Answers with a body that the client knows. {@code fields} are header lines, each ended by CR LF. */
    void answer(String status, String fields, Payload body) {
        if (!isOpen()) {
            return;
        }
        String head = "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + body.length() + "\r\n"
                + (isLast ? "Connection: close\r\n\r\n" : "\r\n");
        boolean isSmall = body.length() <= SMALL;
        ByteBuf bytes = channel.alloc().buffer(head.length() + (isSmall ? (int) body.length() : 0));
        ByteBufUtil.writeAscii(bytes, head);
        if (isSmall) {
            for (long position = 0; position < body.length(); ) {
                ByteBuf piece = body.from(position, SMALL);
                position += piece.readableBytes();
                bytes.writeBytes(piece);
            }
            channel.writeAndFlush(bytes, channel.voidPromise());
        } else {
            channel.write(bytes, channel.voidPromise());
            connection.send(body);
        }
        over();
    }

    /** Begins a stream of server-sent events. */
    void beginEvents() {
        write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
    }

    /** Sends one event of ASCII. */
    void event(String data) {
        String text = "data: " + data + "\n\n";
        write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    /** Ends the stream of events. */
    void endEvents() {
        write("0\r\n\r\n");
        over();
    }

    private void write(String ascii) {
        if (isOpen()) {
            channel.writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), ascii), channel.voidPromise());
        }
    }

    /** Accepts the upgrade; messages then are as {@code name} says. */
    void acceptWebSocket(String name) {
        String key = webSocketKey;
        if (key == null) {
            answer("400 Bad Request", "", new Payload(path, 0));
            return;
        }
        write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + Handshake.accept(key) + "\r\n\r\n");
        connection.becomeWebSocket(channel.pipeline().context(connection), name);
        over();
    }
}
