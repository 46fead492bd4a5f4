package org.joveproxy.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionView;
import org.joveproxy.core.lifecycle.LedgerSurvey;
import org.joveproxy.core.lifecycle.LedgerTotals;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;

/**
 * A survey of the ledger as JSON, for programs.
 *
 * <p>Any thread may call any method.
 */
final class ConnectionsJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ConnectionsJson() {}

    /** The object that describes {@code survey}, which was finished at {@code time}. Its totals come first. */
    static String write(LedgerSurvey survey, Instant time) {
        return written(1_024 + 512 * survey.connections().size(), json -> {
            begin(json, survey, time);
            json.writeNumberField(
                    "omitted", survey.matched() - survey.connections().size());
            json.writeArrayFieldStart("connections");
            for (ConnectionView connection : survey.connections()) {
                connection(json, connection);
            }
            json.writeEndArray();
        });
    }

    /** The object with what {@code survey} has counted by role and phase, by route and by target. */
    static String writeSummary(LedgerSurvey survey, Instant time) {
        return written(4_096, json -> {
            begin(json, survey, time);
            json.writeArrayFieldStart("groups");
            for (LedgerSurvey.Group group : survey.groups()) {
                json.writeStartObject();
                json.writeStringField("role", group.role().label());
                json.writeStringField("phase", group.phase().label());
                json.writeNumberField("sockets", group.count());
                json.writeNumberField("oldest_ms", group.oldest().toMillis());
                json.writeNumberField("bytes_in", group.bytesIn());
                json.writeNumberField("bytes_out", group.bytesOut());
                json.writeEndObject();
            }
            json.writeEndArray();
            counts(json, "routes", survey.routes());
            counts(json, "targets", survey.targets());
        });
    }

    private static void counts(JsonGenerator json, String name, Map<String, Integer> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static String written(int length, Content content) {
        StringWriter text = new StringWriter(length);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            content.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON in memory cannot be written", e);
        }
        return text.append('\n').toString();
    }

    private static void begin(JsonGenerator json, LedgerSurvey survey, Instant time) throws IOException {
        json.writeStringField("time", RouteJson.TIME.format(time));
        totals(json, survey.totals());
        json.writeArrayFieldStart("missing_loops");
        for (String loop : survey.missing()) {
            json.writeString(loop);
        }
        json.writeEndArray();
        json.writeNumberField("matched", survey.matched());
    }

    /** Writes the field with the counters since the start. */
    static void totals(JsonGenerator json, LedgerTotals totals) throws IOException {
        Sums all = Sums.of(totals);
        json.writeObjectFieldStart("totals");
        json.writeNumberField("opened", all.opened());
        json.writeNumberField("closed", all.closed());
        json.writeNumberField("open", all.open());
        json.writeObjectFieldStart("by_role");
        for (Role role : Role.values()) {
            json.writeObjectFieldStart(role.label());
            json.writeNumberField("opened", totals.opened(role));
            json.writeNumberField("closed", totals.closed(role));
            json.writeNumberField("open", totals.open(role));
            json.writeNumberField("bytes_in", totals.bytesIn(role));
            json.writeNumberField("bytes_out", totals.bytesOut(role));
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeObjectFieldStart("open_by_phase");
        for (Phase phase : Phase.values()) {
            json.writeNumberField(phase.label(), totals.open(phase));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("closed_by_reason");
        for (CloseReason reason : CloseReason.values()) {
            json.writeNumberField(reason.label(), totals.closed(reason));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The sums over all roles. */
    record Sums(long opened, long closed, long open) {
        static Sums of(LedgerTotals totals) {
            long opened = 0;
            long closed = 0;
            long open = 0;
            for (Role role : Role.values()) {
                opened += totals.opened(role);
                closed += totals.closed(role);
                open += totals.open(role);
            }
            return new Sums(opened, closed, open);
        }
    }

    private static void connection(JsonGenerator json, ConnectionView socket) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", socket.id());
        json.writeStringField("role", socket.role().label());
        text(json, "purpose", socket.purpose() == null ? null : socket.purpose().label());
        json.writeStringField("phase", socket.phase().label());
        json.writeNumberField("age_ms", socket.age().toMillis());
        json.writeNumberField("phase_ms", socket.inPhase().toMillis());
        number(json, "deadline_ms", socket.timeLeft() == null ? null : millis(socket.timeLeft()));
        json.writeNumberField("bytes_in", socket.bytesIn());
        json.writeNumberField("bytes_out", socket.bytesOut());
        text(json, "local", SocketText.of(socket.local()));
        text(json, "peer", SocketText.of(socket.peer()));
        json.writeBooleanField("tls", socket.isTls());
        text(json, "route", socket.route());
        text(json, "target", socket.target());
        number(json, "partner", socket.partner());
        json.writeEndObject();
    }

    private static Long millis(Duration duration) {
        return duration.toMillis();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value);
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }
}
