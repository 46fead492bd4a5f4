package org.joveproxy.loadtest.kernel;

import java.util.Map;
import java.util.TreeMap;

/**
 * Tells what a socket of the proxy is for by its ports: {@code client} on the public port, {@code api} on the API's, the
 * name of the server it leads to, or {@code other}. Immutable.
 */
public final class Side {
    public static final String CLIENT = "client";
    public static final String API = "api";
    public static final String OTHER = "other";

    /** Of sockets that a descriptor still holds although the kernel has closed them and forgotten their ports. */
    public static final String CLOSED = "closed";

    private final int publicPort;
    private final int apiPort;
    private final Map<Integer, String> servers;

    /** @param servers the name of each server that the proxy may connect to, by its port */
    public Side(int publicPort, int apiPort, Map<Integer, String> servers) {
        this.publicPort = publicPort;
        this.apiPort = apiPort;
        this.servers = Map.copyOf(new TreeMap<>(servers));
    }

    /** The side that {@code socket}, seen from the proxy, is on. */
    public String of(TcpSocket socket) {
        if (socket.localPort() == publicPort) {
            return CLIENT;
        }
        if (socket.localPort() == apiPort) {
            return API;
        }
        return servers.getOrDefault(socket.peerPort(), OTHER);
    }
}
