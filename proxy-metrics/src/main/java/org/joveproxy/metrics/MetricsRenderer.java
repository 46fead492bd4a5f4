package org.joveproxy.metrics;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Has pages rendered one after another on a thread of its own, which ends when nobody asks: rendering reads files, and event
 * loops must not.
 *
 * <p>Any thread may call any method.
 */
public final class MetricsRenderer implements AutoCloseable {
    private static final int MAX_WAITING_PAGES = 64;
    private static final long IDLE_SECONDS = 60;

    private final Function<PageFormat, String> source;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING_PAGES),
            MetricsRenderer::newThread);

    /** Pages that {@code source} makes. */
    public MetricsRenderer(Function<PageFormat, String> source) {
        this.source = source;
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Has a page made; the future completes on the renderer's thread.
     *
     * @throws RejectedExecutionException when too many are asked for at a time, or after {@link #close}
     */
    public CompletableFuture<String> render(PageFormat format) {
        return CompletableFuture.supplyAsync(() -> source.apply(format), thread);
    }

    /** Renders a page that nobody has asked for, so that the first scrape finds all loaded. */
    public void rehearse() {
        var unused = render(PageFormat.TEXT);
    }

    /** Ends the thread; what waits to be rendered still is. */
    @Override
    public void close() {
        thread.shutdown();
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "jove-metrics-renderer");
        thread.setDaemon(true);
        return thread;
    }
}
