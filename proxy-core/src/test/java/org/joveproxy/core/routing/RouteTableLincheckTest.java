package org.joveproxy.core.routing;

import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever two threads do to the table at once, it looks as if one had done it after the other; and when both have done,
 * the origins that are counted are those of the routes.
 */
@Tag("concurrency")
@Param(name = "path", gen = IntGen.class, conf = "0:3")
@Param(name = "target", gen = IntGen.class, conf = "0:1")
public class RouteTableLincheckTest {
    // Made once: what an operation builds for itself would be played through with it.
    private static final String[] PATHS = {"/", "/user", "/user/ada", "/user/adam"};
    private static final Route[][] ROUTES = Stream.of("http://127.0.0.1:1", "http://127.0.0.1:2")
            .map(target -> Stream.of(PATHS)
                    .map(path -> Route.of(path, Target.parse(target), 0))
                    .toArray(Route[]::new))
            .toArray(Route[][]::new);

    private final RouteTable table = new RouteTable();

    @Operation
    public String put(@Param(name = "target") int target, @Param(name = "path") int path) {
        return described(table.put(ROUTES[target][path]));
    }

    @Operation
    public String remove(@Param(name = "path") int path) {
        return described(table.remove(PATHS[path]));
    }

    @Operation
    public String get(@Param(name = "path") int path) {
        return described(table.get(PATHS[path]));
    }

    @Operation
    public String resolve(@Param(name = "path") int path) {
        return described(table.resolve(PATHS[path]));
    }

    @Operation
    public int size() {
        return table.size();
    }

    @Operation
    public int listed() {
        return table.all().size();
    }

    @Validate
    public void theOriginsAreThoseOfTheRoutes() {
        for (Route[] routes : ROUTES) {
            Origin origin = routes[0].target().origin();
            boolean isRouted = false;
            for (Route route : table.all()) {
                isRouted |= route.target().origin().equals(origin);
            }
            if (table.leadsTo(origin) != isRouted) {
                throw new IllegalStateException(
                        origin + " is " + (isRouted ? "" : "not ") + "routed to, and counted otherwise");
            }
        }
    }

    private static String described(@Nullable Route route) {
        return route == null ? "none" : route.path() + " " + route.target().raw();
    }

    @Test
    void everyInterleavingLooksSequential() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(150)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(1)
                .check(RouteTableLincheckTest.class);
    }

    @Test
    void realThreadsLookSequential() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(4)
                .actorsBefore(2)
                .actorsAfter(1)
                .check(RouteTableLincheckTest.class);
    }
}
