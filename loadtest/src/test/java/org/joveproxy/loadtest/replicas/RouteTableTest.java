package org.joveproxy.loadtest.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final String JSON = """
            {"/": {"target": "http://hub", "last_activity": "2026-01-01T00:00:00.000Z"},
             "/user/a": {"target": "http://a", "jupyterhub": true, "last_activity": "2026-01-01T00:00:01.500Z"},
             "/user/b": {"target": "http://b", "last_activity": "nonsense"}}""";

    private static RouteTable table() throws IOException {
        return RouteTable.parse(JSON, 1, 2);
    }

    @Test
    void theSameIsTheSame() throws IOException {
        assertThat(table().differences(Map.of("/user/a", "http://a"), Set.of("/user/b")))
                .isEmpty();
    }

    @Test
    void everyDifferenceIsTold() throws IOException {
        assertThat(table().differences(Map.of("/user/a", "http://x", "/user/c", "http://c"), Set.of()))
                .containsExactlyInAnyOrder(
                        "wrong target: /user/a to http://a (expected: http://x)",
                        "lost: /user/c",
                        "should be gone: /user/b");
        assertThat(table().differences(Map.of("/user/a", "http://a", "/user/b", "http://b"), Set.of()))
                .containsExactly("without the hub's mark: /user/b");
    }

    @Test
    void timesAreReadWhereTheyAreTimes() throws IOException {
        assertThat(Objects.requireNonNull(table().entries().get("/user/a")).lastActivity())
                .isEqualTo(Instant.parse("2026-01-01T00:00:01.500Z"));
        assertThat(Objects.requireNonNull(table().entries().get("/user/b")).lastActivity())
                .isNull();
    }
}
