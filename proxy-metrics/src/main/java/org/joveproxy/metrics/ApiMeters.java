package org.joveproxy.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the requests to the REST API: which method, what was answered, and how long it took.
 *
 * <p>Any thread may call any method; counting takes no lock and allocates nothing.
 */
final class ApiMeters {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "other");

    private static final Buckets BUCKETS =
            Buckets.upTo(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    private final Histogram durations = new Histogram(BUCKETS, METHODS.size() * StatusCodes.count(), METHODS.size());
    private final StripedCounters counters = new StripedCounters(durations.end());

    /** Counts an answer to a request by {@code method}; one that could not be understood is empty and takes no time. */
    void answered(String method, int status, long nanos) {
        AtomicLongArray mine = counters.mine();
        int which = METHODS.indexOf(method);
        int row = which < 0 ? METHODS.size() - 1 : which;
        mine.getAndAdd(row * StatusCodes.count() + StatusCodes.of(status), 1);
        if (!method.isEmpty()) {
            durations.record(mine, row, nanos);
        }
    }

    /** Writes them; a method and a status that there never were have no samples. */
    void writeTo(PageWriter page) {
        long[] sums = counters.sums();
        page.begin(MeterNames.API_REQUESTS);
        for (int row = 0; row < METHODS.size(); row++) {
            for (int code = 0; code < StatusCodes.count(); code++) {
                long count = sums[row * StatusCodes.count() + code];
                if (count > 0) {
                    page.sample(MeterNames.API_REQUESTS, count, StatusCodes.label(code), METHODS.get(row));
                }
            }
        }
        page.begin(MeterNames.API_REQUEST_DURATION);
        for (int row = 0; row < METHODS.size(); row++) {
            if (durations.isUsed(sums, row)) {
                durations.writeTo(page, MeterNames.API_REQUEST_DURATION, sums, row, METHODS.get(row));
            }
        }
    }
}
