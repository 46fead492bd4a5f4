package org.joveproxy.loadtest.stage;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;

/** A server of the stage that listens on 127.0.0.1. Any thread may call any method. */
public final class Server implements AutoCloseable {
    private final String host;
    private final int port;
    private final Channel listening;
    private final ChannelGroup connections;

    Server(String host, int port, Channel listening, ChannelGroup connections) {
        this.host = host;
        this.port = port;
        this.listening = listening;
        this.connections = connections;
    }

    public int port() {
        return port;
    }

    /** What a route to it points to. */
    public String url() {
        return "http://" + host + ":" + port;
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.size();
    }

    /** Stops listening and closes every connection, as a server that is killed. */
    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        connections.close().awaitUninterruptibly(5_000);
    }
}
