package org.joveproxy.loadtest.replicas;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.CharsetUtil;
import java.util.ArrayList;
import java.util.List;
import org.joveproxy.loadtest.stage.Server;
import org.joveproxy.loadtest.stage.Stage;

/** The hub's pages and the users' servers: each says who it is and what it was asked for. Immutable. */
final class NamedServers {
    /** Who answers where there is no route. */
    static final String HUB = "hub";

    private final Server hub;
    private final List<Server> users;

    /** Lets the hub and {@code number} servers listen. */
    NamedServers(Stage stage, int number) {
        hub = listen(stage, HUB, HUB);
        List<Server> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            all.add(listen(stage, "servers", name(i)));
        }
        users = List.copyOf(all);
    }

    private static Server listen(Stage stage, String side, String name) {
        return stage.listen(side, new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536), new Says(name));
            }
        });
    }

    int number() {
        return users.size();
    }

    /** The name by which server {@code index} answers. */
    static String name(int index) {
        return "s" + index;
    }

    /** What a route to the server of this name says. */
    String target(String name) {
        return users.get(Integer.parseInt(name.substring(1))).url();
    }

    /** The server that a route with {@code target} leads to; the target itself when it is none of them. */
    String nameOf(String target) {
        for (int i = 0; i < users.size(); i++) {
            if (users.get(i).url().equals(target)) {
                return name(i);
            }
        }
        return target;
    }

    String hubUrl() {
        return hub.url();
    }

    /** The whole body with which {@code name} answers a request for {@code path}. */
    static String says(String name, String path) {
        return name + " " + path;
    }

    /** Who an answer to a request for {@code path} is from; empty when it is not from any of these. */
    static String speaker(String body, String path) {
        int space = body.indexOf(' ');
        return space > 0 && body.substring(space + 1).equals(path) ? body.substring(0, space) : "";
    }

    @Sharable
    private static final class Says extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final String name;

        Says(String name) {
            this.name = name;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            // What a proxy has to answer by itself must not be taken for answered because the hub has a page for all.
            boolean isForProxy = request.uri().startsWith("/_chp_");
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    isForProxy ? HttpResponseStatus.NOT_FOUND : HttpResponseStatus.OK,
                    Unpooled.copiedBuffer(says(name, request.uri()), CharsetUtil.US_ASCII));
            HttpUtil.setContentLength(response, response.content().readableBytes());
            context.writeAndFlush(response);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
