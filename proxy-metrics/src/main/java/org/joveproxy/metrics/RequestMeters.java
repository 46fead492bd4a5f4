package org.joveproxy.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteClass;
import org.jspecify.annotations.Nullable;

/**
 * Counts what became of requests: how they ended, how long they took to which point, and what they carried.
 *
 * <p>Any thread may call any method. Event loops count each request here: that takes no lock and allocates nothing
 * but an exemplar a second for each bucket, if requests have names. No label
 * has a value that a client, an upstream or a user could make up.
 */
@SuppressWarnings("EnumOrdinal") // the places of the counters are nobody's business but this class's
final class RequestMeters {
    private static final List<RequestKind> KINDS = List.of(RequestKind.values());
    private static final List<Ending> ENDINGS = List.of(Ending.values());
    private static final List<FailureKind> FAILURES = List.of(FailureKind.values());
    private static final List<RouteClass> CLASSES = List.of(RouteClass.values());
    private static final String NO_CLASS = "none";
    private static final String CUT_OFF = Ending.CUT_OFF.label();

    private static final Buckets WAITS =
            Buckets.upTo(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);
    private static final Buckets ANSWERS =
            Buckets.upTo(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300);
    private static final Buckets WEBSOCKETS =
            Buckets.upTo(1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400);

    private static final int SWITCHING_PROTOCOLS = 101;

    // Layout: answers of upstreams by kind, ending and code; those of the proxy by kind, ending and failure, which
    // has the code; failures of upstreams, the last for answers that broke off; bytes by kind and direction; the
    // histograms.
    private static final int OF_PROXY = KINDS.size() * ENDINGS.size() * StatusCodes.count();
    private static final int ERRORS = OF_PROXY + KINDS.size() * ENDINGS.size() * FAILURES.size();
    private static final int BROKEN_OFF = ERRORS + FAILURES.size();
    private static final int BYTES = BROKEN_OFF + 1;

    private final Histogram durations = new Histogram(ANSWERS, BYTES + KINDS.size() * 2, KINDS.size() * classes());
    private final Histogram firstBytes = new Histogram(ANSWERS, durations.end(), 1);
    private final Histogram waits = new Histogram(WAITS, firstBytes.end(), 2);
    private final Histogram websockets = new Histogram(WEBSOCKETS, waits.end(), 1);
    private final Exemplars exemplars = durations.newExemplars();
    private final StripedCounters counters = new StripedCounters(websockets.end());

    private static int classes() {
        return CLASSES.size() + 1;
    }

    /** Counts a request that is over, or the websocket that it has opened. */
    void ended(ExchangeReport report) {
        AtomicLongArray mine = counters.mine();
        int kind = report.kind().ordinal();
        countEnding(mine, report, kind);
        if (report.bytesIn() > 0) {
            mine.getAndAdd(BYTES + kind * 2, report.bytesIn());
        }
        if (report.bytesOut() > 0) {
            mine.getAndAdd(BYTES + kind * 2 + 1, report.bytesOut());
        }
        if (report.connectionNanos() != ExchangeReport.NEVER) {
            waits.record(mine, report.hasReusedConnection() ? 1 : 0, report.connectionNanos());
        }
        if (report.firstByteNanos() != ExchangeReport.NEVER) {
            firstBytes.record(mine, 0, report.firstByteNanos());
        }
        if (report.kind() == RequestKind.WEBSOCKET && report.status() == SWITCHING_PROTOCOLS) {
            websockets.record(mine, 0, report.totalNanos());
        } else {
            int place = durations.record(mine, kind * classes() + routeClass(report.route()), report.totalNanos());
            if (report.requestId() != null) {
                exemplars.offer(place, report.requestId(), report.totalNanos(), System.currentTimeMillis());
            }
        }
    }

