package org.joveproxy.core.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a listener accepts connections: an IP address or host name with a port, or a unix socket.
 *
 * <p>Immutable.
 *
 * @param host an address or a host name; empty means every address of this machine, IPv6 and IPv4
 * @param port 0 to 65535, where 0 lets the kernel choose; 0 for a unix socket
 * @param socket the path of a unix socket, or null for TCP
 */
public record ListenAddress(String host, int port, @Nullable Path socket) {
    /** Checks the port's range. */
    public ListenAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }

    /** A TCP address; an empty {@code host} means every address. */
    public static ListenAddress tcp(String host, int port) {
        return new ListenAddress(host, port, null);
    }

    /** A unix socket at {@code path}. */
    public static ListenAddress unix(Path path) {
        return new ListenAddress("", 0, path);
    }

    /** For people: {@code host:port} with brackets around IPv6, {@code *:port}, or the socket's path. */
    @Override
    public String toString() {
        if (socket != null) {
            return socket.toString();
        }
        if (host.isEmpty()) {
            return "*:" + port;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
