package org.joveproxy.metrics;

import java.util.Map;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/** A request that is over. */
record Ended(
        RequestKind kind,
        @Nullable Route route,
        int status,
        Ending ending,
        @Nullable FailureKind failure,
        boolean hasReusedConnection,
        long connectionNanos,
        long firstByteNanos,
        long totalNanos,
        long bytesIn,
        long bytesOut,
        @Nullable String requestId)
        implements ExchangeReport {
    private static final Route ADAS =
            Route.of("/user/ada", Target.parse("http://127.0.0.1:9"), Map.of("user", "ada"), 0);

    /** One of a user's that all went well with. */
    static Ended well() {
        return new Ended(
                RequestKind.WEB, ADAS, 200, Ending.COMPLETE, null, true, 20_000, 3_000_000, 4_000_000, 10, 2_000, null);
    }

    /** One that the proxy answered itself. */
    static Ended failed(FailureKind why) {
        return new Ended(
                RequestKind.WEB, ADAS, why.status(), Ending.FAILED, why, false, NEVER, NEVER, 7_000_000, 0, 300, null);
    }

    Ended of(RequestKind other) {
        return new Ended(
                other,
                route,
                status,
                ending,
                failure,
                hasReusedConnection,
                connectionNanos,
                firstByteNanos,
                totalNanos,
                bytesIn,
                bytesOut,
                requestId);
    }

    Ended with(int otherStatus, Ending other, long nanos) {
        return new Ended(
                kind,
                route,
                otherStatus,
                other,
                failure,
                hasReusedConnection,
                connectionNanos,
                firstByteNanos,
                nanos,
                bytesIn,
                bytesOut,
                requestId);
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/user/ada/a-path-that-no-page-may-show";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public String client() {
        return "198.51.100.7";
    }

    /** The same with a name and another duration. */
    Ended named(String id, long nanos) {
        return new Ended(
                kind,
                route,
                status,
                ending,
                failure,
                hasReusedConnection,
                connectionNanos,
                firstByteNanos,
                nanos,
                bytesIn,
                bytesOut,
                id);
    }
}
