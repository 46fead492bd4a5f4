package org.joveproxy.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.store.ReplicaListing;
import org.joveproxy.store.RouteJson;

/**
 * Tells which proxies share their routes with this one.
 *
 * <p>Any thread may call any method.
 */
final class ReplicasEndpoint {
    private static final JsonFactory JSON = new JsonFactory();

    private final RouteStore store;

    ReplicasEndpoint(RouteStore store) {
        this.store = store;
    }

    /** The kind of the store and a list of replicas, which is empty when the store is not shared. */
    AdminAnswer read() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("store", store.status().kind());
            write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON in memory cannot be written", e);
        }
        return AdminAnswer.json(text.append('\n').toString());
    }

    /** Writes the field with the list of replicas. */
    void write(JsonGenerator json) throws IOException {
        List<ReplicaListing.Entry> replicas = store instanceof ReplicaListing listing ? listing.replicas() : List.of();
        json.writeArrayFieldStart("replicas");
        for (ReplicaListing.Entry replica : replicas) {
            write(json, replica);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ReplicaListing.Entry replica) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", replica.id());
        json.writeStringField("version", replica.version());
        json.writeStringField("address", replica.address());
        json.writeStringField("started", time(replica.startedMillis()));
        json.writeStringField("last_seen", time(replica.lastSeenMillis()));
        json.writeNumberField("applied", replica.applied());
        json.writeNumberField("lag", replica.lag());
        json.writeBooleanField("self", replica.isSelf());
        json.writeBooleanField("ready", replica.isReady());
        json.writeEndObject();
    }

    private static String time(long epochMillis) {
        return RouteJson.TIME.format(Instant.ofEpochMilli(epochMillis));
    }
}
