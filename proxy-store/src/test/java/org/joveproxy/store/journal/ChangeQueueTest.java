package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChangeQueueTest {
    private static final int CHANGES = 3000;
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");

    private final ChangeQueue queue = new ChangeQueue(new RouteTable());

    /** The table is walked while it changes; what is taken as kept by it must be in it. */
    @Test
    @Timeout(60)
    void aSnapshotHasEveryChangeThatIsTakenWithIt() throws Exception {
        queue.open(false);
        List<CompletableFuture<Boolean>> asked = new ArrayList<>();
        Thread hub = new Thread(() -> {
            for (int n = 0; n < CHANGES; n++) {
                asked.add(queue.put(Route.of("/user/" + n, TARGET, 0)));
            }
        });
        hub.start();
        int taken = 0;
        while (taken < CHANGES) {
            ChangeQueue.Snapshot snapshot = queue.snapshot();
            Set<String> paths = new HashSet<>();
            snapshot.routes().forEach(route -> paths.add(route.path()));
            for (Change change : snapshot.changes()) {
                assertThat(paths).contains(change.path());
                taken++;
            }
        }
        hub.join();
        assertThat(asked).hasSize(CHANGES).noneMatch(CompletableFuture::isDone);
    }
}
