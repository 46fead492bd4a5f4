package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteListener;
import org.joveproxy.core.routing.RouteOptions;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.RouteJson;
import org.joveproxy.store.StoredData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalTest {
    private static final String HUB = "http://hub:8081";

    @TempDir
    private Path temporary;

    private Path directory() {
        return temporary.resolve("state");
    }

    private Path file() {
        return directory().resolve("routes.mv");
    }

    private static Route hubRoute(String target) {
        return Route.of("/", Target.parse(target), Map.of("hub", true, "jupyterhub", true), 0);
    }

    @Test
    void whatWasPutIsThereAfterTheNextStart() throws IOException {
        try (var first = new JournalUnderTest(directory())) {
            first.put("zoe", 1);
            first.put("adam", 2);
            first.put("zoe", 3);
            assertThat(first.remove("user/adam/")).isTrue();
            assertThat(first.remove("/user/adam")).isFalse();
        }
        try (var second = new JournalUnderTest(directory())) {
            assertThat(second.targets()).containsExactly(Map.entry("/user/zoe", "http://10.0.0.1:3"));
            assertThat(second.journal.status()).isEqualTo(StoreStatus.working("journal"));
            assertThat(second.journal.lostRoutes()).isFalse();
        }
    }

    @Test
    void theTableHoldsOfARouteTheTextThatIsKept() throws IOException {
        try (var journal = new JournalUnderTest(directory())) {
            journal.put("zoe", 1);

            Map<String, Object> data = journal.at("/user/zoe").data();
            assertThat(data).isInstanceOf(StoredData.class).containsEntry("target", "http://10.0.0.1:1");
        }
    }

    @Test
    void optionsOfARouteHoldAfterTheNextStart() throws IOException {
        Map<String, Object> options = Map.of("stripPrefix", true, "timeout", "1h");
        try (var first = new JournalUnderTest(directory())) {
            Target target = Target.parse("http://10.0.0.1:1");
            first.put(Route.of("/app", target, Map.of("jove", options), 0));
            first.put(Route.of("/bad", target, Map.of("jove", 7), 0));
            first.put("zoe", 1);
            assertThat(first.at("/app").options())
                    .isNotNull()
                    .returns(true, RouteOptions::stripsPrefix)
                    .returns(Duration.ofHours(1), read -> read.upstreamSilence(null));
        }
        try (var second = new JournalUnderTest(directory())) {
            assertThat(second.at("/app").data()).containsEntry("jove", options);
            assertThat(second.at("/app").options())
                    .isNotNull()
                    .returns(true, RouteOptions::stripsPrefix)
                    .returns(Duration.ofHours(1), read -> read.upstreamSilence(null));
            assertThat(second.at("/bad").options()).isNull();
            assertThat(second.at("/bad").data()).containsEntry("jove", 7);
            assertThat(second.at("/user/zoe").options()).isNull();
        }
    }

    @Test
    void noChangeIsTakenBeforeAllThatWasKeptIsInForce() throws Exception {
        try (var first = new JournalUnderTest(directory())) {
            first.put("zoe", 1);
        }
        CompletableFuture<Void> gate = new CompletableFuture<>();
        RouteTable routes = new RouteTable();
        routes.addListener(new RouteListener() {
            @Override
            public void targeted(Origin origin) {
                gate.join();
            }

            @Override
            public void abandoned(Origin origin) {}
        });
        try (var second = Journal.open(
                new JournalConfig(directory(), null), routes, ProxyObserver.none(), System::currentTimeMillis)) {
            assertThat(second.status()).isEqualTo(new StoreStatus("journal", false, true, ""));
            assertThatThrownBy(() -> second.remove("/user/zoe").get())
                    .hasCauseInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("still being read");
            gate.complete(null);
            second.awaitRoutes();
            assertThat(second.status()).isEqualTo(StoreStatus.working("journal"));
            assertThat(second.remove("/user/zoe").get(10, TimeUnit.SECONDS)).isTrue();
        }
        try (var third = new JournalUnderTest(directory())) {
            assertThat(third.targets()).isEmpty();
        }
    }

    @Test
    void aWholeFileIsWrittenAnewWhenTheFirstChangeComes() throws IOException {
        try (var first = new JournalUnderTest(directory())) {
            first.put("zoe", 1);
        }
        Object before = JournalDirectory.key(file());
        try (var second = new JournalUnderTest(directory())) {
            assertThat(JournalDirectory.key(file())).isEqualTo(before);
            second.put("adam", 2);
            assertThat(JournalDirectory.key(file())).isNotEqualTo(before);
            Path copy = Files.createDirectory(temporary.resolve("copy"));
            Files.copy(file(), copy.resolve("routes.mv"));
            try (var third = new JournalUnderTest(copy)) {
                assertThat(third.targets()).containsOnlyKeys("/user/zoe", "/user/adam");
            }
        }
    }

    @Test
    void aWholeFileIsWrittenAnewSoonWithoutAnyChange() throws IOException {
        try (var first = new JournalUnderTest(directory())) {
            first.put("zoe", 1);
        }
        Object before = JournalDirectory.key(file());
        try (var second = new JournalUnderTest(directory(), null, JournalUnderTest.FAST)) {
            await().untilAsserted(() ->
                    assertThat(JournalDirectory.key(file())).isNotNull().isNotEqualTo(before));
            assertThat(second.targets()).containsOnlyKeys("/user/zoe");
        }
    }

    @Test
    void aFileOfAnotherDefaultIsWrittenAnewAtOnce() throws IOException {
        try (var first = new JournalUnderTest(directory(), HUB, JournalUnderTest.IDLE)) {
            first.put(hubRoute("http://moved:1"));
        }
        Object before = JournalDirectory.key(file());
        try (var second = new JournalUnderTest(directory(), "http://new:8081", JournalUnderTest.IDLE)) {
            await().untilAsserted(() ->
                    assertThat(JournalDirectory.key(file())).isNotNull().isNotEqualTo(before));
            assertThat(second.targets()).containsEntry("/", "http://new:8081");
        }
    }

    @Test
    void whatWasAcknowledgedNeedsNoClosing() throws IOException {
        try (var first = new JournalUnderTest(directory())) {
            first.put("zoe", 1);
            Path copy = Files.createDirectory(temporary.resolve("copy"));
            Files.copy(file(), copy.resolve("routes.mv"));
            try (var second = new JournalUnderTest(copy)) {
                assertThat(second.targets()).containsOnlyKeys("/user/zoe");
            }
        }
    }

    @Test
    void aRouteComesBackAsItWas() throws Exception {
        String body = "{\"user\":\"秀 \\\" \\ud800\",\"n\":123456789012345678901234567890,\"o\":{\"l\":[null,1.50]}}";
        Map<String, Object> data = new LinkedHashMap<>(RouteJson.object(RouteJson.parse(body)));
        Route put = Route.of("/a//%2F 秀\ud800/", Target.parse("http://u:p@a:1/x?y#z"), data, 123_456);
        try (var first = new JournalUnderTest(directory())) {
            first.put(put);
        }
        try (var second = new JournalUnderTest(directory())) {
            Route back = second.at(put.path());
            assertThat(RouteJson.write(back)).isEqualTo(RouteJson.write(put));
            assertThat(back.path()).isEqualTo(put.path());
            assertThat(back.target()).isEqualTo(put.target());
            var restoration = Objects.requireNonNull(back.restoration());
            assertThat(restoration.restoredMillis()).isEqualTo(second.clock.get());
            assertThat(restoration.isConfirmed()).isFalse();
        }
    }

    @Test
    void theLastUseIsKeptNowAndThenAndAtTheEnd() throws IOException {
        long addedAt;
        try (var first = new JournalUnderTest(directory(), null, JournalUnderTest.FAST)) {
            first.put("zoe", 1);
            first.put("adam", 2);
            first.at("/user/zoe").activity().touch(1_900_000_000_000L);
            await().untilAsserted(() -> assertThat(lastUseInACopy("/user/zoe")).isEqualTo(1_900_000_000_000L));
            first.at("/user/adam").activity().touch(1_950_000_000_000L);
        }
        try (var second = new JournalUnderTest(directory())) {
            assertThat(second.at("/user/zoe").activity().lastMillis()).isEqualTo(1_900_000_000_000L);
            assertThat(second.at("/user/adam").activity().lastMillis()).isEqualTo(1_950_000_000_000L);
            second.remove("/user/zoe");
            second.put("zoe", 1);
            addedAt = second.clock.get();
        }
        try (var third = new JournalUnderTest(directory())) {
            assertThat(third.at("/user/zoe").activity().lastMillis()).isEqualTo(addedAt);
        }
    }

    /** Times are kept some routes at a time. */
    @Test
    void whenVeryManyRoutesWereUsedIsKept() throws IOException {
        try (var first = new JournalUnderTest(directory())) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 2500; i++) {
                all.add(first.journal.put(first.route("user-" + i, 1)));
            }
            all.forEach(JournalUnderTest::done);
            first.routes.all().forEach(route -> route.activity().touch(1_900_000_000_000L));
        }
        try (var second = new JournalUnderTest(directory())) {
            assertThat(second.routes.all())
                    .hasSize(2500)
                    .allSatisfy(
                            route -> assertThat(route.activity().lastMillis()).isEqualTo(1_900_000_000_000L));
        }
    }

    private long lastUseInACopy(String path) throws IOException {
        Path copy = Files.createTempDirectory(temporary, "copy");
        Files.copy(file(), copy.resolve("routes.mv"));
        try (var other = new JournalUnderTest(copy)) {
            return other.at(path).activity().lastMillis();
        }
    }

    @Test
    void manyChangesAtOnceAreKeptTogether() throws IOException {
        try (var under = new JournalUnderTest(directory())) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                all.add(under.journal.put(under.route("user-" + i, i + 1)));
            }
            all.forEach(JournalUnderTest::done);
            assertThat(under.kept).hasValue(2000);
            assertThat(under.batches.get()).isLessThan(1000);
            assertThat(under.notKept).hasValue(0);
        }
    }

    @Test
    void futuresCompleteOnTheJournalsThread() throws Exception {
        try (var under = new JournalUnderTest(directory())) {
            CompletableFuture<String> thread = new CompletableFuture<>();
            CompletableFuture<Void> gate = new CompletableFuture<>();
            under.journal.put(under.route("first", 1)).thenRun(gate::join);
            under.journal
                    .put(under.route("second", 1))
                    .thenRun(() -> thread.complete(Thread.currentThread().getName()));
            gate.complete(null);
            assertThat(JournalUnderTest.done(thread)).isEqualTo("jove-journal");
        }
    }

    @Test
    void aClosedJournalRefusesChanges() throws IOException {
        var under = new JournalUnderTest(directory());
        under.close();

        assertThatThrownBy(() -> under.journal.put(under.route("zoe", 1)).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> under.journal.remove("/user/zoe").get())
                .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(under.targets()).isEmpty();
    }

    @Test
    void nobodyElseMayReadTheFiles() throws IOException {
        try (var under = new JournalUnderTest(directory())) {
            under.put("zoe", 1);
            assertThat(permissions(directory())).isEqualTo("rwx------");
            assertThat(permissions(file())).isEqualTo("rw-------");
            assertThat(permissions(directory().resolve("routes.lock"))).isEqualTo("rw-------");
        }
        assertThat(directory()).isDirectoryNotContaining("glob:**.new");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aSecondProxyIsRefused() throws IOException {
        try (var first = new JournalUnderTest(directory())) {
            assertThatThrownBy(() -> new JournalUnderTest(directory()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(file() + ": another proxy uses it (pid "
                            + ProcessHandle.current().pid() + ")");
            first.put("zoe", 1);
        }
        try (var second = new JournalUnderTest(directory())) {
            assertThat(second.targets()).containsOnlyKeys("/user/zoe");
        }
    }

    // The first command line's default, what the hub put at the root (or - for nothing), the second default, what then
    // holds
    @ParameterizedTest
    @CsvSource({
        "http://hub:8081, -,             http://hub:8081, http://hub:8081",
        "http://hub:8081, -,             http://new:8081, http://new:8081",
        "http://hub:8081, -,             ,                ",
        "http://hub:8081, http://moved:1, http://hub:8081, http://moved:1",
        "http://hub:8081, http://moved:1, http://new:8081, http://new:8081",
        "http://hub:8081, http://moved:1, ,                http://moved:1",
        ",                http://moved:1, ,                http://moved:1",
        ",                http://moved:1, http://new:8081, http://new:8081",
    })
    void theDefaultTargetBeatsWhatIsRestored(String former, String posted, String now, String expected)
            throws IOException {
        try (var first = new JournalUnderTest(directory(), former, JournalUnderTest.IDLE)) {
            if (!posted.equals("-")) {
                first.put(hubRoute(posted));
            }
        }
        for (int start = 0; start < 2; start++) {
            try (var second = new JournalUnderTest(directory(), now, JournalUnderTest.IDLE)) {
                assertThat(second.targets()).isEqualTo(expected == null ? Map.of() : Map.of("/", expected));
            }
        }
    }

    @Test
    void aRootThatIsNotTheHubsGivesWayToTheDefaultTarget() throws IOException {
        Route posted = Route.of("/", Target.parse("http://somebody:1"), 0);
        try (var first = new JournalUnderTest(directory(), HUB, JournalUnderTest.IDLE)) {
            first.put(posted);
        }
        try (var second = new JournalUnderTest(directory(), HUB, JournalUnderTest.IDLE)) {
            assertThat(second.targets()).containsEntry("/", HUB);
        }
        try (var third = new JournalUnderTest(directory())) {
            assertThat(third.targets()).isEmpty();
        }
    }

    @Test
    void aRemovedDefaultIsBackAfterTheNextStart() throws IOException {
        try (var first = new JournalUnderTest(directory(), HUB, JournalUnderTest.IDLE)) {
            assertThat(first.remove("/")).isTrue();
            assertThat(first.targets()).isEmpty();
        }
        try (var second = new JournalUnderTest(directory(), HUB, JournalUnderTest.IDLE)) {
            assertThat(second.targets()).containsEntry("/", HUB);
            assertThat(second.at("/").restoration()).isNull();
        }
    }
}
