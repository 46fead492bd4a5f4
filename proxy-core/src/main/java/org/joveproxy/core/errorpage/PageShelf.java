package org.joveproxy.core.errorpage;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The pages fetched lately and the number of fetches under way, shared by all event loops.
 *
 * <p>Any thread may call any method. Invariants: never more than {@value #MAX_FETCHES} fetches at one time, never more than
 * {@value #MAX_PAGES} pages of at most {@value #MAX_KEPT_BYTES} bytes, and one page for each status.
 */
public final class PageShelf {
    private static final int MAX_FETCHES = 4;
    private static final int MAX_PAGES = 64;
    private static final int MAX_KEPT_BYTES = 64 * 1024;
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final AtomicInteger fetches = new AtomicInteger();
    private final Map<Integer, ErrorPage> lastPages = new LinkedHashMap<>();
    private final Map<String, Kept> pages = new LinkedHashMap<>();

    private record Kept(ErrorPage page, long since) {}

    boolean tryBeginFetch() {
        return fetches.getAndUpdate(n -> n < MAX_FETCHES ? n + 1 : n) < MAX_FETCHES;
    }

    void endFetch() {
        fetches.getAndDecrement();
    }

    synchronized void keep(int status, String path, ErrorPage page) {
        lastPages.put(status, page);
        if (page.body().readableBytes() > MAX_KEPT_BYTES) {
            return;
        }
        pages.remove(path);
        pages.put(path, new Kept(page, System.nanoTime()));
        if (pages.size() > MAX_PAGES) {
            pages.remove(pages.keySet().iterator().next());
        }
    }

    /** The page that {@code path} had less than a second ago, or null. */
    synchronized @Nullable ErrorPage fresh(String path) {
        Kept kept = pages.get(path);
        return kept != null && System.nanoTime() - kept.since() < FRESH_NANOS ? kept.page() : null;
    }

    synchronized @Nullable ErrorPage last(int status) {
        return lastPages.get(status);
    }
}
