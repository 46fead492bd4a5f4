package org.joveproxy.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class YoungRoutesTest {
    private static final Target TARGET = Target.parse("http://server:1");
    private static final Failure REFUSED = Failure.of(FailureKind.CONNECT_REFUSED);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Route route = Route.of("/x", TARGET, 0);
    private final long added = -route.ageNanos(0);
    private final YoungRoutes young = new YoungRoutes(Duration.ofSeconds(10), 2);

    @Test
    void aRequestIsHeldForAsLongAsItsRouteIsYoung() {
        assertThat(young.nanosToHold(route, REFUSED, added)).isEqualTo(10 * SECOND);
        assertThat(young.nanosToHold(route, REFUSED, added + 7 * SECOND)).isEqualTo(3 * SECOND);
        assertThat(young.nanosToHold(route, REFUSED, added + 10 * SECOND)).isZero();
        assertThat(young.nanosToHold(route, REFUSED, added + 100 * SECOND)).isZero();
    }

    @Test
    void aRestoredRouteIsNotYoung() {
        Route restored = Route.restored("/x", TARGET, Map.of(), 0, 0);

        assertThat(young.nanosToHold(restored, REFUSED, System.nanoTime())).isZero();
    }

    @Test
    void nothingIsHeldUnlessWanted() {
        assertThat(new YoungRoutes(null, 2).nanosToHold(route, REFUSED, added)).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = FailureKind.class, mode = EnumSource.Mode.EXCLUDE, names = "CONNECT_REFUSED")
    void nothingElseIsWaitedFor(FailureKind kind) {
        assertThat(young.nanosToHold(route, Failure.of(kind), added)).isZero();
        assertThat(young.nanosToHold(route, new Failure(FailureKind.BREAKER_OPEN, "open", kind), added))
                .isZero();
    }

    @Test
    void aBreakerThatRefusalsHaveOpenedIsWaitedFor() {
        Failure open = new Failure(FailureKind.BREAKER_OPEN, "open", FailureKind.CONNECT_REFUSED);

        assertThat(young.nanosToHold(route, open, added)).isEqualTo(10 * SECOND);
    }

    @Test
    void onlySoManyAreHeldAtOnce() {
        assertThat(young.tryEnter()).isTrue();
        assertThat(young.tryEnter()).isTrue();
        assertThat(young.tryEnter()).isFalse();

        young.leave();

        assertThat(young.tryEnter()).isTrue();
    }

    @Test
    void pausesAreShortAndDiffer() {
        assertThat(LongStream.range(-100, 100)
                        .map(seed -> young.pauseMillis((int) seed))
                        .distinct())
                .hasSize(50)
                .allMatch(millis -> millis >= 250 && millis < 300);
    }
}
