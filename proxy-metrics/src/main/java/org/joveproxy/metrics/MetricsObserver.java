package org.joveproxy.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.Reloadable;

/**
 * Counts what the core tells: configurable-http-proxy's nine series, and what becomes of requests, of changes of routes and
 * of files.
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

    private final RequestMeters requests = new RequestMeters();
    private final ApiMeters api = new ApiMeters();
    private final Map<PageResult, LongAdder> errorPages = new EnumMap<>(PageResult.class);

    private final Map<HoldResult, LongAdder> holds = new EnumMap<>(HoldResult.class);

    private final LongAdder changesKept = new LongAdder();
    private final LongAdder changesNotKept = new LongAdder();
    private final LongAdder replicasLate = new LongAdder();
    private final DurationSummary writes = new DurationSummary();
    private final Map<HubAnswer, LongAdder> hubAnswers = new EnumMap<>(HubAnswer.class);
    private final Map<LookResult, LongAdder> looks = new EnumMap<>(LookResult.class);
    private final Map<Reloadable, Map<ReloadResult, LongAdder>> reloads = new EnumMap<>(Reloadable.class);
    private volatile long lastKeptMillis;

    /** An observer that has counted nothing. */
    public MetricsObserver() {
        for (PageResult result : PageResult.values()) {
            errorPages.put(result, new LongAdder());
        }
        for (HoldResult result : HoldResult.values()) {
            holds.put(result, new LongAdder());
        }
        for (HubAnswer answer : HubAnswer.values()) {
            hubAnswers.put(answer, new LongAdder());
        }
        for (LookResult result : LookResult.values()) {
            looks.put(result, new LongAdder());
        }
        for (Reloadable what : Reloadable.values()) {
            Map<ReloadResult, LongAdder> results = new EnumMap<>(ReloadResult.class);
            for (ReloadResult result : ReloadResult.values()) {
                results.put(result, new LongAdder());
            }
            reloads.put(what, results);
        }
    }

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
    public void exchangeEnded(ExchangeReport report) {
        requests.ended(report);
    }

    @Override
    public void holdEnded(HoldResult result) {
        Objects.requireNonNull(holds.get(result)).increment();
    }

    @Override
    public void apiResponded(String method, int status, long nanos) {
        apiAnswers.increment(status);
        api.answered(method, status, nanos);
    }

    @Override
    public void errorPageAsked(PageResult result) {
        counterOf(result).increment();
    }

    private LongAdder counterOf(PageResult result) {
        return Objects.requireNonNull(errorPages.get(result));
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

    @Override
    public void routesKept(int changes, long nanos) {
        changesKept.add(changes);
        writes.record(nanos);
        lastKeptMillis = System.currentTimeMillis();
    }

    @Override
    public void routesNotKept(int changes) {
        changesNotKept.add(changes);
    }

    @Override
    public void replicasLate(int replicas) {
        replicasLate.add(replicas);
    }

    @Override
    public void lookedAgain(LookResult result) {
        counterOf(result).increment();
    }

    private LongAdder counterOf(LookResult result) {
        return Objects.requireNonNull(looks.get(result));
    }

    @Override
    public void hubAsked(HubAnswer answer) {
        counterOf(answer).increment();
    }

    private LongAdder counterOf(HubAnswer answer) {
        return Objects.requireNonNull(hubAnswers.get(answer));
    }

    @Override
    public void reloaded(Reloadable what, ReloadResult result) {
        counterOf(what, result).increment();
    }

    private LongAdder counterOf(Reloadable what, ReloadResult result) {
        return Objects.requireNonNull(Objects.requireNonNull(reloads.get(what)).get(result));
    }

    long lateReplicas() {
        return replicasLate.sum();
    }

    long looks(LookResult result) {
        return counterOf(result).sum();
    }

    long reloads(Reloadable what, ReloadResult result) {
        return counterOf(what, result).sum();
    }

    long hubAnswers(HubAnswer answer) {
        return counterOf(answer).sum();
    }

    /** Writes what became of changes of routes, and how long they took. */
    void writeStoreTo(PageWriter page) {
        page.begin(MeterNames.STORE_CHANGES);
        page.sample(MeterNames.STORE_CHANGES, changesKept.sum(), "kept");
        page.sample(MeterNames.STORE_CHANGES, changesNotKept.sum(), "not_kept");
        page.write(MeterNames.STORE_DURATION, writes.snapshot());
        page.writeTime(MeterNames.STORE_LAST_SUCCESS, lastKeptMillis);
    }

    /** Writes what became of requests, to the proxy and to its REST API. */
    void writeRequestsTo(PageWriter page) {
        requests.writeTo(page);
        page.begin(MeterNames.ERROR_PAGES);
        errorPages.forEach((result, count) -> page.sample(MeterNames.ERROR_PAGES, count.sum(), result.label()));
        page.begin(MeterNames.REQUESTS_HELD);
        holds.forEach((result, count) -> page.sample(MeterNames.REQUESTS_HELD, count.sum(), result.label()));
        api.writeTo(page);
    }

    /** Writes the nine series in the original's order. */
    void writeTo(PageWriter page) {
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
