package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreLooksTest {
    private static final String DATA = "{\"target\":\"http://a:1\"}";

    private final RouteTable routes = new RouteTable();
    private final LocalTable table = new LocalTable(routes, null, () -> 0);
    private final AtomicLong nanos = new AtomicLong();
    private final List<LookResult> results = new CopyOnWriteArrayList<>();
    private final AskedStore store = new AskedStore();
    private final StoreLooks looks = new StoreLooks(store, table, results::add, nanos::get);

    /** A store that answers when the test does. */
    private static final class AskedStore implements StoreLooks.Source {
        private final List<List<String>> questions = new ArrayList<>();
        private final List<CompletableFuture<List<Object>>> answers = new ArrayList<>();
        private boolean mayLackChanges = true;
        private boolean isThere = true;
        private long told;

        @Override
        public boolean mayLackChanges() {
            return mayLackChanges;
        }

        @Override
        public @Nullable CompletionStage<List<Object>> find(List<String> paths) {
            if (!isThere) {
                return null;
            }
            questions.add(paths);
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        }

        @Override
        public void tell(long seq) {
            told = seq;
        }
    }

    private void answer(int question, Object... answer) {
        store.answers.get(question).complete(List.of(answer));
    }

    private void passes(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void isAt(long seq) {
        table.becomeEqualTo(new StoredTable("e", seq, "", false, Map.of(), Map.of()));
    }

    @Test
    void whatIsFoundIsInTheTableWhenTheLookIsOver() {
        CompletableFuture<Void> look = looks.look("/user/ada/lab", null);

        assertThat(store.questions).containsExactly(List.of("/user/ada/lab", "/user/ada", "/user"));
        assertThat(look).isNotDone();
        answer(0, "e", "7", "/user/ada", DATA, "1500");
        assertThat(look).isCompleted();
        assertThat(routes.get("/user/ada")).isNotNull();
        assertThat(results).containsExactly(LookResult.FOUND);
        assertThat(store.told).isEqualTo(7);
        assertThat(looks.running()).isZero();
    }

    @Test
    void onlyPathsBelowWhatIsKnownAreAskedFor() {
        Route hub = Route.of("/jupyter", Target.parse("http://hub:1"), 0);

        assertThat(StoreLooks.paths("/jupyter/user/ada/", hub)).containsExactly("/jupyter/user/ada", "/jupyter/user");
        assertThat(StoreLooks.paths("/jupyter/", hub)).isEmpty();
        assertThat(StoreLooks.paths("/", null)).isEmpty();
        assertThat(StoreLooks.paths("//a//b", null)).containsExactly("/a//b", "/a");
        assertThat(StoreLooks.paths("/1/2/3/4/5/6/7/8", null)).hasSize(StoreLooks.MAX_SEGMENTS);
        assertThat(StoreLooks.paths("/a/" + "b".repeat(600), null)).containsExactly("/a");
    }

    @Test
    void withoutAReasonNobodyIsAsked() {
        store.mayLackChanges = false;

        assertThat(looks.look("/user/ada", null)).isNull();

        assertThat(store.questions).isEmpty();
        assertThat(results).isEmpty();
    }

    @Test
    void requestsForOnePathShareALook() {
        CompletableFuture<Void> first = looks.look("/user/ada", null);

        assertThat(looks.look("/user/ada", null)).isSameAs(first);
        assertThat(store.questions).hasSize(1);
    }

    @Test
    void aTableThatIsAsNewAsTheStoreIsNotDoubtedForAMoment() {
        isAt(7);
        looks.look("/user/ada", null);
        answer(0, "e", "7");

        passes(StoreLooks.REMEMBERED.toMillis() - 1);
        assertThat(looks.look("/user/zoe", null)).isNull();
        passes(1);
        assertThat(looks.look("/user/zoe", null)).isNotNull();
        assertThat(results).containsExactly(LookResult.NONE);
    }

    @Test
    void aLateTableIsDoubtedForOtherPaths() {
        isAt(7);
        looks.look("/user/ada", null);
        answer(0, "e", "8");

        assertThat(looks.look("/user/ada", null)).isNull();
        assertThat(looks.look("/user/zoe", null)).isNotNull();
        passes(StoreLooks.REMEMBERED.toMillis());
        assertThat(looks.look("/user/ada", null)).isNotNull();
    }

    @Test
    void onlySoManyAreUnderWayAtOnce() {
        for (int i = 0; i < StoreLooks.MAX_AT_ONCE; i++) {
            assertThat(looks.look("/user/u" + i, null)).isNotNull();
        }

        assertThat(looks.look("/user/ada", null)).isNull();
        assertThat(results).containsExactly(LookResult.SHED);
        answer(0, "e", "8");
        assertThat(looks.look("/user/ada", null)).isNotNull();
    }

    @Test
    void aStormIsCutOff() {
        isAt(7);
        for (int i = 0; i < 1000; i++) {
            if (looks.look("/user/u" + i, null) != null) {
                answer(store.answers.size() - 1, "e", "8");
            }
        }

        assertThat(store.questions).hasSize(StoreLooks.MAX_BURST);
        passes(10 * StoreLooks.BETWEEN.toMillis());
        for (int i = 1000; i < 2000; i++) {
            if (looks.look("/user/u" + i, null) != null) {
                answer(store.answers.size() - 1, "e", "8");
            }
        }
        assertThat(store.questions).hasSize(StoreLooks.MAX_BURST + 10);
    }

    @Test
    void aStoreThatDoesNotAnswerInTimeIsLeftAlone() throws Exception {
        CompletableFuture<Void> look = looks.look("/user/ada", null);

        Objects.requireNonNull(look).get(10, TimeUnit.SECONDS);

        assertThat(results).containsExactly(LookResult.FAILED);
        assertThat(looks.running()).isZero();
        assertThat(looks.look("/user/zoe", null)).isNull();
        passes(StoreLooks.REST.toMillis());
        assertThat(looks.look("/user/zoe", null)).isNotNull();
        // An answer that comes after all changes nothing.
        answer(0, "e", "7", "/user/ada", DATA, "1500");
        assertThat(routes.get("/user/ada")).isNull();
    }

    @Test
    void anErrorEndsTheLook() {
        CompletableFuture<Void> look = looks.look("/user/ada", null);

        store.answers.get(0).completeExceptionally(new IllegalStateException("no permission"));

        assertThat(look).isCompleted();
        assertThat(results).containsExactly(LookResult.FAILED);
        assertThat(looks.look("/user/ada", null)).isNotNull();
    }

    @Test
    void anAnswerThatIsNoneEndsTheLook() {
        CompletableFuture<Void> look = looks.look("/user/ada", null);

        answer(0, "e", "seven");

        assertThat(look).isCompleted();
        assertThat(results).containsExactly(LookResult.FAILED);
    }

    @Test
    void aStoreThatIsNotThereIsNotWaitedFor() {
        store.isThere = false;

        assertThat(looks.look("/user/ada", null)).isNull();

        assertThat(looks.running()).isZero();
        store.isThere = true;
        assertThat(looks.look("/user/ada", null)).isNotNull();
    }
}
