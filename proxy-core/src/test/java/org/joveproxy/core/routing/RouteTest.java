package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTest {
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");

    @Test
    void dataIsKeptInItsOrder() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("user", "zoe");
        data.put("target", TARGET.raw());
        data.put("server_name", "");

        Route route = Route.of("/user/zoe", TARGET, data, 0);
        data.put("later", true);

        assertThat(route.data().keySet()).containsExactly("user", "target", "server_name");
    }

    @Test
    void dataNeverHoldsTheLastActivity() {
        Route route = Route.of("/x", TARGET, Map.of("last_activity", "yesterday"), 7);

        assertThat(route.data()).isEqualTo(Map.of("target", TARGET.raw()));
        assertThat(route.activity().lastMillis()).isEqualTo(7);
    }

    @Test
    void itsTextIsOneLine() {
        assertThat(Route.of("/a\nb", TARGET, 0)).hasToString("/a?b -> http://127.0.0.1:8000");
    }

    @Test
    void dataCannotBeChanged() {
        Route route = Route.of("/x", TARGET, 0);

        assertThatThrownBy(() -> route.data().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void thePathIsCleaned() {
        assertThat(Route.of("x/y/", TARGET, 0).path()).isEqualTo("/x/y");
        assertThat(Route.of("", TARGET, 0).path()).isEqualTo("/");
    }
}
