package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private final RouteTable routes = new RouteTable();

    private static Route route(String path) {
        return Route.of(path, Target.parse("http://127.0.0.1:8000"), 1);
    }

    private Route routeAt(String path) {
        return Objects.requireNonNull(routes.get(path));
    }

    @Test
    void anEmptyTableRoutesNothing() {
        assertThat(routes.resolve("/")).isNull();
        assertThat(routes.resolve("/x")).isNull();
        assertThat(routes.size()).isZero();
    }

    @Test
    void longestPrefixWins() {
        Route root = route("/");
        Route user = route("/user");
        Route zoe = route("/user/zoe");
        routes.put(root);
        routes.put(zoe);
        routes.put(user);

        assertThat(routes.resolve("/user/zoe/lab")).isSameAs(zoe);
        assertThat(routes.resolve("/user/zoe")).isSameAs(zoe);
        assertThat(routes.resolve("/user/ada/lab")).isSameAs(user);
        assertThat(routes.resolve("/hub")).isSameAs(root);
        assertThat(routes.resolve("/")).isSameAs(root);
        assertThat(routes.resolve("*")).isSameAs(root);
    }

    @Test
    void prefixesEndAtSegments() {
        routes.put(route("/user/zoe"));

        assertThat(routes.resolve("/user/zoes")).isNull();
        assertThat(routes.resolve("/user/zo")).isNull();
        assertThat(routes.resolve("/user")).isNull();
    }

    @Test
    void aWayThatLeadsNowhereFallsBackToTheLastRoute() {
        Route user = route("/user");
        routes.put(user);
        routes.put(route("/user/zoe/deep/down"));

        assertThat(routes.resolve("/user/zoe/deep/x")).isSameAs(user);
        assertThat(routes.resolve("/user/zoe/deep")).isSameAs(user);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x/y", "//x/y", "///x/y/", "x/y", "/x/y/z", "/x/y//", "/x/y//z"})
    void slashesAroundARequestPathDoNotMatter(String path) {
        Route xy = route("/x/y");
        routes.put(xy);
        routes.put(route("/y"));

        assertThat(routes.resolve(path)).isSameAs(xy);
    }

    @Test
    void aSlashDoubledInsideMatters() {
        Route doubled = route("/x//y");
        routes.put(doubled);

        assertThat(routes.resolve("/x//y/z")).isSameAs(doubled);
        assertThat(routes.resolve("/x/y/z")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"constructor", "__proto__", "toString", "hasOwnProperty", "", "秀樹", "has@", "a b", "~TestJH"})
    void anySegmentIsAnOrdinaryName(String name) {
        Route below = route("/user/" + name + "/x");
        routes.put(below);

        assertThat(routes.resolve("/user/" + name + "/x")).isSameAs(below);
        assertThat(routes.resolve("/user/" + name)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/x, /x/", "/x/, x", "/x//, /x", "'', /", "/x//y, //x//y//"})
    void anySpellingOfAPathIsTheSameRoute(String put, String asked) {
        Route route = route(put);
        routes.put(route);

        assertThat(routes.get(asked)).isSameAs(route);
        assertThat(routes.remove(asked)).isSameAs(route);
        assertThat(routes.size()).isZero();
    }

    @Test
    void getDoesNotFallBackToAPrefix() {
        routes.put(route("/user"));

        assertThat(routes.get("/user/zoe")).isNull();
        assertThat(routes.get("/")).isNull();
    }

    @Test
    void puttingReturnsTheReplacedRoute() {
        Route first = route("/x");
        Route second = route("/x");

        assertThat(routes.put(first)).isNull();
        assertThat(routes.put(second)).isSameAs(first);
        assertThat(routes.size()).isOne();
    }

    @Test
    void aReplacedRouteIsReplacedWhole() {
        routes.put(Route.of("/x", Target.parse("http://old:1"), Map.of("user", "zoe"), 1));
        routes.put(Route.of("/x", Target.parse("http://new:2"), Map.of("extra", true), 2));

        Route found = routeAt("/x");

        assertThat(found.target().raw()).isEqualTo("http://new:2");
        assertThat(found.data()).isEqualTo(Map.of("extra", true, "target", "http://new:2"));
    }

    @Test
    void aRouteInFlightKeepsItsTarget() {
        routes.put(Route.of("/x", Target.parse("http://old:1"), 1));
        Route inFlight = routeAt("/x");
        routes.put(Route.of("/x", Target.parse("http://new:2"), 2));

        assertThat(inFlight.target().raw()).isEqualTo("http://old:1");
    }

    @Test
    void whatWasOpenedBeforeAReplacementStillCountsAsActivity() {
        routes.put(Route.of("/x", Target.parse("http://old:1"), 1));
        Route inFlight = routeAt("/x");
        routes.put(Route.of("/x", Target.parse("http://new:2"), 2));
        Route replacement = routeAt("/x");
        assertThat(replacement.activity().lastMillis()).isEqualTo(2);

        inFlight.activity().touch(3);

        assertThat(replacement.activity().lastMillis()).isEqualTo(3);
    }

    @Test
    void aUseByAClockThatIsBehindDoesNotTakeActivityBack() {
        routes.put(Route.of("/x", Target.parse("http://server:1"), 720));

        routeAt("/x").activity().touch(674);

        assertThat(routeAt("/x").activity().lastMillis()).isEqualTo(720);
    }

    @Test
    void removingARouteKeepsThoseBelowIt() {
        Route below = route("/user/zoe");
        routes.put(route("/user"));
        routes.put(below);

        routes.remove("/user");

        assertThat(routes.resolve("/user/ada")).isNull();
        assertThat(routes.resolve("/user/zoe")).isSameAs(below);
    }

    @Test
    void removingWhatIsNotThereChangesNothing() {
        routes.put(route("/user/zoe"));

        assertThat(routes.remove("/user")).isNull();
        assertThat(routes.remove("/user/zoe/x")).isNull();
        assertThat(routes.remove("/")).isNull();
        assertThat(routes.size()).isOne();
    }

    @Test
    void theRootCanBeRemoved() {
        Route root = route("/");
        routes.put(root);

        assertThat(routes.remove("/")).isSameAs(root);
        assertThat(routes.resolve("/x")).isNull();
    }

    @Test
    void aListOfRoutesIsOfOneMoment() {
        Route first = route("/a");
        routes.put(first);

        var listed = routes.all();
        routes.put(route("/b"));

        assertThat(listed).containsExactly(first);
    }

    @Test
    void aPathOfThousandsOfSegmentsIsNoDanger() {
        String path = "/a".repeat(50_000);
        Route deep = route(path);
        routes.put(deep);

        assertThat(routes.resolve(path + "/b")).isSameAs(deep);
        assertThat(routes.all()).containsExactly(deep);
        assertThat(routes.remove(path)).isSameAs(deep);
        assertThat(routes.dump()).isEqualTo("/\n");

        RouteTable other = new RouteTable();
        other.putAll(List.of(deep, route(path + "/b")));
        assertThat(other.resolve(path + "/c")).isSameAs(deep);
    }

    @Test
    void theDumpShowsTheTree() {
        routes.put(Route.of("/", Target.parse("http://hub:8081"), 0));
        routes.put(Route.of("/user/zoe", Target.parse("http://me:secret@10.0.0.1:8888"), 0));
        routes.put(Route.of("/user/ada", Target.parse("http://10.0.0.2:8888"), 0));
        routes.put(Route.of("/services/x", Target.parse("http://10.0.0.3"), 0));

        assertThat(routes.dump()).isEqualTo("""
                        / -> http://hub:8081
                          /services
                            /x -> http://10.0.0.3
                          /user
                            /ada -> http://10.0.0.2:8888
                            /zoe -> http://***@10.0.0.1:8888
                        """);
    }
}
