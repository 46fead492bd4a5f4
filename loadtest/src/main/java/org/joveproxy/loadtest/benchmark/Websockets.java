package org.joveproxy.loadtest.benchmark;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.joveproxy.loadtest.stage.Handshake;
import org.joveproxy.loadtest.subject.Loopback;
import org.jspecify.annotations.Nullable;

/**
 * Load by websockets: each sends a message, waits until it is back, compares every byte and sends the next. Immutable.
 *
 * @param connections at the same time
 * @param bytes of a message
 */
record Websockets(int connections, int bytes) implements Load {
    private static final int AT_A_TIME = 100;
    private static final long OPENS_WITHIN = TimeUnit.SECONDS.toNanos(60);
    private static final long ANSWERS_WITHIN = TimeUnit.SECONDS.toNanos(10);

    /** Sixteen bytes in base64 (RFC 6455 4.1); it has to differ between handshakes only where there are caches. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final int BINARY = 0x82;
    private static final int MASKED = 0x80;

    @Override
    public Crowd open(Contender.Started proxy, Setup setup)
            throws IOException, InterruptedException, BenchmarkException {
        return new Crowd(proxy.port(), this).opened();
    }

    /** A message as a client sends it. Its mask is 0, which spares both ends the work and is all the same to a proxy. */
    static ByteBuf question(byte[] message) {
        return frame(message, MASKED).writeInt(0).writeBytes(message);
    }

    /** The same message as the server sends it back. */
    static ByteBuf reply(byte[] message) {
        return frame(message, 0).writeBytes(message);
    }

    private static ByteBuf frame(byte[] message, int masked) {
        ByteBuf frame = Unpooled.directBuffer(message.length + 14).writeByte(BINARY);
        if (message.length < 126) {
            frame.writeByte(masked | message.length);
        } else if (message.length < 65_536) {
            frame.writeByte(masked | 126).writeShort(message.length);
        } else {
            frame.writeByte(masked | 127).writeLong(message.length);
        }
        return frame;
    }

    /** The websockets of one proxy, all on one event loop. Confined to the thread that made it, but for what says so. */
    static final class Crowd implements Session {
        private final int proxyPort;
        private final int connections;
        private final ByteBuf question;
        private final ByteBuf reply;
        private final EventLoopGroup group;
        private final EventLoop loop;

        // on the loop only
        private final List<Member> members = new ArrayList<>();
        private Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        private long answered;
        private int open;
        private boolean isRunning;
        private String complaint = "";

        Crowd(int proxyPort, Websockets load) {
            this.proxyPort = proxyPort;
            this.connections = load.connections;
            byte[] message = new byte[load.bytes];
            new Random(1).nextBytes(message);
            this.question = question(message);
            this.reply = reply(message);
            this.group = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("websockets", true), EpollIoHandler.newFactory());
            this.loop = group.next();
        }

        /** Opens all of them, some at a time. */
        Crowd opened() throws IOException, InterruptedException, BenchmarkException {
            try {
                long deadline = System.nanoTime() + OPENS_WITHIN;
                int begun = 0;
                while (true) {
                    int isOpen = ask(() -> open);
                    if (isOpen == connections) {
                        return this;
                    }
                    if (System.nanoTime() > deadline) {
                        throw new BenchmarkException("open websockets: " + isOpen + " (expected: " + connections + ")");
                    }
                    for (; begun < connections && begun < isOpen + AT_A_TIME; begun++) {
                        connect();
                    }
                    TimeUnit.MILLISECONDS.sleep(2);
                }
            } catch (IOException | InterruptedException | BenchmarkException e) {
                close();
                throw e;
            }
        }

