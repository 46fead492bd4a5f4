package org.joveproxy.loadtest.benchmark;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.stage.Handshake;
import org.joveproxy.loadtest.subject.Loopback;

/**
 * A websocket server that sends each message back (RFC 6455), and tells in its handshake what it saw of the request. It does
 * as little as it can, since it shares a core with the load. Any thread may call any method.
 */
final class EchoServer implements AutoCloseable {
    /** The header of its 101 that tells what the proxy added to the request. */
    static final String SEEN = "X-Seen";

    private final EventLoopGroup group;
    private final Channel channel;

    private EchoServer(EventLoopGroup group, Channel channel) {
        this.group = group;
        this.channel = channel;
    }

    static EchoServer start() {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("echo", true), EpollIoHandler.newFactory());
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(new HttpServerCodec());
                        child.pipeline().addLast(new HttpObjectAggregator(1024));
                        child.pipeline().addLast(new Upgrade());
                    }
                })
                .bind(Loopback.port(0))
                .awaitUninterruptibly()
                .channel();
        return new EchoServer(group, channel);
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    /** Takes the upgrade request, and leaves the connection to {@link Echo}. */
    private static final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            HttpHeaders asked = request.headers();
            String key = asked.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
            if (key == null) {
                ctx.close();
                return;
            }
            DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
            answer.headers()
                    .set(HttpHeaderNames.UPGRADE, "websocket")
                    .set(HttpHeaderNames.CONNECTION, "Upgrade")
                    .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, Handshake.accept(key))
                    .set(
                            SEEN,
                            "for=" + asked.get("X-Forwarded-For", "") + " proto=" + asked.get("X-Forwarded-Proto", "")
                                    + " port=" + asked.get("X-Forwarded-Port", "") + " host="
                                    + asked.get("X-Forwarded-Host", ""));
            ctx.writeAndFlush(answer);
            ctx.pipeline().addLast(new Echo());
            ctx.pipeline().remove(HttpObjectAggregator.class);
            ctx.pipeline().remove(this);
            ctx.pipeline().remove(HttpServerCodec.class);
        }
    }

    /** Sends back what comes, frame by frame (RFC 6455 5.2). */
    private static final class Echo extends ByteToMessageDecoder {
        private static final int CLOSE = 8;
        private static final int MASKED = 0x80;

        private boolean isAnswered;

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int start = in.readerIndex();
            int readable = in.readableBytes();
            if (readable < 2) {
                return;
            }
            int second = in.getUnsignedByte(start + 1);
            long length = second & 0x7f;
            int head = 2;
            if (length == 126) {
                head = 4;
                length = readable < 4 ? 0 : in.getUnsignedShort(start + 2);
            } else if (length == 127) {
                head = 10;
                length = readable < 10 ? 0 : in.getLong(start + 2);
            }
            boolean isMasked = (second & MASKED) != 0;
            int whole = Math.toIntExact(head + (isMasked ? 4 : 0) + length);
            if (readable < head || readable < whole) {
                return;
            }
            if (!isMasked) {
                ctx.close(); // 5.1: a client must mask
                return;
            }
            int first = in.getUnsignedByte(start);
            ByteBuf reply = ctx.alloc().buffer(whole);
            reply.writeByte(first).writeByte(second & 0x7f).writeBytes(in, start + 2, head - 2);
            int mask = in.getInt(start + head);
            in.readerIndex(start + head + 4);
            if (mask == 0) {
                reply.writeBytes(in, Math.toIntExact(length));
            } else {
                for (int i = 0; i < length; i++) {
                    reply.writeByte(in.readByte() ^ (mask >>> (24 - 8 * (i & 3))));
                }
            }
            isAnswered = true;
            ctx.write(reply, ctx.voidPromise());
            if ((first & 0x0f) == CLOSE) {
                ctx.flush();
                ctx.close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
            super.channelReadComplete(ctx);
            if (isAnswered) {
                isAnswered = false;
                ctx.flush();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // the peer has left; whoever counts messages notices
        }
    }
}
