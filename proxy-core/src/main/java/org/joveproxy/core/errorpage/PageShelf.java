package org.joveproxy.core.errorpage;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages fetched lately and the fetches begun lately, shared by all event loops: what keeps a storm of errors from
 * becoming a storm on the server that makes the pages.
 *
 * <p>Any thread may call any method. Invariants: never more than {@value #MAX_FETCHES} fetches at one time, for each status
 * never more than {@value #FETCHES_A_SECOND} in any second and none in the second after one has failed; never more than
 * {@value #MAX_PAGES} pages of at most {@value #MAX_KEPT_BYTES} bytes, and one page for each status.
 */
public final class PageShelf {
    private static final int MAX_FETCHES = 4;
    private static final int FETCHES_A_SECOND = 8;
    private static final int MAX_PAGES = 64;
    private static final int MAX_KEPT_BYTES = 64 * 1024;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<Integer, Fetches> byStatus = new HashMap<>();
    private final Map<String, Kept> pages = new LinkedHashMap<>();
    private int underWay;

    private record Kept(ErrorPage page, long since) {}

    /** An empty shelf that goes by {@code nanoTime}. */
    public PageShelf(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the caller may fetch a page for {@code status} now; if so, {@link #keep} or {@link #fetchFailed} must follow. */
    synchronized boolean tryBeginFetch(int status) {
        if (underWay == MAX_FETCHES || !fetches(status).tryBegin(nanoTime.getAsLong())) {
            return false;
        }
        underWay++;
        return true;
    }

    /** A fetch for {@code status} has brought no page. */
    synchronized void fetchFailed(int status) {
        underWay--;
        fetches(status).failed(nanoTime.getAsLong());
    }

    /** A fetch for {@code status} has brought {@code page}. */
    synchronized void keep(int status, String path, ErrorPage page) {
        underWay--;
        fetches(status).lastPage = page;
        if (page.body().readableBytes() > MAX_KEPT_BYTES) {
            return;
        }
        pages.remove(path);
        pages.put(path, new Kept(page, nanoTime.getAsLong()));
        if (pages.size() > MAX_PAGES) {
            pages.remove(pages.keySet().iterator().next());
        }
    }

    /** The page that {@code path} had less than a second ago, or null. */
    synchronized @Nullable ErrorPage fresh(String path) {
        Kept kept = pages.get(path);
        return kept != null && nanoTime.getAsLong() - kept.since() < SECOND ? kept.page() : null;
    }

    /** The page that was fetched last for {@code status}, or null. */
    synchronized @Nullable ErrorPage last(int status) {
        return fetches(status).lastPage;
    }

    private Fetches fetches(int status) {
        return byStatus.computeIfAbsent(status, unused -> new Fetches(nanoTime.getAsLong()));
    }

    /** What is known of one status; guarded by the shelf. */
    private static final class Fetches {
        // When each of the last fetches began, as a ring: the oldest is the next to be overwritten.
        private final long[] begun = new long[FETCHES_A_SECOND];
        private int oldest;
        private long quietUntil;
        private @Nullable ErrorPage lastPage;

        Fetches(long now) {
            Arrays.fill(begun, now - SECOND);
            quietUntil = now;
        }

        boolean tryBegin(long now) {
            if (now - begun[oldest] < SECOND || now - quietUntil < 0) {
                return false;
            }
            begun[oldest] = now;
            oldest = (oldest + 1) % FETCHES_A_SECOND;
            return true;
        }

        void failed(long now) {
            quietUntil = now + SECOND;
        }
    }
}
