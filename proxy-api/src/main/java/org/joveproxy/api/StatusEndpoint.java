package org.joveproxy.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerTotals;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds.Bound;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;

/**
 * Tells how the proxy is at this moment, for callers that were found to be authorized. Made of what is counted anyway.
 *
 * <p>Any thread may call any method. {@code /proc} is read, so the text is made by a {@link ListingWriter}.
 */
final class StatusEndpoint {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Path PROCESS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private final ProxyFacts facts;
    private final ConnectionLedger ledger;
    private final RouteTable routes;
    private final RouteStore store;
    private final RestoredRoutes restored;
    private final ReplicasEndpoint replicas;
    private final LongSupplier clock;
    private final ListingWriter writer;

    /** {@code clock} is the time in milliseconds since 1970. */
    StatusEndpoint(
            ProxyFacts facts,
            ConnectionLedger ledger,
            RouteTable routes,
            RouteStore store,
            RestoredRoutes restored,
            LongSupplier clock,
            ListingWriter writer) {
        this.facts = facts;
        this.ledger = ledger;
        this.routes = routes;
        this.store = store;
        this.restored = restored;
        this.replicas = new ReplicasEndpoint(store);
        this.clock = clock;
        this.writer = writer;
    }

    /** An object, whose fields {@code docs/operations.md} explains. */
    AdminAction read() {
        return AdminAction.later(() -> {
            try {
                return writer.write(() -> AdminAnswer.json(json()));
            } catch (RejectedExecutionException tooMany) {
                return CompletableFuture.completedFuture(AdminAnswer.failure(503, "too many listings at a time"));
            }
        });
    }

    private String json() {
        StringWriter text = new StringWriter(4_096);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            long now = clock.getAsLong();
            json.writeStringField("time", time(now));
            json.writeStringField("version", facts.version());
            json.writeStringField("started", time(facts.startedMillis()));
            json.writeNumberField("uptime_ms", Math.max(0, now - facts.startedMillis()));
            json.writeNumberField("event_loops", facts.eventLoops());
            writeRoutes(json);
            writeStore(json);
            replicas.write(json);
            LedgerTotals totals = ledger.totals();
            ConnectionsJson.totals(json, totals);
            writeOpen(json, totals);
            writeBounds(json);
            writeMemory(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON in memory cannot be written", e);
        }
        return text.append('\n').toString();
    }

    private void writeRoutes(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("routes");
        json.writeNumberField("count", routes.size());
        json.writeNumberField("unconfirmed", restored.unconfirmed());
        OptionalLong read = restored.tableReadMillis();
        json.writeStringField("table_read", read.isPresent() ? time(read.getAsLong()) : null);
        json.writeEndObject();
    }

    private void writeStore(JsonGenerator json) throws IOException {
        StoreStatus status = store.status();
        json.writeObjectFieldStart("store");
        json.writeStringField("kind", status.kind());
        json.writeBooleanField("has_routes", status.hasRoutes());
        json.writeBooleanField("working", status.isWorking());
        json.writeStringField("detail", status.detail());
        json.writeFieldName("silence_ms");
        if (status.silence() == null) {
            json.writeNull();
        } else {
            json.writeNumber(status.silence().toMillis());
        }
        json.writeEndObject();
    }

    /** Only what there is: most roles never come to most phases. */
    private static void writeOpen(JsonGenerator json, LedgerTotals totals) throws IOException {
        json.writeObjectFieldStart("open");
        for (Role role : Role.values()) {
            json.writeObjectFieldStart(role.label());
            for (Phase phase : Phase.values()) {
                if (totals.open(role, phase) != 0) {
                    json.writeNumberField(phase.label(), totals.open(role, phase));
                }
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void writeBounds(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("bounds");
        for (Bound bound : Bound.values()) {
            json.writeObjectFieldStart(bound.label());
            json.writeNumberField("used", facts.bounds().used(bound));
            json.writeNumberField("limit", facts.bounds().limit(bound));
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeNumberField("targets_left_alone", facts.bounds().openBreakers());
    }

    private static void writeMemory(JsonGenerator json) throws IOException {
        Runtime java = Runtime.getRuntime();
        json.writeObjectFieldStart("memory");
        json.writeNumberField("heap_used", java.totalMemory() - java.freeMemory());
        json.writeNumberField("heap_committed", java.totalMemory());
        json.writeNumberField("heap_limit", java.maxMemory());
        json.writeFieldName("resident");
        Long resident = residentBytes();
        if (resident == null) {
            json.writeNull();
        } else {
            json.writeNumber(resident);
        }
        json.writeEndObject();
    }

    /** What the process holds of the machine's memory, or null where the system does not tell. */
    private static @Nullable Long residentBytes() {
        try {
            for (String line : Files.readAllLines(PROCESS)) {
                if (line.startsWith(RESIDENT)) {
                    String kibibytes =
                            line.substring(RESIDENT.length()).replace("kB", "").strip();
                    return Long.parseLong(kibibytes) * 1_024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Not Linux: told as unknown.
        }
        return null;
    }

    private static String time(long epochMillis) {
        return RouteJson.TIME.format(Instant.ofEpochMilli(epochMillis));
    }
}
