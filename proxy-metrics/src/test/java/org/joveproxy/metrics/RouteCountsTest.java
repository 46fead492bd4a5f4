package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteClass;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.Test;

final class RouteCountsTest {
    private static final Target TARGET = Target.parse("http://127.0.0.1:9");
    private static final List<Map<String, Object>> DATA =
            List.of(Map.of("hub", true), Map.of("user", "ada"), Map.of("service", "s"), Map.of());

    private final RouteTable routes = new RouteTable();
    private final RouteCounts counts = new RouteCounts();

    RouteCountsTest() {
        routes.addListener(counts);
    }

    private Exposition page() {
        PageWriter page = new PageWriter(PageFormat.TEXT);
        counts.writeTo(page);
        return Exposition.parse(page.toString());
    }

    private double of(RouteClass routeClass) {
        return page().value("jove_routes_by_class{route_class=\"" + routeClass.label() + "\"}");
    }

    private double changes(String op) {
        return page().value("jove_routes_changed_total{op=\"" + op + "\"}");
    }

    @Test
    void eachKindOfChangeIsCounted() {
        routes.put(Route.of("/a", TARGET, Map.of("user", "ada"), 0));
        routes.put(Route.of("/b", TARGET, Map.of("user", "bob"), 0));
        routes.put(Route.of("/b", TARGET, Map.of("service", "s"), 0));
        routes.remove("/a");
        routes.remove("/never-there");

        assertThat(List.of(changes("added"), changes("replaced"), changes("removed")))
                .containsExactly(2.0, 1.0, 1.0);
        assertThat(of(RouteClass.USER)).isZero();
        assertThat(of(RouteClass.SERVICE)).isEqualTo(1);
    }

    @Test
    void routesThatAreRestoredTogetherCount() {
        routes.putAll(List.of(Route.of("/a", TARGET, Map.of("user", "ada"), 0), Route.of("/", TARGET, Map.of(), 0)));

        assertThat(changes("added")).isEqualTo(2);
        assertThat(of(RouteClass.USER)).isEqualTo(1);
        assertThat(of(RouteClass.DEFAULT)).isEqualTo(1);
    }

    @Test
    void afterAnyChangesTheClassesAreThoseOfTheTable() throws InterruptedException {
        List<Thread> writers = List.of(writer(1), writer(2), writer(3));
        writers.forEach(Thread::start);
        for (Thread each : writers) {
            each.join();
        }

        for (RouteClass each : RouteClass.values()) {
            assertThat(of(each)).as(each.label()).isEqualTo((double) routes.all().stream()
                    .filter(route -> route.routeClass() == each)
                    .count());
        }
        assertThat(changes("added") - changes("removed")).isEqualTo(routes.size());
    }

    private Thread writer(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                String path = "/" + random.nextInt(20);
                if (random.nextInt(3) == 0) {
                    routes.remove(path);
                } else {
                    routes.put(Route.of(path, TARGET, DATA.get(random.nextInt(DATA.size())), 0));
                }
            }
        });
    }
}
