package org.joveproxy.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.joveproxy.api.ConnectionsCall.Form;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerQuery;
import org.joveproxy.core.lifecycle.LedgerSurvey;
import org.jspecify.annotations.Nullable;

/**
 * Lists the sockets of the whole proxy for callers that were found to be authorized.
 *
 * <p>Any thread may call any method. Each event loop tells of its own sockets; the text is made by a {@link ListingWriter},
 * so that thousands of sockets hold up nobody.
 */
final class ConnectionsEndpoint {
    // A loop that is silent for longer is stuck, and the answer says so.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ConnectionLedger ledger;
    private final LongSupplier clock;
    private final ListingWriter writer;

    /** Lists what {@code ledger} holds; {@code clock} is the time in milliseconds since 1970. */
    ConnectionsEndpoint(ConnectionLedger ledger, LongSupplier clock, ListingWriter writer) {
        this.ledger = ledger;
        this.clock = clock;
        this.writer = writer;
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
        LedgerQuery query = call.form() == Form.LIST
                ? LedgerQuery.list(call.filter(), call.limit())
                : LedgerQuery.count(call.filter());
        return ledger.survey(query, PATIENCE).thenCompose(survey -> written(survey, call));
    }

    private CompletableFuture<AdminAnswer> written(LedgerSurvey survey, ConnectionsCall call) {
        Instant now = Instant.ofEpochMilli(clock.getAsLong());
        try {
            return writer.write(() -> answer(call.form(), survey, now));
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.completedFuture(AdminAnswer.failure(503, "too many listings at a time"));
        }
    }

    private static AdminAnswer answer(Form form, LedgerSurvey survey, Instant time) {
        if (form == Form.SUMMARY) {
            return text(ConnectionsText.write(survey, time));
        }
        if (form == Form.SUMMARY_JSON) {
            return AdminAnswer.json(ConnectionsJson.writeSummary(survey, time));
        }
        return AdminAnswer.json(ConnectionsJson.write(survey, time));
    }

    private static AdminAnswer text(String table) {
        return new AdminAnswer(200, table, Map.of(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"), "");
    }
}
