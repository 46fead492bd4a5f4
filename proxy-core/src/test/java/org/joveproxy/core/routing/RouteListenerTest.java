package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listeners hear of the origins that routes lead to. */
class RouteListenerTest {
    private static final Origin A = origin("http://127.0.0.1:1");
    private static final Origin B = origin("http://127.0.0.1:2");

    private final RouteTable table = new RouteTable();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private static Origin origin(String url) {
        return Target.parse(url).origin();
    }

    private static Route route(String path, Origin origin) {
        return Route.of(path, Target.parse(origin + "/some/path"), 0);
    }

    private RouteTable listenedTo() {
        table.addListener(new RouteListener() {
            @Override
            public void targeted(Origin origin) {
                heard.add("targeted " + origin);
            }

            @Override
            public void abandoned(Origin origin) {
                heard.add("abandoned " + origin);
            }
        });
        return table;
    }

    @Test
    void theLastRouteThatGoesAbandonsItsOrigin() {
        listenedTo().put(route("/a", A));
        table.put(route("/b", A));
        heard.clear();

        table.remove("/a");
        assertThat(heard).isEmpty();
        assertThat(table.leadsTo(A)).isTrue();

        table.remove("/b");
        assertThat(heard).containsExactly("abandoned " + A);
        assertThat(table.leadsTo(A)).isFalse();
    }

    @Test
    void routesThatArePutAtOnceTargetTheirOrigins() {
        Route unusable = Route.of("/c", Target.unusable("ftp://c", "no such scheme"), 0);
        listenedTo().putAll(List.of(route("/a", A), route("/b", B), unusable));
        assertThat(heard).containsExactlyInAnyOrder("targeted " + A, "targeted " + B);
        heard.clear();

        table.putAll(List.of(route("/a", B)));

        assertThat(heard).containsExactly("targeted " + B, "abandoned " + A);
        assertThat(table.leadsTo(A)).isFalse();
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void aRouteThatIsPutInThePlaceOfAnotherAbandonsTheOthersOrigin() {
        listenedTo().put(route("/a", A));
        heard.clear();

        table.put(route("/a", B));

        assertThat(heard).containsExactly("targeted " + B, "abandoned " + A);
    }

    @Test
    void theSameRouteAgainAbandonsNothing() {
        listenedTo().put(route("/a", A));
        heard.clear();

        table.put(route("/a", A));

        assertThat(heard).containsExactly("targeted " + A);
        assertThat(table.leadsTo(A)).isTrue();
        table.remove("/a");
        assertThat(table.leadsTo(A)).isFalse();
    }

    @Test
    void whatIsNotThereAbandonsNothing() {
        listenedTo().put(route("/a", A));
        heard.clear();

        table.remove("/b");
        table.remove("/a/b");

        assertThat(heard).isEmpty();
    }

    @Test
    void anUnusableTargetHasNoOrigin() {
        listenedTo().put(Route.of("/", Target.unusable("nonsense", "no scheme"), 0));

        table.put(route("/", A));
        table.put(Route.of("/", Target.unusable("nonsense", "no scheme"), 0));
        table.remove("/");

        assertThat(heard).containsExactly("targeted " + A, "abandoned " + A);
    }

    @Test
    void whoNoLongerListensHearsNothing() {
        RouteListener listener = new RouteListener() {
            @Override
            public void targeted(Origin origin) {
                heard.add("targeted " + origin);
            }

            @Override
            public void abandoned(Origin origin) {
                heard.add("abandoned " + origin);
            }
        };
        table.addListener(listener);
        table.removeListener(listener);

        table.put(route("/a", A));

        assertThat(heard).isEmpty();
    }

    /** Writers put and remove routes to one origin, of which one route always stays. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void anOriginWithARouteIsNeverToldToBeAbandoned(int writers) throws Exception {
        listenedTo().put(route("/stays", A));
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Callable<Void>> work = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            String mine = "/w" + writer;
            work.add(() -> {
                for (int n = 0; n < 5_000; n++) {
                    table.put(route(n % 2 == 0 ? mine : "/shared", n % 3 == 0 ? B : A));
                    table.remove(n % 2 == 0 ? mine : "/shared");
                }
                return null;
            });
        }

        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        assertThat(heard).doesNotContain("abandoned " + A);
        assertThat(heard).contains("abandoned " + B);
        assertThat(table.leadsTo(B)).isFalse();
        table.remove("/stays");
        assertThat(table.leadsTo(A)).isFalse();
    }
}
