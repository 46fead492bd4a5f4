package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom routes are for, by what the hub registers them with. */
class RouteClassTest {
    @ParameterizedTest
    @CsvSource({
        "/, hub, true, HUB",
        "/prefix, hub, true, HUB",
        "/user/ada, user, ada, USER",
        "/services/announcement, service, announcement, SERVICE",
        "/, other, x, DEFAULT",
        "/extra, extra, true, EXTRA",
        "/extra, hub, false, EXTRA"
    })
    void followsItsData(String path, String key, String value, RouteClass expected) {
        Map<String, Object> data = new HashMap<>();
        data.put(key, value.equals("true") || value.equals("false") ? Boolean.valueOf(value) : value);

        assertThat(Route.of(path, Target.parse("http://127.0.0.1:1"), data, 0).routeClass())
                .isEqualTo(expected);
    }
}
