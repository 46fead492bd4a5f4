package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTrafficTest {
    private static final int LOOPS = 4;
    private static final int LOOKS = 200_000;
    private static final Executor THREADS = work -> new Thread(work).start();

    private final RouteActivity activity = new RouteActivity(1);

    @Test
    void aRouteThatIsNotUsedHasNone() {
        activity.touch(2);

        assertThat(activity.traffic()).isNull();
    }

    @Test
    void thereIsOneOfEachRoute() {
        RouteTraffic traffic = activity.countTraffic();

        assertThat(activity.countTraffic()).isSameAs(traffic);
        assertThat(activity.traffic()).isSameAs(traffic);
    }

    @Test
    void timesGoForwardsOnly() {
        RouteTraffic traffic = activity.countTraffic();

        traffic.clientSent(20);
        traffic.clientSent(10);
        traffic.upstreamSent(30);
        traffic.upstreamSent(29);
        traffic.requested(40);
        traffic.requested(39);

        assertThat(traffic.clientMillis()).isEqualTo(20);
        assertThat(traffic.upstreamMillis()).isEqualTo(30);
        assertThat(traffic.requestMillis()).isEqualTo(40);
        assertThat(activity.lastMillis()).isOne();
    }

    @Test
    void aRequestThatBecomesAWebsocketIsNoRequestAnyMore() {
        RouteTraffic traffic = activity.countTraffic();

        traffic.requestOpened();
        traffic.requestOpened();
        traffic.websocketOpened();

        assertThat(traffic.openRequests()).isOne();
        assertThat(traffic.openWebsockets()).isOne();
        traffic.requestClosed();
        traffic.websocketClosed();
        assertThat(traffic.openRequests()).isZero();
        assertThat(traffic.openWebsockets()).isZero();
    }

    @Test
    void noRequestIsMissedWhileLoopsServeOthers() throws Exception {
        RouteTraffic traffic = activity.countTraffic();
        traffic.requestOpened();
        AtomicBoolean isOver = new AtomicBoolean();
        List<CompletableFuture<Void>> loops = IntStream.range(0, LOOPS)
                .mapToObj(loop -> CompletableFuture.runAsync(() -> serve(traffic, isOver), THREADS))
                .toList();

        int fewest =
                IntStream.generate(traffic::openRequests).limit(LOOKS).min().orElseThrow();
        isOver.set(true);
        loops.forEach(CompletableFuture::join);

        assertThat(fewest).isPositive();
        assertThat(traffic.openRequests()).isOne();
    }

    private static void serve(RouteTraffic traffic, AtomicBoolean isOver) {
        while (!isOver.get()) {
            traffic.requestOpened();
            traffic.requestClosed();
        }
    }

    @Test
    void aReplacedRoutesTrafficGoesOn() {
        RouteTable routes = new RouteTable();
        routes.put(Route.of("/x", Target.parse("http://old:1"), 1));
        RouteTraffic traffic =
                Objects.requireNonNull(routes.get("/x")).activity().countTraffic();

        routes.put(Route.of("/x", Target.parse("http://new:1"), 2));

        assertThat(Objects.requireNonNull(routes.get("/x")).activity().traffic())
                .isSameAs(traffic);
    }
}
