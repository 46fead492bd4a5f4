package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is made anew step by step, with changes between the steps. */
class RenewalTest {
    private static final String FIRST = "/user/00000";
    private static final String LAST = "/user/04998";

    @TempDir
    private Path temporary;

    private final RouteTable table = new RouteTable();
    private JournalDirectory directory;
    private RouteFile old;
    private RouteFile current;
    private Renewal renewal;
    private boolean isOver;

    @BeforeEach
    void beginWithManyRoutes() throws IOException {
        for (int i = 0; i < 5000; i += 2) {
            table.put(route(String.format("/user/%05d", i), 1));
        }
        directory = new JournalDirectory(Files.createDirectory(temporary.resolve("state")));
        directory.claim(0);
        old = RouteFile.create(directory, "", table.all());
        current = old;
        renewal = new Renewal(directory, "", old, table);
    }

    @AfterEach
    void close() {
        current.abandon();
        directory.close();
    }

    private static Route route(String path, int port) {
        return Route.of(path, Target.parse("http://127.0.0.1:" + port), 1_800_000_000_000L);
    }

    /** A change that is in the table and not in any file yet. */
    private Change put(String path, int port) {
        Route route = route(path, port);
        return new Change(path, route, table.put(route) != null);
    }

    private Change removed(String path) {
        return new Change(path, null, table.remove(path) != null);
    }

    private void keep(Change... changes) throws IOException {
        for (Change change : changes) {
            current.write(change);
        }
        current.commit();
        if (!isOver) {
            renewal.follow(List.of(changes));
        }
    }

    private boolean step() throws IOException {
        isOver = renewal.step();
        if (isOver) {
            old.abandon();
            current = renewal.file();
        }
        return isOver;
    }

    private void finish() throws IOException {
        boolean isLast = false;
        while (!isLast) {
            isLast = step();
        }
        assertThat(directory.newFile()).doesNotExist();
    }

    private Map<String, String> inForce() {
        return targets(table.all());
    }

    private static Map<String, String> targets(Iterable<Route> routes) {
        Map<String, String> targets = new TreeMap<>();
        routes.forEach(route -> targets.put(route.path(), route.target().raw()));
        return targets;
    }

    /** What a proxy restores that finds the directory as it is now; it leaves no file behind that is not complete. */
    private Map<String, String> kept() throws IOException {
        Path copy = Files.createTempDirectory(temporary, "copy");
        try (Stream<Path> files = Files.list(directory.file().getParent())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Map<String, String> targets;
        try (var under = new JournalUnderTest(copy)) {
            assertThat(under.journal.lostRoutes()).isFalse();
            targets = under.targets();
            under.put("one-more", 1);
            assertThat(copy.resolve("routes.mv.new")).doesNotExist();
        }
        return targets;
    }

    @Test
    void whatChangesMeanwhileIsInTheNewFile() throws IOException {
        step();
        keep(put(FIRST, 2), put(LAST, 2), put("/user/00001", 3), put("/user/04999", 3));
        finish();
        assertThat(kept())
                .isEqualTo(inForce())
                .containsEntry(FIRST, "http://127.0.0.1:2")
                .containsEntry(LAST, "http://127.0.0.1:2")
                .containsKeys("/user/00001", "/user/04999");
    }

    @Test
    void whatIsRemovedMeanwhileDoesNotComeBack() throws IOException {
        step();
        keep(removed(FIRST), removed(LAST), removed("/user/nobody"));
        finish();
        assertThat(kept()).isEqualTo(inForce()).doesNotContainKeys(FIRST, LAST);
    }

    /** What is in the table and not in the old file yet is copied with it, and comes once more. */
    @Test
    void whatComesIntoForceBeforeItIsKeptIsThereInTheEnd() throws IOException {
        Change earlier = put(LAST, 7);
        Change gone = removed(FIRST);
        Change back = put(FIRST, 8);
        Change removedLater = removed("/user/04996");
        finish();
        keep(earlier, gone, back, removedLater);
        assertThat(kept()).isEqualTo(inForce()).containsEntry(FIRST, "http://127.0.0.1:8");
    }

    /** The process may end between any two steps: only what is in the directory counts then. */
    @Test
    void atEachStepTheDirectoryHasAllThatWasKept() throws IOException {
        Random random = new Random(5);
        int steps = 0;
        boolean isLast = false;
        while (!isLast) {
            for (int i = 0; i < 20; i++) {
                String path = String.format("/user/%05d", random.nextInt(5000));
                keep(random.nextInt(3) == 0 ? removed(path) : put(path, 1 + random.nextInt(60_000)));
            }
            assertThat(kept()).isEqualTo(inForce());
            isLast = step();
            assertThat(kept()).isEqualTo(inForce());
            steps++;
        }
        assertThat(steps).isGreaterThan(10);
    }

    @Test
    void aRenewalThatIsGivenUpLeavesTheOldFileAsItIs() throws IOException {
        step();
        keep(put(FIRST, 2), removed(LAST));
        renewal.abandon();
        isOver = true;
        assertThat(directory.newFile()).doesNotExist();
        keep(put("/user/00002", 4));
        assertThat(kept()).isEqualTo(inForce());
    }
}