        private void connect() {
            new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpResponseDecoder(), new Member());
                        }
                    })
                    .connect(Loopback.port(proxyPort))
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            complain("no connection: " + connected.cause());
                        }
                    });
        }

        /** Fails when any has been closed, or has got what it did not ask for. */
        void check() throws IOException, InterruptedException, BenchmarkException {
            ask(() -> true);
        }

        /** Each sends one message and gets it back. */
        void once() throws IOException, InterruptedException, BenchmarkException {
            ask(() -> {
                members.forEach(Member::send);
                return true;
            });
            awaitAnswers();
        }

        private void awaitAnswers() throws IOException, InterruptedException, BenchmarkException {
            long deadline = System.nanoTime() + ANSWERS_WITHIN;
            while (ask(() -> members.stream().anyMatch(Member::isWaiting))) {
                if (System.nanoTime() > deadline) {
                    throw new BenchmarkException("a message is not answered (expected: within 10 s)");
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }

        @Override
        public Answers run(int seconds) throws IOException, InterruptedException, BenchmarkException {
            long began = ask(() -> {
                latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
                answered = 0;
                isRunning = true;
                members.forEach(Member::send);
                return System.nanoTime();
            });
            TimeUnit.SECONDS.sleep(seconds);
            ask(() -> isRunning = false);
            // Those that are under way are waited for: a message that does not come back is a failure.
            awaitAnswers();
            return ask(() -> new Answers(
                    answered,
                    (System.nanoTime() - began) / 1e9,
                    latencies.getValueAtPercentile(50) / 1e6,
                    latencies.getValueAtPercentile(99) / 1e6));
        }

        /** Asks on the loop, and fails when anything has gone wrong there. */
        private <T> T ask(Callable<T> question) throws IOException, InterruptedException, BenchmarkException {
            try {
                T said = loop.submit(question).get();
                String wrong = loop.submit(() -> complaint).get();
                if (!wrong.isEmpty()) {
                    throw new BenchmarkException("websocket: " + wrong);
                }
                return said;
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }

        /** On the loop. */
        private void complain(String text) {
            if (complaint.isEmpty()) {
                complaint = text;
            }
        }

        @Override
        public void close() {
            loop.submit(() -> members.forEach(Member::leave)).awaitUninterruptibly(10, TimeUnit.SECONDS);
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
            question.release();
            reply.release();
        }

        /** One websocket. Confined to the loop. */
        private final class Member extends ChannelInboundHandlerAdapter {
            private @Nullable Channel channel;
            private long sentAt;
            private int received;
            private boolean isWaiting;
            private boolean hasLeft;

            boolean isWaiting() {
                return isWaiting;
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                channel = ctx.channel();
                String head = "GET " + Setup.WEBSOCKET + "/echo HTTP/1.1\r\nHost: 127.0.0.1:" + proxyPort
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        + KEY + "\r\n\r\n";
                ctx.writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
            }

            void send() {
                if (channel != null) {
                    isWaiting = true;
                    received = 0;
                    sentAt = System.nanoTime();
                    channel.writeAndFlush(question.retainedDuplicate(), channel.voidPromise());
                }
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object part) {
                try {
                    if (part instanceof ByteBuf bytes) {
                        onBytes(bytes);
                    } else if (part instanceof HttpResponse head) {
                        onHead(ctx, head);
                    }
                } finally {
                    ReferenceCountUtil.release(part);
                }
            }

            private void onHead(ChannelHandlerContext ctx, HttpResponse head) {
                if (head.status().code() != 101
                        || !Handshake.accept(KEY).equals(head.headers().get("Sec-WebSocket-Accept"))) {
                    complain(head.status() + " (expected: 101 with the right Sec-WebSocket-Accept)");
                    ctx.close();
                    return;
                }
                members.add(this);
                open++;
                ctx.pipeline().remove(HttpResponseDecoder.class);
            }

            private void onBytes(ByteBuf bytes) {
                int count = bytes.readableBytes();
                if (!isWaiting
                        || received + count > reply.readableBytes()
                        || !ByteBufUtil.equals(bytes, bytes.readerIndex(), reply, received, count)) {
                    complain("what came back is not what was sent");
                    return;
                }
                received += count;
                if (received == reply.readableBytes()) {
                    isWaiting = false;
                    answered++;
                    latencies.recordValue(System.nanoTime() - sentAt);
                    if (isRunning) {
                        send();
                    }
                }
            }

            void leave() {
                hasLeft = true;
                if (channel != null) {
                    channel.close();
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                if (!hasLeft) {
                    complain("closed by the proxy");
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                complain(cause.toString());
                ctx.close();
            }
        }
    }
}
