package org.joveproxy.metrics;

import java.util.concurrent.atomic.LongAdder;
import org.joveproxy.core.observe.ProxyObserver;

/**
 * Counts what the core tells: configurable-http-proxy's nine series.
 *
 * <p>Any thread may call any method. Counting takes no lock and, but for the first answer of each status, allocates
 * nothing: event loops call it several times a request.
 */
public final class MetricsObserver implements ProxyObserver {
    private final LongAdder listings = new LongAdder();
    private final LongAdder additions = new LongAdder();
    private final LongAdder deletions = new LongAdder();
    private final LongAdder webRequests = new LongAdder();
    private final LongAdder websocketRequests = new LongAdder();
    private final StatusCounter proxyAnswers = new StatusCounter();
    private final StatusCounter apiAnswers = new StatusCounter();
    private final DurationSummary lookups = new DurationSummary();
    private final DurationSummary activityUpdates = new DurationSummary();

    @Override
    public void requestStarted(RequestKind kind) {
        (kind == RequestKind.WEBSOCKET ? websocketRequests : webRequests).increment();
    }

    @Override
    public void routeLookedUp(long nanos) {
        lookups.record(nanos);
    }

    @Override
    public void activityUpdated(long nanos) {
        activityUpdates.record(nanos);
    }

    @Override
    public void responded(int status, boolean fromProxy) {
        proxyAnswers.increment(status);
    }

    @Override
    public void apiResponded(int status) {
        apiAnswers.increment(status);
    }

    @Override
    public void routesListed() {
        listings.increment();
    }

    @Override
    public void routeAdded() {
        additions.increment();
    }

    @Override
    public void routeDeleted() {
        deletions.increment();
    }

    /** Writes the nine series in the original's order. */
    void writeTo(TextFormat page) {
        page.write(MeterNames.API_ROUTE_GET, listings.sum());
        page.write(MeterNames.API_ROUTE_ADD, additions.sum());
        page.write(MeterNames.API_ROUTE_DELETE, deletions.sum());
        page.write(MeterNames.FIND_TARGET_FOR_REQ, lookups.snapshot());
        page.write(MeterNames.LAST_ACTIVITY_UPDATING, activityUpdates.snapshot());
        page.write(MeterNames.REQUESTS_WS, websocketRequests.sum());
        page.write(MeterNames.REQUESTS_WEB, webRequests.sum());
        page.write(MeterNames.REQUESTS_PROXY, proxyAnswers);
        page.write(MeterNames.REQUESTS_API, apiAnswers);
    }
}
