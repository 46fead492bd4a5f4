package org.joveproxy.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerQuery;
import org.joveproxy.core.lifecycle.LedgerSurvey;
import org.jspecify.annotations.Nullable;

/**
 * Lists the sockets of the whole proxy for callers that were found to be authorized.
 *
 * <p>Any thread may call any method. Each event loop tells of its own sockets; the text is made on a thread of this class,
 * which ends when nobody asks, so that thousands of sockets hold up nobody. Only a few listings may be asked for at a time.
 */
final class ConnectionsEndpoint implements AutoCloseable {
    // A loop that is silent for longer is stuck, and the answer says so.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_WAITING = 16;
    private static final int IDLE_WRITER_SECONDS = 10;

    private final ConnectionLedger ledger;
    private final LongSupplier clock;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            IDLE_WRITER_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            ConnectionsEndpoint::writerThread);

    /** Lists what {@code ledger} holds; {@code clock} is the time in milliseconds since 1970. */
    ConnectionsEndpoint(ConnectionLedger ledger, LongSupplier clock) {
        this.ledger = ledger;
        this.clock = clock;
        writer.allowCoreThreadTimeOut(true);
    }

    /** The sockets that {@code query} asks for, as JSON, or a summary of them for people. */
    AdminAction read(@Nullable String query) {
        ConnectionsCall call;
        try {
            call = ConnectionsCall.parse(query);
        } catch (IllegalArgumentException e) {
            return AdminAction.answering(AdminAnswer.failure(400, LogText.oneLine(String.valueOf(e.getMessage()))));
        }
        return AdminAction.later(() -> answer(call));
    }

    private CompletableFuture<AdminAnswer> answer(ConnectionsCall call) {
        LedgerQuery query =
                call.isSummary() ? LedgerQuery.count(call.filter()) : LedgerQuery.list(call.filter(), call.limit());
        return ledger.survey(query, PATIENCE).thenCompose(survey -> written(survey, call));
    }

    private CompletableFuture<AdminAnswer> written(LedgerSurvey survey, ConnectionsCall call) {
        Instant now = Instant.ofEpochMilli(clock.getAsLong());
        try {
            return CompletableFuture.supplyAsync(
                    () -> call.isSummary()
                            ? text(ConnectionsText.write(survey, now))
                            : AdminAnswer.json(ConnectionsJson.write(survey, now)),
                    writer);
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.completedFuture(AdminAnswer.failure(503, "too many listings at a time"));
        }
    }

    private static AdminAnswer text(String table) {
        return new AdminAnswer(200, table, Map.of(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"), "");
    }

    /** Ends the thread that writes; a listing under way is not answered. */
    @Override
    public void close() {
        writer.shutdown();
    }

    private static Thread writerThread(Runnable work) {
        Thread thread = new Thread(work, "jove-listings");
        thread.setDaemon(true);
        return thread;
    }
}
