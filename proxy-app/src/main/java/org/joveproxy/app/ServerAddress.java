package org.joveproxy.app;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a sub-command asks.
 *
 * <p>Immutable.
 *
 * @param socket a unix socket, or null for {@code host} and {@code port}
 * @param target the path and the query of the request
 */
record ServerAddress(
        boolean isTls, String host, int port, @Nullable Path socket, String target) {
    /**
     * What {@code url} means: {@code http://…}, {@code https://…} or {@code unix:/path/of/socket}.
     *
     * @param unixTarget what is asked for on a unix socket, whose URL says nothing about it
     */
    static ServerAddress parse(String url, String unixTarget) throws UsageException {
        try {
            URI uri = URI.create(url);
            if ("unix".equals(uri.getScheme()) && uri.getPath() != null) {
                return new ServerAddress(false, "localhost", 0, Path.of(uri.getPath()), unixTarget);
            }
            boolean isTls = "https".equals(uri.getScheme());
            if ((isTls || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                int port = uri.getPort() < 0 ? (isTls ? 443 : 80) : uri.getPort();
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
                return new ServerAddress(isTls, uri.getHost(), port, null, target);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw UsageException.of("error: url '" + url + "' is invalid (expected: http://host:port/path, https://... or"
                + " unix:/path)");
    }

    /** The value of the field {@code Host}. */
    String hostField() {
        return port == 0 ? host : host + ":" + port;
    }

    /** For people: without the path. */
    @Override
    public String toString() {
        return socket == null ? (isTls ? "https://" : "http://") + hostField() : "unix:" + socket;
    }
}
