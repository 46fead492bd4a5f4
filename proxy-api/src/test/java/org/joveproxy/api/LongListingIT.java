package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.api.ApiUnderTest.request;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Listings of so many routes that the API's loop does not make them itself. */
class LongListingIT {
    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    private final Queue<String> writers = new ConcurrentLinkedQueue<>();

    private void addRoutes(int count) {
        for (int i = 0; i < count; i++) {
            api.routes.put(Route.of("/" + i, target(), ApiUnderTest.START));
        }
        api.routes.put(Route.of("/witness", target(), Map.of("written", new Witness()), ApiUnderTest.START));
    }

    private static Target target() {
        return Target.parse("http://127.0.0.1:9000");
    }

    private static JsonNode json(String answer) throws IOException {
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("content-type: application/json");
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }

    private String ask(String path) throws IOException {
        return api.client().send(request("GET", path)).readMessage();
    }

    @Test
    void aLongListingHoldsUpNoLoop() throws IOException {
        addRoutes(1_000);

        assertThat(json(ask("/api/routes"))).hasSize(1_001);

        assertThat(writers).containsExactly("jove-listings");
        assertThat(api.events.heard).containsExactly("listed", "responded 200");
    }

    @Test
    void aShortAnswerIsMadeAtOnce() throws IOException {
        addRoutes(10);
        json(ask("/api/routes"));
        addRoutes(1_000);
        json(ask("/api/routes/witness"));

        assertThat(writers).hasSize(2).allMatch(thread -> thread.startsWith("api-test"));
    }

    @Test
    void whatWasChangedBeforeIsInIt() throws IOException {
        addRoutes(1_000);
        RawClient client = api.client();

        client.send(request("POST", "/api/routes/new", "{\"target\":\"http://127.0.0.1:1\"}")
                + request("GET", "/api/routes")
                + request("DELETE", "/api/routes/new")
                + request("GET", "/api/routes"));

        assertThat(client.readMessage()).startsWith("HTTP/1.1 201");
        assertThat(json(client.readMessage()).has("/new")).isTrue();
        assertThat(client.readMessage()).startsWith("HTTP/1.1 204");
        assertThat(json(client.readMessage()).has("/new")).isFalse();
    }

    @Test
    void whoeverAsksForManyAtATimeHasThemAll() throws Exception {
        addRoutes(1_000);
        RawClient[] clients = new RawClient[40];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = api.client().send(request("GET", "/api/routes"));
        }

        for (RawClient client : clients) {
            assertThat(json(client.readMessage())).hasSize(1_001);
        }
    }

    /** Notes which thread writes it. */
    private final class Witness {
        @JsonValue
        String text() {
            writers.add(Thread.currentThread().getName());
            return "witness";
        }
    }
}
