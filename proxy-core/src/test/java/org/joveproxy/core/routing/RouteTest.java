package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RouteTest {
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");

    private static long age(RouteTable routes, String path) {
        return Objects.requireNonNull(routes.get(path)).ageNanos(System.nanoTime());
    }

    /** A table with a route to {@code target} that has been there for long. */
    private static RouteTable withOld(String target) {
        RouteTable routes = new RouteTable();
        routes.put(Route.of("/x", Target.parse(target), 0).notNew());
        return routes;
    }

    @Test
    void aRouteIsYoungWhenItIsAdded() {
        long before = System.nanoTime();
        Route route = Route.of("/x", Target.parse("http://a:1"), 0);

        assertThat(route.ageNanos(System.nanoTime())).isBetween(0L, System.nanoTime() - before);
        assertThat(route.withData(Map.of()).ageNanos(before + 5)).isEqualTo(route.ageNanos(before + 5));
    }

    @Test
    void aRestoredRouteIsNot() {
        Route route = Route.restored("/x", Target.parse("http://a:1"), Map.of(), 0, 0);

        assertThat(route.ageNanos(System.nanoTime()))
                .isGreaterThan(Duration.ofDays(300).toNanos());
    }

    @Test
    void addingItAgainDoesNotMakeItYoung() {
        RouteTable routes = withOld("http://a:1");

        routes.put(Route.of("/x", Target.parse("http://a:1"), 0));

        assertThat(age(routes, "/x")).isGreaterThan(Duration.ofDays(300).toNanos());
    }

    @Test
    void anotherTargetMakesItYoungAgain() {
        RouteTable routes = withOld("http://a:1");

        routes.put(Route.of("/x", Target.parse("http://b:1"), 0));

        assertThat(age(routes, "/x")).isLessThan(Duration.ofHours(1).toNanos());
    }

    @Test
    void onceItWasRemovedItIsANewOne() {
        RouteTable routes = withOld("http://a:1");
        routes.remove("/x");

        routes.put(Route.of("/x", Target.parse("http://a:1"), 0));

        assertThat(age(routes, "/x")).isLessThan(Duration.ofHours(1).toNanos());
    }

    @Test
    void dataIsKeptInItsOrder() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("user", "zoe");
        data.put("target", TARGET.raw());
        data.put("server_name", "");

        Route route = Route.of("/user/zoe", TARGET, data, 0);
        data.put("later", true);

        assertThat(route.data().keySet()).containsExactly("user", "target", "server_name");
    }

    @Test
    void dataNeverHoldsTheLastActivity() {
        Route route = Route.of("/x", TARGET, Map.of("last_activity", "yesterday"), 7);

        assertThat(route.data()).isEqualTo(Map.of("target", TARGET.raw()));
        assertThat(route.activity().lastMillis()).isEqualTo(7);
    }

    @Test
    void itsTextIsOneLine() {
        assertThat(Route.of("/a\nb", TARGET, 0)).hasToString("/a?b -> http://127.0.0.1:8000");
    }

    @Test
    void dataCannotBeChanged() {
        Route route = Route.of("/x", TARGET, 0);

        assertThatThrownBy(() -> route.data().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void thePathIsCleaned() {
        assertThat(Route.of("x/y/", TARGET, 0).path()).isEqualTo("/x/y");
        assertThat(Route.of("", TARGET, 0).path()).isEqualTo("/");
    }
}
