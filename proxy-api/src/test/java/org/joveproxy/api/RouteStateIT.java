package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.api.ApiUnderTest.request;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.core.routing.Restoration;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API says of restored routes, and what it tells those who look after them; and a store that is away. */
class RouteStateIT {
    private static final Target TARGET = Target.parse("http://127.0.0.1:9000");
    private static final String POSTED = "{\"target\":\"http://127.0.0.1:9000\"}";

    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    private Restoration restored(String path) {
        Route route =
                Route.restored(path, TARGET, Map.of("jupyterhub", true), ApiUnderTest.START, ApiUnderTest.START + 1);
        api.routes.put(route);
        return Objects.requireNonNull(route.restoration());
    }

    private String ask(String request) throws IOException {
        return api.client().send(request).readMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?stat", "?states", "?inactive_since=2027-01-01", "?x=state"})
    void aRestoredRouteLooksLikeAnyOther(String query) throws IOException {
        restored("/a");

        assertThat(ask(request("GET", "/api/routes" + query)))
                .contains("\"last_activity\":\"2026-11-22T01:51:16.219Z\"}}")
                .doesNotContain("jove_state");
    }

    @Test
    void oneRestoredRouteLooksLikeAnyOther() throws IOException {
        restored("/a");

        assertThat(ask(request("GET", "/api/routes/a"))).doesNotContain("jove_state");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?state", "?state=", "?state&inactive_since=2027-01-01", "?x&state"})
    void whoAsksForTheStateSeesIt(String query) throws IOException {
        restored("/a");

        assertThat(ask(request("GET", "/api/routes" + query)))
                .endsWith("\"last_activity\":\"2026-11-22T01:51:16.219Z\",\"jove_state\":"
                        + "{\"restored\":\"2026-11-22T01:51:16.220Z\",\"confirmed\":false,\"refused\":null}}}");
    }

    @Test
    void theStateOfOneRouteIsToBeHadToo() throws IOException {
        Restoration restoration = restored("/a");
        restoration.refused(ApiUnderTest.START + 2);
        restoration.confirm();

        assertThat(ask(request("GET", "/api/routes/a?state")))
                .endsWith("\"jove_state\":{\"restored\":\"2026-11-22T01:51:16.220Z\",\"confirmed\":true,"
                        + "\"refused\":\"2026-11-22T01:51:16.221Z\"}}");
    }

    @Test
    void aRouteThatWasNotRestoredHasNoState() throws IOException {
        api.routes.put(Route.of("/a", TARGET, ApiUnderTest.START));

        assertThat(ask(request("GET", "/api/routes?state"))).doesNotContain("jove_state");
    }

    @Test
    void aListingOfTheWholeTableIsNoted() throws IOException {
        Restoration restoration = restored("/a");

        ask(request("GET", "/api/routes"));

        assertThat(restoration.listedMillis()).hasValue(ApiUnderTest.START);
        assertThat(api.restored.tableReadMillis()).hasValue(ApiUnderTest.START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/routes?inactiveSince=2027-01-01", "/api/routes?state", "/api/routes/a"})
    void otherReadingsAreNotTheHubs(String path) throws IOException {
        Restoration restoration = restored("/a");

        ask(request("GET", path));

        assertThat(restoration.listedMillis()).isEmpty();
        assertThat(api.restored.tableReadMillis()).isEmpty();
    }

    @Test
    void whoeverHasNoTokenConfirmsNothing() throws IOException {
        Restoration restoration = restored("/a");

        assertThat(ask(request("GET", "/api/routes").replace(ApiUnderTest.TOKEN, "wrong")))
                .startsWith("HTTP/1.1 403 ");

        assertThat(restoration.listedMillis()).isEmpty();
    }

    @Test
    void aPostConfirmsByTakingTheRoutesPlace() throws IOException {
        Restoration restoration = restored("/a");

        assertThat(ask(request("POST", "/api/routes/a", POSTED))).startsWith("HTTP/1.1 201 ");

        assertThat(restoration.isConfirmed()).isTrue();
        assertThat(Objects.requireNonNull(api.routes.get("/a")).restoration()).isNull();
    }

    @Test
    void aStoreThatIsAwayMakesTheHubTryAgain() throws IOException {
        restored("/a");
        api.store.isAway(true);

        String posted = ask(request("POST", "/api/routes/b", POSTED));
        String deleted = ask(request("DELETE", "/api/routes/a"));

        assertThat(posted)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1\r\n")
                .endsWith("the store is away");
        assertThat(deleted).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1\r\n");
        assertThat(ask(request("GET", "/api/routes"))).contains("\"/a\"").doesNotContain("\"/b\"");
    }
}
