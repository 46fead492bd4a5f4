package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEFORE = Instant.parse("2026-03-05T08:00:00.000Z");
    private static final Instant SEEN = Instant.parse("2026-03-05T09:00:00.000Z");
    private static final Instant KILLED = Instant.parse("2026-03-05T10:00:00.000Z");
    private static final Instant RESTORED = Instant.parse("2026-03-05T10:00:01.000Z");

    private final KnownRoutes known = new KnownRoutes();
    private final Map<String, JsonNode> table = new HashMap<>();

    private static String body(int number) {
        return "{\"target\":\"http://127.0.0.2:8888\",\"jupyterhub\":true,\"more\":[" + number + ",null]}";
    }

    private void acknowledged(String path, @Nullable String body) {
        known.begin(path, body);
        known.acknowledged(path, SEEN);
    }

    private void holds(String path, String body, Instant activity) {
        try {
            table.put(path, ((ObjectNode) JSON.readTree(body)).put("last_activity", activity.toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(body, e);
        }
    }

    private void holds(String path, String body) {
        holds(path, body, BEFORE);
    }

    private Aftermath compare() {
        ObjectNode all = JSON.createObjectNode();
        all.setAll(table);
        return known.compare(all, KILLED);
    }

    @Test
    void whatWasAcknowledgedIsThere() {
        acknowledged("/user/a", body(1));
        holds("/user/a", body(1));

        assertThat(compare().isRight()).isTrue();
    }

    @Test
    void anAcknowledgedRouteMayNotBeGone() {
        acknowledged("/user/a", body(1));

        Aftermath aftermath = compare();

        assertThat(aftermath.missingRoutes()).isEqualTo(1);
        assertThat(aftermath.isRight()).isFalse();
        assertThat(aftermath.examples().get(0)).contains("/user/a", "[1,null]");
    }

    @Test
    void anEarlierStateIsWrong() {
        acknowledged("/user/a", body(1));
        acknowledged("/user/a", body(2));
        holds("/user/a", body(1));

        assertThat(compare().wrongRoutes()).isEqualTo(1);
    }

    @Test
    void aDeletedRouteMayNotBeBack() {
        acknowledged("/user/a", body(1));
        acknowledged("/user/a", null);
        holds("/user/a", body(1));

        assertThat(compare().extraRoutes()).isEqualTo(1);
    }

    @Test
    void aRefusedRouteMayNotBeThere() {
        known.begin("/user/a", body(1));
        known.refused("/user/a");
        holds("/user/a", body(1));

        assertThat(compare().extraRoutes()).isEqualTo(1);
    }

    @Test
    void nobodyAddsRoutesButTheHub() {
        holds("/user/stranger", body(1));

        assertThat(compare().extraRoutes()).isEqualTo(1);
    }

    @Test
    void theDefaultRouteIsTheProxysOwn() {
        holds("/", body(1));

        assertThat(compare().isRight()).isTrue();
    }

    @Test
    void aChangeUnderWayMayBeInForce() {
        acknowledged("/user/a", body(1));
        known.begin("/user/a", body(2));
        holds("/user/a", body(2));

        Aftermath aftermath = compare();

        assertThat(aftermath.isRight()).isTrue();
        assertThat(aftermath.keptChanges()).isEqualTo(1);
        assertThat(known.bodyOf("/user/a")).isEqualTo(body(2));
    }

    @Test
    void aChangeUnderWayMayBeLost() {
        acknowledged("/user/a", body(1));
        known.begin("/user/a", body(2));
        holds("/user/a", body(1));

        Aftermath aftermath = compare();

        assertThat(aftermath.isRight()).isTrue();
        assertThat(aftermath.lostChanges()).isEqualTo(1);
        assertThat(known.bodyOf("/user/a")).isEqualTo(body(1));
    }

    @Test
    void aReplacementUnderWayMayNotTakeTheOldRouteAlong() {
        acknowledged("/user/a", body(1));
        known.begin("/user/a", body(2));

        assertThat(compare().missingRoutes()).isEqualTo(1);
    }

    @Test
    void aDeletionUnderWayMayGoEitherWay() {
        acknowledged("/user/gone", body(1));
        acknowledged("/user/stays", body(2));
        known.begin("/user/gone", null);
        known.begin("/user/stays", null);
        holds("/user/stays", body(2));

        Aftermath aftermath = compare();

        assertThat(aftermath.isRight()).isTrue();
        assertThat(aftermath.keptChanges()).isEqualTo(1);
        assertThat(aftermath.lostChanges()).isEqualTo(1);
    }

    @Test
    void neitherOldNorNewIsWrongEvenUnderWay() {
        acknowledged("/user/a", body(1));
        known.begin("/user/a", body(2));
        holds("/user/a", body(3));

        assertThat(compare().wrongRoutes()).isEqualTo(1);
    }

    @Test
    void whatWasFoundIsTheTruthFromThenOn() {
        acknowledged("/user/a", body(1));
        compare();

        assertThat(known.bodyOf("/user/a")).isNull();
        assertThat(compare().isRight()).isTrue();
    }

    @Test
    void aRouteMayNotSeemActiveBecauseItWasRestored() {
        acknowledged("/user/a", body(1));
        holds("/user/a", body(1), RESTORED);

        assertThat(compare().lateRoutes()).isEqualTo(1);
    }

    @Test
    void useMovesTheLastActivity() {
        acknowledged("/user/a", body(1));
        known.used("/user/a", KILLED);
        holds("/user/a", body(1), KILLED);

        assertThat(compare().isRight()).isTrue();
    }

    @Test
    void whatWasReadOnceIsNeverLaterWithoutUse() {
        acknowledged("/user/a", body(1));
        holds("/user/a", body(1), BEFORE);
        compare();
        holds("/user/a", body(1), SEEN);

        assertThat(compare().lateRoutes()).isEqualTo(1);
    }

    @Test
    void theHubCannotReadAnyOtherActivity() {
        acknowledged("/user/a", body(1));
        table.put("/user/a", JSON.createObjectNode().put("last_activity", 7));

        assertThat(compare().wrongRoutes()).isPositive();
    }

    @Test
    void aPathChangesOnceAtATime() {
        known.begin("/user/a", body(1));

        assertThat(known.isChanging("/user/a")).isTrue();
        assertThatThrownBy(() -> known.begin("/user/a", null)).hasMessageContaining("/user/a");
    }

    /** Whatever was under way goes either way; then one route is spoilt, and that one is found. */
    @Test
    void anyHistoryIsToldFromOneThatIsSpoilt() {
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        for (int history = 0; history < 200; history++) {
            KnownRoutes routes = new KnownRoutes();
            Map<String, String> truth = new HashMap<>();
            List<String> paths = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                String path = "/user/" + random.nextInt(20);
                if (routes.isChanging(path)) {
                    continue;
                }
                String body = random.nextInt(3) == 0 ? null : body(step);
                routes.begin(path, body);
                int fate = random.nextInt(5);
                if (fate < 3) {
                    routes.acknowledged(path, SEEN);
                } else if (fate == 3) {
                    routes.refused(path);
                }
                if (fate < 3 || (fate == 4 && random.nextBoolean())) {
                    truth.compute(path, (unused, before) -> body);
                }
            }
            ObjectNode found = JSON.createObjectNode();
            truth.forEach((path, body) -> {
                paths.add(path);
                holds(path, body);
                found.set(path, table.get(path));
            });
            assertThat(routes.compare(found, KILLED).examples())
                    .as("seed %d, history %d", seed, history)
                    .isEmpty();

            found.remove(paths.get(random.nextInt(paths.size())));
            assertThat(routes.compare(found, KILLED).missingRoutes())
                    .as("seed %d, history %d", seed, history)
                    .isEqualTo(1);
        }
    }
}