    private static void countEnding(AtomicLongArray mine, ExchangeReport report, int kind) {
        int row = kind * ENDINGS.size() + report.ending().ordinal();
        FailureKind failure = report.failure();
        if (failure == null) {
            mine.getAndAdd(row * StatusCodes.count() + StatusCodes.of(report.status()), 1);
            if (report.ending() == Ending.CUT_OFF) {
                mine.getAndAdd(BROKEN_OFF, 1);
            }
            return;
        }
        mine.getAndAdd(OF_PROXY + row * FAILURES.size() + failure.ordinal(), 1);
        if (failure.isOfUpstream()) {
            mine.getAndAdd(ERRORS + failure.ordinal(), 1);
        }
    }

    private static int routeClass(@Nullable Route route) {
        return route == null ? CLASSES.size() : route.routeClass().ordinal();
    }

    // ---- the page ----

    /** Writes them. What has labels of many values has samples only of those that there were. */
    void writeTo(PageWriter page) {
        long[] sums = counters.sums();
        writeEndings(page, sums);
        writeDurations(page, sums);
        page.begin(MeterNames.FIRST_BYTE);
        firstBytes.writeTo(page, MeterNames.FIRST_BYTE, sums, 0);
        page.begin(MeterNames.CONNECTION_WAIT);
        waits.writeTo(page, MeterNames.CONNECTION_WAIT, sums, 0, "new");
        waits.writeTo(page, MeterNames.CONNECTION_WAIT, sums, 1, "reused");
        page.begin(MeterNames.WEBSOCKET_DURATION);
        websockets.writeTo(page, MeterNames.WEBSOCKET_DURATION, sums, 0);
        writeErrors(page, sums);
        page.begin(MeterNames.BODY_BYTES);
        for (RequestKind kind : KINDS) {
            page.sample(MeterNames.BODY_BYTES, sums[BYTES + kind.ordinal() * 2], "in", kind.label());
            page.sample(MeterNames.BODY_BYTES, sums[BYTES + kind.ordinal() * 2 + 1], "out", kind.label());
        }
    }

    private static void writeEndings(PageWriter page, long[] sums) {
        page.begin(MeterNames.HTTP_REQUESTS);
        for (RequestKind kind : KINDS) {
            for (Ending ending : ENDINGS) {
                int row = kind.ordinal() * ENDINGS.size() + ending.ordinal();
                for (int code = 0; code < StatusCodes.count(); code++) {
                    long count = sums[row * StatusCodes.count() + code];
                    writeEnding(page, count, StatusCodes.label(code), ending, kind, "upstream", "");
                }
                for (FailureKind failure : FAILURES) {
                    long count = sums[OF_PROXY + row * FAILURES.size() + failure.ordinal()];
                    String code = Integer.toString(failure.status());
                    writeEnding(page, count, code, ending, kind, "proxy", failure.label());
                }
            }
        }
    }

    private static void writeEnding(
            PageWriter page, long count, String code, Ending ending, RequestKind kind, String origin, String reason) {
        if (count > 0) {
            page.sample(MeterNames.HTTP_REQUESTS, count, code, ending.label(), kind.label(), origin, reason);
        }
    }

    private void writeDurations(PageWriter page, long[] sums) {
        page.begin(MeterNames.HTTP_REQUEST_DURATION);
        for (RequestKind kind : KINDS) {
            for (int i = 0; i < classes(); i++) {
                int which = kind.ordinal() * classes() + i;
                if (durations.isUsed(sums, which)) {
                    String label =
                            i == CLASSES.size() ? NO_CLASS : CLASSES.get(i).label();
                    durations.writeTo(
                            page, MeterNames.HTTP_REQUEST_DURATION, sums, exemplars, which, kind.label(), label);
                }
            }
        }
    }

    private static void writeErrors(PageWriter page, long[] sums) {
        page.begin(MeterNames.UPSTREAM_ERRORS);
        FAILURES.stream()
                .filter(FailureKind::isOfUpstream)
                .forEach(failure ->
                        page.sample(MeterNames.UPSTREAM_ERRORS, sums[ERRORS + failure.ordinal()], failure.label()));
        page.sample(MeterNames.UPSTREAM_ERRORS, sums[BROKEN_OFF], CUT_OFF);
    }
}
