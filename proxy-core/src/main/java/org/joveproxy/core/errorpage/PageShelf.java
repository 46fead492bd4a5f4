package org.joveproxy.core.errorpage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The last page fetched for each status, and the number of fetches under way, shared by all event loops.
 *
 * <p>Any thread may call any method. Invariant: never more than {@value #MAX_FETCHES} fetches at one time.
 */
public final class PageShelf {
    private static final int MAX_FETCHES = 4;

    private final Map<Integer, ErrorPage> lastPages = new ConcurrentHashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();

    boolean tryBeginFetch() {
        return fetches.getAndUpdate(n -> n < MAX_FETCHES ? n + 1 : n) < MAX_FETCHES;
    }

    void endFetch() {
        fetches.getAndDecrement();
    }

    void keep(int status, ErrorPage page) {
        lastPages.put(status, page);
    }

    @Nullable
    ErrorPage last(int status) {
        return lastPages.get(status);
    }
}
