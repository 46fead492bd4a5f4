package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** One connection of a client: a request, its answer, the next request. Confined to the play's loop. */
final class ClientConnection extends SimpleChannelInboundHandler<HttpObject> {
    private final Connections owner;
    private @Nullable Channel channel;
    private Connections.@Nullable Call call;
    private @Nullable Pump upload;
    private boolean isKeptAlive;
    private boolean isFresh = true;
    private boolean isOver;
    private String whyClosed = "closed";

    ClientConnection(Connections owner) {
        this.owner = owner;
    }

    void connect(Connections.Call first) {
        call = first;
        ChannelFuture connecting = owner.network()
                .connect(
                        owner.address(),
                        new HttpResponseDecoder(new HttpDecoderConfig()
                                .setValidateHeaders(false)
                                .setMaxHeaderSize(16_384)),
                        this);
        channel = connecting.channel();
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                over("no connection: " + said(connected.cause()));
            } else if (call != null) {
                sendRequest(call);
            }
        });
    }

    /** Takes the next call of an idle connection. */
    void start(Connections.Call next) {
        call = next;
        sendRequest(next);
    }

    private void sendRequest(Connections.Call sent) {
        Channel to = channel;
        if (to == null) {
            return;
        }
        Request request = sent.request;
        StringBuilder head = new StringBuilder(400)
                .append(request.method())
                .append(' ')
                .append(request.path())
                .append(" HTTP/1.1\r\nHost: ")
                .append(owner.network().host())
                .append("\r\n")
                .append(request.headers());
        Payload body = request.upload();
        if (body != null || !request.text().isEmpty()) {
            long length = body != null ? body.length() : request.text().length();
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        head.append("\r\n").append(request.text());
        ByteBuf bytes = to.alloc().buffer(head.length());
        ByteBufUtil.writeAscii(bytes, head);
        if (body == null || body.length() == 0) {
            to.writeAndFlush(bytes, to.voidPromise());
        } else {
            to.write(bytes, to.voidPromise());
            upload = new Pump(to, body, () -> {});
            upload.go();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        Connections.Call current = call;
        if (current == null) {
            whyClosed = "an answer that nobody asked for";
            ctx.close();
            return;
        }
        if (part.decoderResult().isFailure()) {
            over("not HTTP: " + said(part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpResponse head) {
            current.onHead(head.status().code(), head.headers().get(HttpHeaderNames.LOCATION));
            isKeptAlive = HttpUtil.isKeepAlive(head);
        }
        if (part instanceof HttpContent content && current.isGood()) {
            current.request.sink().accept(content.content());
        }
        if (part instanceof LastHttpContent) {
            onAnswered(ctx, current);
        }
    }

    private void onAnswered(ChannelHandlerContext ctx, Connections.Call answered) {
        boolean isSent = upload == null || upload.isDone();
        call = null;
        upload = null;
        isFresh = false;
        boolean staysOpen = isKeptAlive && isSent && ctx.channel().isActive();
        // What the answer leads to may want this connection at once.
        if (staysOpen) {
            owner.free(this);
        } else {
            isOver = true;
            ctx.close();
            owner.closed(this);
        }
        answered.end(answered.isGood() ? answered.request.sink().complaint() : "", false);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (upload != null) {
            upload.go();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        over(whyClosed);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        whyClosed = said(cause);
        ctx.close();
    }

    private void over(String why) {
        if (isOver) {
            return;
        }
        isOver = true;
        Connections.Call lost = call;
        call = null;
        if (channel != null) {
            channel.close();
        }
        if (lost != null && !isFresh && !lost.hasHead() && !lost.isRetried()) {
            owner.again(lost);
            owner.closed(this);
            return;
        }
        owner.closed(this);
        if (lost != null) {
            String got = lost.request.sink().complaint();
            lost.end(lost.hasHead() ? why + " after the head" + (got.isEmpty() ? "" : ", " + got) : why, false);
        }
    }

    void endIfOverdue(long now) {
        Connections.Call current = call;
        if (current != null && current.isOverdue(now)) {
            call = null;
            over("");
            current.end("no whole answer within " + current.request.patienceNanos() / 1_000_000_000 + " s", false);
        }
    }

    void leave(boolean abruptly) {
        Connections.Call current = call;
        call = null;
        if (abruptly && channel != null && channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        over("");
        if (current != null) {
            current.end("", true);
        }
    }

    static String said(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }
}
