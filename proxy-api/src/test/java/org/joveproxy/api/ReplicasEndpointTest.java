package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.routing.MemoryStore;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.store.ReplicaListing;
import org.junit.jupiter.api.Test;

class ReplicasEndpointTest {
    @Test
    void aStoreThatIsNotSharedHasNoReplicas() {
        AdminAnswer answer = new ReplicasEndpoint(new MemoryStore(new RouteTable())).read();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"store\":\"memory\",\"replicas\":[]}\n");
    }

    @Test
    void eachReplicaIsDescribed() {
        ReplicaListing.Entry entry =
                new ReplicaListing.Entry("a1", "Jove 1", "http://10.0.0.1:8000", 0, 1000, 41, 2, true, false);

        assertThat(new ReplicasEndpoint(new SharedByOne(entry)).read().body())
                .isEqualTo("{\"store\":\"redis\",\"replicas\":[{\"id\":\"a1\",\"version\":\"Jove 1\","
                        + "\"address\":\"http://10.0.0.1:8000\",\"started\":\"1970-01-01T00:00:00.000Z\","
                        + "\"last_seen\":\"1970-01-01T00:00:01.000Z\",\"applied\":41,\"lag\":2,\"self\":true,"
                        + "\"ready\":false}]}\n");
    }

    private record SharedByOne(Entry entry) implements RouteStore, ReplicaListing {
        @Override
        public List<Entry> replicas() {
            return List.of(entry);
        }

        @Override
        public CompletableFuture<Void> put(Route route) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Boolean> remove(String path) {
            return CompletableFuture.completedFuture(false);
        }

        @Override
        public StoreStatus status() {
            return StoreStatus.working("redis");
        }

        @Override
        public void close() {}
    }
}
