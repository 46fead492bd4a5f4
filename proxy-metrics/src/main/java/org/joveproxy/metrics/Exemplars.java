package org.joveproxy.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * For each bucket of histograms one request that fell into it of late, by the name that also its line in the access log and
 * its upstream know it by (OpenMetrics 1.0, "Exemplars").
 *
 * <p>Any thread may call any method. Memory is bounded, and a bucket gets another request once a second at most.
 */
final class Exemplars {
    /** The label that has the request's name. */
    static final String LABEL = "request_id";

    // What the format allows for the label and its value together.
    private static final int MOST_CHARACTERS = 128 - LABEL.length();
    private static final long KEPT_MILLIS = 1_000;

    private final AtomicReferenceArray<@Nullable Exemplar> places;

    /**
     * A request.
     *
     * @param nanos what was measured of it
     * @param epochMillis when
     */
    record Exemplar(String requestId, long nanos, long epochMillis) {}

    /** For {@code places} buckets. */
    Exemplars(int places) {
        this.places = new AtomicReferenceArray<>(places);
    }

    /** Takes a request for the bucket at {@code place} if it has a name and the one that is there is not new. */
    void offer(int place, @Nullable String requestId, long nanos, long epochMillis) {
        if (requestId == null || requestId.length() > MOST_CHARACTERS) {
            return;
        }
        Exemplar known = places.getAcquire(place);
        if (known == null || epochMillis - known.epochMillis >= KEPT_MILLIS || epochMillis < known.epochMillis) {
            places.setRelease(place, new Exemplar(requestId, nanos, epochMillis));
        }
    }

    /** The request of the bucket at {@code place}. */
    @Nullable
    Exemplar at(int place) {
        return places.getAcquire(place);
    }
}
