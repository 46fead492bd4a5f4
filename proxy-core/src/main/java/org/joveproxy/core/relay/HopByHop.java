package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * The fields that concern one connection only and are not passed on (RFC 9110 7.6.1).
 *
 * <p>Any thread may call any method.
 */
final class HopByHop {
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

    private HopByHop() {}

    /** Removes all but the two that make an upgrade, of which {@code Connection} then names nothing else. */
    static void removeAroundUpgrade(HttpHeaders headers) {
        List<String> connection = headers.getAll(HttpHeaderNames.CONNECTION);
        for (String value : connection) {
            removeNamed(value, headers);
        }
        if (connection.size() != 1 || !HttpHeaderValues.UPGRADE.contentEqualsIgnoreCase(connection.get(0))) {
            Fields.set(headers, HttpHeaderNames.CONNECTION, "Upgrade");
        }
        removeUnnamed(headers);
    }

    /** Removes them, also those that {@code Connection} names; framing fields stay. */
    static void removeFrom(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
                removeNamed(value, headers);
            }
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        headers.remove(HttpHeaderNames.UPGRADE);
        removeUnnamed(headers);
    }

    private static void removeUnnamed(HttpHeaders headers) {
        headers.remove(KEEP_ALIVE);
        headers.remove(PROXY_CONNECTION);
        headers.remove(HttpHeaderNames.TE);
    }

    private static void removeNamed(String connection, HttpHeaders headers) {
        if (connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close")) {
            return;
        }
        for (String option : connection.split(",", -1)) {
            String name = option.trim();
            if (!name.isEmpty() && !isNeeded(name)) {
                headers.remove(name);
            }
        }
    }

    /** A sender that names these as options would break the message; they have their own rules. */
    private static boolean isNeeded(String name) {
        return HttpHeaderNames.UPGRADE.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name);
    }
}
