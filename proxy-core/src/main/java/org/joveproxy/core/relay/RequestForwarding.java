package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.routing.RequestTarget;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteOptions;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream gets to see of a request: its path, {@code Host}, {@code X-Forwarded-*}, and no field that concerned
 * only the client's connection.
 *
 * <p>Immutable; any thread may call any method.
 */
public final class RequestForwarding {
    private final ForwardingConfig config;
    private final ForwardedFields forwarded;
    private final boolean hostRouting;

    /**
     * Forwarding by {@code config}.
     *
     * @param hostRouting whether a route's path begins with a host that is no part of the request's path
     */
    public RequestForwarding(ForwardingConfig config, boolean hostRouting) {
        this.config = config;
        this.forwarded = new ForwardedFields(config.forwarded(), config.addsForwarded());
        this.hostRouting = hostRouting;
    }

    /** Changes {@code request} into what is sent to {@code route}'s target. */
    public void apply(
            HttpRequest request, RequestTarget requested, Route route, ClientFacts client, boolean isWebsocket) {
        Target target = route.target();
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (isWebsocket) {
            HopByHop.removeAroundUpgrade(headers);
        } else {
            HopByHop.removeFrom(headers);
        }
        forwarded.apply(headers, host, client, isWebsocket);
        if (client.requestId() != null) {
            headers.set(RequestIds.FIELD, client.requestId());
        }
        if (config.changesOrigin() || host == null) {
            Fields.set(headers, HttpHeaderNames.HOST, target.origin().hostHeader());
        }
        config.customHeaders().forEach(headers::set);
        RouteOptions options = route.options();
        if (options != null) {
            apply(options.requestHeaders(), headers);
        }
        frame(request, headers);
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        request.setUri(forwardedTarget(requested, route, target));
    }

    private static void apply(Map<String, @Nullable String> wanted, HttpHeaders headers) {
        wanted.forEach((name, value) -> {
            if (value == null) {
                headers.remove(name);
            } else {
                headers.set(name, value);
            }
        });
    }

    /** Says that there is no body where one could be expected, as CHP does (RFC 9110 8.6). */
    private static void frame(HttpRequest request, HttpHeaders headers) {
        HttpMethod method = request.method();
        boolean neverHasBody =
                HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method) || HttpMethod.TRACE.equals(method);
        if (!neverHasBody
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }

    /** The request target as the upstream's own pages would name it: {@code uri} unless the route's prefix is cut. */
    public String withoutRoutePrefix(String uri, RequestTarget requested, Route route) {
        if (!cutsPrefix(route)) {
            return uri;
        }
        String path = withoutPrefix(requested.path(), route.path());
        return requested.query() == null ? path : path + '?' + requested.query();
    }

    String forwardedTarget(RequestTarget requested, Route route, Target target) {
        String path = requested.path();
        if (cutsPrefix(route)) {
            path = withoutPrefix(path, route.path());
        }
        String joined = config.prependsTargetPath() ? join(target.path(), path) : join("/", path);
        String query = query(config.prependsTargetPath() ? target.query() : null, requested.query());
        return query == null ? joined : joined + '?' + query;
    }

    private boolean cutsPrefix(Route route) {
        RouteOptions options = route.options();
        return !config.keepsRoutePrefix() || (options != null && options.stripsPrefix());
    }

    private static @Nullable String query(@Nullable String first, @Nullable String second) {
        boolean noFirst = first == null || first.isEmpty();
        boolean noSecond = second == null || second.isEmpty();
        if (noFirst) {
            return noSecond ? null : second;
        }
        return noSecond ? first : first + '&' + second;
    }

    /** Joins two paths with exactly one slash in between; other doubled slashes are the sender's business. */
    private static String join(String before, String path) {
        if (before.endsWith("/")) {
            return before.length() == 1 && path.startsWith("/")
                    ? path
                    : before + (path.startsWith("/") ? path.substring(1) : path);
        }
        return path.isEmpty() || path.startsWith("/") ? before + path : before + '/' + path;
    }

    /**
     * Cuts the route's prefix off the path as it was sent: as many raw characters as decode to the prefix. Escapes in the
     * rest stay as they came.
     */
    private String withoutPrefix(String path, String routePath) {
        String prefix = routePath;
        if (hostRouting) {
            int end = prefix.indexOf('/', 1);
            prefix = end < 0 ? "/" : prefix.substring(end);
        }
        if (prefix.length() == 1) {
            return path;
        }
        int left = prefix.getBytes(StandardCharsets.UTF_8).length;
        int at = 0;
        while (at + 1 < path.length() && path.charAt(at + 1) == '/') {
            at++;
        }
        while (left > 0 && at < path.length()) {
            at += path.charAt(at) == '%' ? 3 : 1;
            left--;
        }
        return path.substring(Math.min(at, path.length()));
    }
}
