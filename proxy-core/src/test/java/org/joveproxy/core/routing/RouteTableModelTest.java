package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The route table against a plain sorted map that does the same by looking at every prefix. */
class RouteTableModelTest {
    // "Aa" and "BB" have equal hashes, and so has every mixture of them: they meet in one slot down to the last level.
    private static final String[] SEGMENTS = {
        "a",
        "a-",
        "a b",
        "b",
        "c",
        "user",
        "AaAa",
        "AaBB",
        "BBAa",
        "BBBB",
        "AaAaAa",
        "BBBBBB",
        "",
        "constructor",
        "秀樹",
        "x y"
    };
    private static final int OPERATIONS = 20_000;

    private final RouteTable table = new RouteTable();
    private final TreeMap<String, Route> model = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithASortedMap(long seed) {
        Random random = new Random(seed);

        for (int step = 0; step < OPERATIONS; step++) {
            String path = randomPath(random);
            String context = "seed " + seed + ", step " + step + ", path " + path;
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    Route route = Route.of(path, Target.parse("http://127.0.0.1:" + (1 + random.nextInt(9))), step);
                    assertSameTarget(table.put(route), model.put(RoutePath.clean(path), route), context);
                }
                case 2 -> assertSameTarget(table.remove(path), model.remove(RoutePath.clean(path)), context);
                case 3 -> assertSameTarget(table.get(path), model.get(RoutePath.clean(path)), context);
                default -> assertSameTarget(table.resolve(path), resolveInModel(path), context);
            }
            assertThat(table.size()).as(context).isEqualTo(model.size());
            if (step % 1000 == 0) {
                assertSameRoutes(context);
            }
        }
        model.keySet().forEach(table::remove);
        assertThat(table.dump()).isEqualTo("/\n");
    }

    @Test
    void agreesWithASortedMapWhenOneNodeHasManyChildren() {
        Random random = new Random(6);
        for (int step = 0; step < 60_000; step++) {
            String path = "/user/u" + random.nextInt(20_000);
            if (random.nextInt(3) > 0) {
                Route route = Route.of(path, Target.parse("http://127.0.0.1:8000"), step);
                table.put(route);
                model.put(path, route);
            } else {
                assertSameTarget(table.remove(path), model.remove(path), path);
            }
        }

        assertSameRoutes("many children");
        model.keySet().forEach(path -> assertThat(table.get(path)).as(path).isNotNull());
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void routesThatArePutAtOnceAreAsThosePutOneByOne(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            RouteTable oneByOne = new RouteTable();
            RouteTable atOnce = new RouteTable();
            List<Route> routes = new ArrayList<>();
            Set<String> paths = new HashSet<>();
            boolean mayRepeat = round % 4 == 0;
            for (int count = random.nextInt(300); count > 0; count--) {
                Route route = Route.of(randomPath(random), Target.parse("http://127.0.0.1:" + (1 + count)), count);
                if (paths.add(route.path()) || mayRepeat) {
                    routes.add(route);
                }
            }
            routes.forEach(oneByOne::put);

            atOnce.putAll(routes);

            String context = "seed " + seed + ", round " + round;
            assertThat(atOnce.size()).as(context).isEqualTo(oneByOne.size());
            assertThat(atOnce.dump()).as(context).isEqualTo(oneByOne.dump());
            for (int i = 0; i < 100; i++) {
                String path = randomPath(random);
                assertSameTarget(atOnce.resolve(path), oneByOne.resolve(path), context + ", path " + path);
            }
            for (String path : paths) {
                Origin origin = targetAt(atOnce, path).origin();
                assertSameTarget(atOnce.remove(path), oneByOne.remove(path), context + ", path " + path);
                assertThat(atOnce.leadsTo(origin)).as(context).isFalse();
            }
            assertThat(atOnce.dump()).as(context).isEqualTo("/\n");
        }
    }

    @Test
    void manyThatArePutAtOnceAreAllFound() {
        List<Route> routes = new ArrayList<>();
        for (int n = 0; n < 50_000; n++) {
            routes.add(Route.of("/user/u" + n, Target.parse("http://127.0.0.1:8000"), n));
        }

        table.putAll(routes);

        assertThat(table.size()).isEqualTo(50_000);
        routes.forEach(route -> assertThat(table.resolve(route.path() + "/lab")).isSameAs(route));
        routes.forEach(route -> assertThat(table.remove(route.path())).isSameAs(route));
        assertThat(table.dump()).isEqualTo("/\n");
    }

    private static Target targetAt(RouteTable routes, String path) {
        return Objects.requireNonNull(routes.get(path), path).target();
    }

    private @Nullable Route resolveInModel(String path) {
        String prefix = RoutePath.clean(path);
        while (!prefix.equals("/")) {
            Route route = model.get(prefix);
            if (route != null) {
                return route;
            }
            int slash = prefix.lastIndexOf('/');
            // Empty segments at the end of a prefix name no route: a route's path has no slash at its end.
            prefix = RoutePath.clean(prefix.substring(0, slash));
        }
        return model.get("/");
    }

    private void assertSameRoutes(String context) {
        var listed = table.all().stream().collect(Collectors.toMap(Route::path, Route::target));
        var expected = model.values().stream().collect(Collectors.toMap(Route::path, Route::target));
        assertThat(listed).as(context).isEqualTo(expected);
        for (int port = 1; port < 10; port++) {
            Origin origin = Target.parse("http://127.0.0.1:" + port).origin();
            assertThat(table.leadsTo(origin))
                    .as(context)
                    .isEqualTo(expected.values().stream()
                            .anyMatch(target -> target.origin().equals(origin)));
        }
    }

    // A replaced route lives on in the table with the activity of its predecessor: routes are compared by what they
    // say.
    private static void assertSameTarget(@Nullable Route actual, @Nullable Route expected, String context) {
        assertThat(actual == null ? null : actual.toString())
                .as(context)
                .isEqualTo(expected == null ? null : expected.toString());
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(5); depth > 0; depth--) {
            path.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return path + (random.nextBoolean() ? "/" : "");
    }
}
