package org.joveproxy.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.joveproxy.core.routing.MalformedPathException;
import org.joveproxy.core.routing.RequestTarget;
import org.joveproxy.core.routing.RoutePath;
import org.jspecify.annotations.Nullable;

/**
 * Decides by a request's head who answers it.
 *
 * <p>Any thread may call any method.
 */
final class AdminRouter {
    private static final String ROUTES = "/api/routes";
    private static final String CONNECTIONS = "/api/connections";
    private static final String REPLICAS = "/api/replicas";
    private static final String LOG_LEVEL = "/api/log-level";
    private static final String STATUS = "/api/status";
    private static final String METRICS = "/metrics";

    private final TokenAuthorization authorization;
    private final RoutesEndpoint routes;
    private final ConnectionsEndpoint connections;
    private final ReplicasEndpoint replicas;
    private final LogLevelEndpoint logLevel;
    private final StatusEndpoint status;
    private final StatusPage page;
    private final @Nullable MetricsEndpoint metrics;
    private final ListingWriter listings;
    private final List<Endpoint> endpoints;
    private final String allowedMethods;

    AdminRouter(
            TokenAuthorization authorization,
            RoutesEndpoint routes,
            ConnectionsEndpoint connections,
            ReplicasEndpoint replicas,
            LogLevelEndpoint logLevel,
            StatusEndpoint status,
            StatusPage page,
            @Nullable MetricsEndpoint metrics,
            ListingWriter listings) {
        this.authorization = authorization;
        this.routes = routes;
        this.connections = connections;
        this.replicas = replicas;
        this.logLevel = logLevel;
        this.status = status;
        this.page = page;
        this.metrics = metrics;
        this.listings = listings;
        this.endpoints = List.of(
                new Endpoint(HttpMethod.GET, this::read),
                new Endpoint(HttpMethod.POST, call -> new AdminAction(true, body -> routes.write(call, body))),
                new Endpoint(HttpMethod.DELETE, call -> AdminAction.later(() -> routes.remove(call))));
        this.allowedMethods =
                endpoints.stream().map(endpoint -> endpoint.method().name()).collect(Collectors.joining(", "));
    }

    /** One row of the table: what a method below {@code /api/routes} does. */
    private record Endpoint(HttpMethod method, Function<RoutesCall, AdminAction> action) {}

    /** What to do with {@code request}. Paths and methods that do not exist are refused to everybody, the rest by token. */
    AdminAction route(HttpRequest request) {
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.headers().contains(HttpHeaderNames.HOST)) {
            return AdminAction.answering(AdminAnswer.empty(400));
        }
        try {
            return route(request, RequestTarget.parse(request.uri()));
        } catch (MalformedPathException e) {
            return AdminAction.answering(AdminAnswer.failure(400, LogText.oneLine(String.valueOf(e.getMessage()))));
        }
    }

    private AdminAction route(HttpRequest request, RequestTarget target) throws MalformedPathException {
        String path = target.path();
        if (path.equals(ROUTES) || path.startsWith(ROUTES + "/")) {
            return routes(request, target);
        }
        if (path.equals(CONNECTIONS) || path.equals(CONNECTIONS + "/")) {
            return connections(request, target);
        }
        if (path.equals(REPLICAS) || path.equals(REPLICAS + "/")) {
            return replicas(request);
        }
        if (path.equals(LOG_LEVEL) || path.equals(LOG_LEVEL + "/")) {
            return logLevel(request);
        }
        if (path.equals(STATUS) || path.equals(STATUS + "/")) {
            return status(request);
        }
        if (metrics != null && path.equals(METRICS)) {
            return metrics(request, metrics);
        }
        AdminAction file = page.find(request, path);
        return file == null ? AdminAction.answering(AdminAnswer.failure(404)) : file;
    }

    private AdminAction status(HttpRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            return AdminAction.answering(AdminAnswer.methodNotSupported(HttpMethod.GET.name()));
        }
        return isPermitted(request) ? status.read() : AdminAction.answering(AdminAnswer.empty(403));
    }

    /** Whether a request is one that a page repeats for as long as somebody looks at it. */
    static boolean isRepeated(HttpRequest request) {
        return request.uri().equals(STATUS);
    }

    private AdminAction replicas(HttpRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            return AdminAction.answering(AdminAnswer.methodNotSupported(HttpMethod.GET.name()));
        }
        return AdminAction.answering(isPermitted(request) ? replicas.read() : AdminAnswer.empty(403));
    }

    private AdminAction logLevel(HttpRequest request) {
        boolean isChange = request.method().equals(HttpMethod.PUT);
        if (!isChange && !request.method().equals(HttpMethod.GET)) {
            return AdminAction.answering(AdminAnswer.methodNotSupported("GET, PUT"));
        }
        if (!isPermitted(request)) {
            return AdminAction.answering(AdminAnswer.empty(403));
        }
        return isChange ? AdminAction.now(true, logLevel::write) : AdminAction.answering(logLevel.read());
    }

    private static AdminAction metrics(HttpRequest request, MetricsEndpoint served) {
        if (!request.method().equals(HttpMethod.GET)) {
            return AdminAction.answering(AdminAnswer.methodNotSupported(HttpMethod.GET.name()));
        }
        if (!served.permits(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return AdminAction.answering(AdminAnswer.empty(403));
        }
        String accept = request.headers().get(HttpHeaderNames.ACCEPT);
        return AdminAction.later(() -> served.read(accept));
    }

    private AdminAction connections(HttpRequest request, RequestTarget target) {
        if (!request.method().equals(HttpMethod.GET)) {
            return AdminAction.answering(AdminAnswer.methodNotSupported(HttpMethod.GET.name()));
        }
        return isPermitted(request) ? connections.read(target.query()) : AdminAction.answering(AdminAnswer.empty(403));
    }

    private AdminAction routes(HttpRequest request, RequestTarget target) throws MalformedPathException {
        Endpoint endpoint = endpointFor(request.method());
        if (endpoint == null) {
            return AdminAction.answering(AdminAnswer.methodNotSupported(allowedMethods));
        }
        if (!isPermitted(request)) {
            return AdminAction.answering(AdminAnswer.empty(403));
        }
        String afterRoutes = target.path().substring(ROUTES.length());
        boolean isWholeTable = afterRoutes.isEmpty() || afterRoutes.equals("/");
        RoutesCall call = new RoutesCall(RoutePath.decodeApiPath(afterRoutes), isWholeTable, target.query());
        return endpoint.action().apply(call);
    }

    private AdminAction read(RoutesCall call) {
        return routes.isLong(call)
                ? AdminAction.later(() -> listing(call))
                : AdminAction.now(false, body -> routes.read(call));
    }

    /** A long listing. Where too many wait it is made at once: the hub cannot do without. */
    private CompletableFuture<AdminAnswer> listing(RoutesCall call) {
        try {
            return listings.write(() -> routes.read(call));
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.completedFuture(routes.read(call));
        }
    }

    private boolean isPermitted(HttpRequest request) {
        return authorization.permits(request.headers().get(HttpHeaderNames.AUTHORIZATION));
    }

    private @Nullable Endpoint endpointFor(HttpMethod method) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.method().equals(method)) {
                return endpoint;
            }
        }
        return null;
    }

    /** The time of answers. */
    long epochMillis() {
        return routes.epochMillis();
    }
}
