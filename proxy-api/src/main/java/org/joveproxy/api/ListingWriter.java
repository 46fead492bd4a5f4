package org.joveproxy.api;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.joveproxy.store.RouteJson;

/**
 * Makes long answers one after another on a thread of its own, so that they hold up no event loop.
 *
 * <p>Any thread may call any method. The thread ends when nobody asks. Only a few answers may be asked for at a time.
 */
final class ListingWriter implements AutoCloseable {
    private static final int MAX_WAITING = 16;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), ListingWriter::newThread);

    ListingWriter() {
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Has {@code listing} made.
     *
     * @throws RejectedExecutionException when too many wait already
     */
    CompletableFuture<AdminAnswer> write(Supplier<AdminAnswer> listing) {
        return CompletableFuture.supplyAsync(listing, thread);
    }

    /** Has what makes answers loaded, in the background, so that the first request does not wait for it on an event loop. */
    void rehearse() {
        thread.execute(RouteJson::load);
    }

    /** Ends the thread; a listing under way is not answered. */
    @Override
    public void close() {
        thread.shutdown();
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "jove-listings");
        thread.setDaemon(true);
        return thread;
    }
}
