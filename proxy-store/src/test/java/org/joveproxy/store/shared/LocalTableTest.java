package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteOptions;
import org.joveproxy.core.routing.RouteTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How what a second look has found goes together with the changes, which come in their order. */
class LocalTableTest {
    private final RouteTable routes = new RouteTable();
    private final LocalTable table = new LocalTable(routes, null, () -> 0);

    private static String data(int port) {
        return "{\"target\":\"http://a:" + port + "\"}";
    }

    private static Found found(String epoch, long seq, int port) {
        return new Found(epoch, seq, "/user/ada", data(port), 0);
    }

    private void isEqualTo(String epoch, long seq, Map<String, String> stored) {
        table.becomeEqualTo(new StoredTable(epoch, seq, "", false, stored, Map.of()));
    }

    private void put(long seq, int port) {
        table.apply(new Change(seq, Change.PUT, "/user/ada", data(port), 0, "other", 1));
    }

    private void remove(long seq) {
        table.apply(new Change(seq, Change.REMOVE, "/user/ada", "", 0, "other", 1));
    }

    private @Nullable String target() {
        Route route = routes.get("/user/ada");
        return route == null ? null : route.target().raw();
    }

    @Test
    void optionsOfARouteHold() {
        String data = "{\"target\":\"http://a:1\",\"jove\":{\"stripPrefix\":true}}";
        table.apply(new Change(1, Change.PUT, "/app", data, 0, "other", 1));
        table.apply(new Change(2, Change.PUT, "/bad", data.replace("true", "1"), 0, "other", 1));

        assertThat(routes.get("/app"))
                .isNotNull()
                .satisfies(route -> assertThat(route.options()).isNotNull().returns(true, RouteOptions::stripsPrefix));
        assertThat(routes.get("/bad"))
                .isNotNull()
                .satisfies(route -> assertThat(route.options()).isNull());
    }

    @Test
    void changesThatTheLookKnewDoNotUndoIt() {
        isEqualTo("e", 10, Map.of());

        assertThat(table.takeIn(found("e", 13, 3), table.session())).isTrue();

        put(11, 1);
        assertThat(target()).isEqualTo("http://a:3");
        remove(12);
        assertThat(target()).isEqualTo("http://a:3");
        put(13, 3);
        remove(14);
        assertThat(target()).isNull();
    }

    private boolean isYoung() {
        Route route = routes.get("/user/ada");
        return route != null
                && route.ageNanos(System.nanoTime()) < Duration.ofHours(1).toNanos();
    }

    @Test
    void whatTheStoreHasHeldBeforeIsNotYoung() {
        isEqualTo("e", 10, Map.of("/user/ada", data(1)));
        assertThat(isYoung()).isFalse();

        put(11, 1);
        assertThat(isYoung()).isFalse();

        put(12, 2);
        assertThat(isYoung()).isTrue();
    }

    @Test
    void whatALookHasFoundIsYoung() {
        isEqualTo("e", 10, Map.of());

        table.takeIn(found("e", 13, 3), table.session());

        assertThat(isYoung()).isTrue();
    }

    @Test
    void changesOfOtherPathsAreMade() {
        isEqualTo("e", 10, Map.of());
        table.takeIn(found("e", 13, 3), table.session());

        table.apply(new Change(11, Change.PUT, "/user/zoe", data(1), 0, "other", 1));

        assertThat(routes.get("/user/zoe")).isNotNull();
    }

    @Test
    void aTableThatIsAsNewTakesNothingIn() {
        isEqualTo("e", 10, Map.of("/user/ada", data(1)));
        remove(11);

        assertThat(table.takeIn(found("e", 10, 1), table.session())).isFalse();
        assertThat(table.takeIn(found("e", 11, 1), table.session())).isFalse();
        assertThat(target()).isNull();
    }

    @Test
    void anOlderAnswerDoesNotUndoANewerOne() {
        isEqualTo("e", 10, Map.of());
        table.takeIn(found("e", 13, 3), table.session());

        assertThat(table.takeIn(found("e", 12, 2), table.session())).isTrue();

        assertThat(target()).isEqualTo("http://a:3");
    }

    @Test
    void whatBelongsToAnotherEpochIsNotTakenIn() {
        isEqualTo("e", 10, Map.of());

        assertThat(table.takeIn(found("f", 13, 3), table.session())).isFalse();
        assertThat(target()).isNull();
    }

    @Test
    void anEmptyTableTakesInWhatTheWholeThenKeeps() {
        assertThat(table.takeIn(found("e", 13, 3), table.session())).isTrue();

        // Read before the route was added.
        isEqualTo("e", 12, Map.of("/user/zoe", data(1)));
        assertThat(target()).isEqualTo("http://a:3");
        isEqualTo("e", 13, Map.of("/user/zoe", data(1)));
        assertThat(target()).isNull();
    }

    @Test
    void theWholeOfAnotherEpochWins() {
        assertThat(table.takeIn(found("e", 13, 3), table.session())).isTrue();

        isEqualTo("f", 5, Map.of());

        assertThat(target()).isNull();
        put(6, 6);
        assertThat(target()).isEqualTo("http://a:6");
    }

    @Test
    void nothingIsTakenInOverALostConnection() {
        isEqualTo("e", 10, Map.of());
        int session = table.session();

        assertThat(table.forgetLooks()).isFalse();

        assertThat(table.takeIn(found("e", 13, 3), session)).isFalse();
        assertThat(target()).isNull();
    }

    @Test
    void afterALostConnectionChangesCountAgain() {
        isEqualTo("e", 10, Map.of());
        table.takeIn(found("e", 13, 3), table.session());

        assertThat(table.forgetLooks()).isTrue();

        put(11, 1);
        assertThat(target()).isEqualTo("http://a:1");
        assertThat(table.forgetLooks()).isFalse();
    }
}
