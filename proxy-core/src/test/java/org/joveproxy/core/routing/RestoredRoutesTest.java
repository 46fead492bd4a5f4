package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.testing.LoggedLines;
import org.joveproxy.core.testing.SwitchableStore;
import org.junit.jupiter.api.Test;

class RestoredRoutesTest {
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");
    private static final Duration ALLOWED = Duration.ofHours(1);

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final RouteTable routes = new RouteTable();
    private final SwitchableStore store = new SwitchableStore(routes);

    private RestoredRoutes restored(String... paths) {
        for (String path : paths) {
            routes.put(Route.restored(path, TARGET, Map.of(), 0, clock.get()));
        }
        return new RestoredRoutes(routes, store, ALLOWED, clock::get);
    }

    private Restoration restorationOf(String path) {
        return Objects.requireNonNull(Objects.requireNonNull(routes.get(path)).restoration());
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toMillis());
    }

    @Test
    void theyAreUnconfirmedFromTheStart() {
        routes.put(Route.of("/added", TARGET, 0));

        assertThat(restored("/a", "/b").unconfirmed()).isEqualTo(2);
        assertThat(restorationOf("/a").isConfirmed()).isFalse();
    }

    @Test
    void oneThatIsListedAndKeptForHalfAMinuteIsConfirmed() {
        RestoredRoutes restored = restored("/a");
        restored.tableWasRead(routes.all());

        pass(Duration.ofMillis(29_999));
        restored.lookAfterThem();
        assertThat(restored.unconfirmed()).isOne();

        pass(Duration.ofMillis(1));
        restored.lookAfterThem();
        assertThat(restored.unconfirmed()).isZero();
        assertThat(restorationOf("/a").isConfirmed()).isTrue();
    }

    @Test
    void theFirstListingCounts() {
        RestoredRoutes restored = restored("/a");
        restored.tableWasRead(routes.all());
        pass(Duration.ofSeconds(20));
        restored.tableWasRead(routes.all());
        pass(Duration.ofSeconds(10));

        restored.lookAfterThem();

        assertThat(restored.unconfirmed()).isZero();
    }

    @Test
    void oneThatIsPutAgainIsConfirmed() {
        RestoredRoutes restored = restored("/a", "/b");

        routes.put(Route.of("/a", TARGET, 0));
        restored.lookAfterThem();

        assertThat(restored.unconfirmed()).isOne();
    }

    @Test
    void oneThatNobodyConfirmsGoesInTheEnd() {
        try (LoggedLines log = LoggedLines.of(RestoredRoutes.class.getName())) {
            RestoredRoutes restored = restored("/a");
            pass(ALLOWED.minusMillis(1));
            restored.lookAfterThem();
            assertThat(routes.get("/a")).isNotNull();

            pass(Duration.ofMillis(1));
            restored.lookAfterThem();

            assertThat(routes.get("/a")).isNull();
            assertThat(log.with("Removed route /a -> http://127.0.0.1:8000: it was restored and nobody has confirmed"))
                    .hasSize(1);
            restored.lookAfterThem();
            assertThat(restored.unconfirmed()).isZero();
        }
    }

    @Test
    void aConfirmedOneStays() {
        RestoredRoutes restored = restored("/a");
        restored.tableWasRead(routes.all());
        pass(Duration.ofSeconds(30));
        restored.lookAfterThem();

        pass(ALLOWED);
        restored.lookAfterThem();

        assertThat(routes.get("/a")).isNotNull();
    }

    @Test
    void oneThatIsJustBeingPutDoesNotGo() {
        RestoredRoutes restored = restored("/a");
        pass(ALLOWED);

        restored.isPut("/a");
        restored.lookAfterThem();

        assertThat(routes.get("/a")).isNotNull();
    }

    @Test
    void withoutALimitTheyStay() {
        routes.put(Route.restored("/a", TARGET, Map.of(), 0, clock.get()));
        RestoredRoutes restored = new RestoredRoutes(routes, store, null, clock::get);

        pass(Duration.ofDays(365));
        restored.lookAfterThem();

        assertThat(routes.get("/a")).isNotNull();
        assertThat(restored.unconfirmed()).isOne();
    }

    @Test
    void oneThatTheStoreKeepsFromGoingGoesLater() {
        RestoredRoutes restored = restored("/a");
        pass(ALLOWED);
        store.isAway(true);
        restored.lookAfterThem();
        assertThat(routes.get("/a")).isNotNull();

        store.isAway(false);
        restored.lookAfterThem();

        assertThat(routes.get("/a")).isNull();
    }

    @Test
    void thoseThatComeWhileTheStoreIsStillReadingCountToo() {
        store.is(new StoreStatus("redis", false, false, "reading"));
        RestoredRoutes restored = restored();
        restored.lookAfterThem();
        routes.put(Route.restored("/late", TARGET, Map.of(), 0, clock.get()));
        store.is(StoreStatus.working("redis"));

        restored.lookAfterThem();

        assertThat(restored.unconfirmed()).isOne();
    }

    @Test
    void thoseThatComeInTheLastMomentCountToo() {
        store.whenAsked(() -> routes.put(Route.restored("/late", TARGET, Map.of(), 0, clock.get())));
        RestoredRoutes restored = restored();

        restored.lookAfterThem();

        assertThat(restored.unconfirmed()).isOne();
    }

    @Test
    void aReadingOfTheTableIsRemembered() {
        RestoredRoutes restored = restored();
        assertThat(restored.tableReadMillis()).isEmpty();

        restored.tableWasRead(routes.all());

        assertThat(restored.tableReadMillis()).hasValue(1_000_000);
    }
}
