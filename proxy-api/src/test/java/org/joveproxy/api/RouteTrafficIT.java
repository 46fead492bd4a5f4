package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.api.ApiUnderTest.request;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTraffic;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API says of what goes over a route, to whom asks for that. */
class RouteTrafficIT {
    private static final Target TARGET = Target.parse("http://127.0.0.1:9000");
    private static final String PLAIN =
            "{\"target\":\"http://127.0.0.1:9000\",\"last_activity\":\"2026-11-22T01:51:16.219Z\"";

    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    private String ask(String path) throws IOException {
        String answer = api.client().send(request("GET", path)).readMessage();
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private RouteTraffic route(String path) {
        api.routes.put(Route.of(path, TARGET, ApiUnderTest.START));
        return Objects.requireNonNull(api.routes.get(path)).activity().countTraffic();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?traf", "?traffics", "?x=traffic", "?inactive_since=2027-01-01", "?state"})
    void nobodyElseSeesIt(String query) throws IOException {
        route("/a").requestOpened();

        assertThat(ask("/api/routes/a" + query)).isEqualTo(PLAIN + "}");
        assertThat(ask("/api/routes" + query)).isEqualTo("{\"/a\":" + PLAIN + "}}");
    }

    @Test
    void ofARouteThatWasNotUsedThereIsNothing() throws IOException {
        api.routes.put(Route.of("/a", TARGET, ApiUnderTest.START));

        assertThat(ask("/api/routes/a?traffic"))
                .isEqualTo(PLAIN + ",\"jove_traffic\":{\"last_from_client\":null,\"last_from_upstream\":null,"
                        + "\"last_request\":null,\"open_requests\":0,\"open_websockets\":0}}");
        assertThat(Objects.requireNonNull(api.routes.get("/a")).activity().traffic())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?traffic", "?traffic=", "?x&traffic", "?traffic&state"})
    void timesAndWhatIsOpenAreTold(String query) throws IOException {
        RouteTraffic traffic = route("/a");
        traffic.clientSent(ApiUnderTest.START + 1);
        traffic.upstreamSent(ApiUnderTest.START + 2);
        traffic.requested(ApiUnderTest.START + 3);
        traffic.requestOpened();
        traffic.requestOpened();
        traffic.requestOpened();
        traffic.websocketOpened();
        String told = PLAIN + ",\"jove_traffic\":{\"last_from_client\":\"2026-11-22T01:51:16.220Z\","
                + "\"last_from_upstream\":\"2026-11-22T01:51:16.221Z\",\"last_request\":\"2026-11-22T01:51:16.222Z\","
                + "\"open_requests\":2,\"open_websockets\":1}}";

        assertThat(ask("/api/routes/a" + query)).isEqualTo(told);
        assertThat(ask("/api/routes" + query)).isEqualTo("{\"/a\":" + told + "}");
    }

    @Test
    void aFieldThatSomebodyHasRegisteredComesBackAsItWas() throws IOException {
        api.routes.put(Route.of("/a", TARGET, Map.of("jove_traffic", 7), ApiUnderTest.START));

        assertThat(ask("/api/routes/a?traffic"))
                .containsOnlyOnce("jove_traffic")
                .contains("\"jove_traffic\":7");
    }

    @Test
    void whoAsksForItIsNotTheHub() throws IOException {
        route("/a");

        ask("/api/routes?traffic");

        assertThat(api.restored.tableReadMillis()).isEmpty();
    }
}
