package org.joveproxy.core.routing;

/**
 * The server behind a target: what decides whether two requests may share a connection.
 *
 * <p>Immutable.
 *
 * @param scheme how it is spoken to
 * @param host a name in lower case, an address without brackets, or the path of a unix socket
 * @param port 1 to 65535; 0 for a unix socket
 */
public record Origin(Scheme scheme, String host, int port) {
    /** What a Host header says to this server: brackets around IPv6, the port unless it is the scheme's own. */
    public String hostHeader() {
        if (scheme == Scheme.UNIX) {
            // A socket's path is no host name; servers behind sockets are called by this one.
            return "localhost";
        }
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == scheme.defaultPort() ? name : name + ":" + port;
    }

    /** For people: {@code http://host:port}, or {@code unix:} and the socket's path. */
    @Override
    public String toString() {
        return switch (scheme) {
            case UNIX -> "unix:" + host;
            case HTTP -> "http://" + hostHeader();
            case HTTPS -> "https://" + hostHeader();
        };
    }
}
