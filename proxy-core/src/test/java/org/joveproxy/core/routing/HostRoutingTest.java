package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRoutingTest {
    @ParameterizedTest
    @CsvSource({
        "river.example.org, /river.example.org",
        "river.example.org:8000, /river.example.org",
        "River.Example.ORG:443, /river.example.org",
        "river.example.org., /river.example.org",
        "river.example.org.:80, /river.example.org",
        "127.0.0.1:8000, /127.0.0.1",
        "[::1], /[::1]",
        "[::1]:8000, /[::1]",
        "[FE80::1]:8000, /[fe80::1]",
        "[broken:1, /[broken",
        "., /.",
    })
    void theNameComesFirstInLowerCase(String header, String prefix) {
        assertThat(HostRouting.prefix(header)).isEqualTo(prefix);
    }

    @Test
    void aRequestWithoutHostReachesTheDefaultRoute() {
        RouteTable routes = new RouteTable();
        Route other = Route.of("/river.example.org", Target.parse("http://127.0.0.1:1"), 0);
        Route fallBack = Route.of("/", Target.parse("http://127.0.0.1:2"), 0);
        routes.put(other);
        routes.put(fallBack);

        assertThat(routes.resolve(HostRouting.prefix(null) + "/river.example.org"))
                .isSameAs(fallBack);
        assertThat(routes.resolve(HostRouting.prefix("") + "/river.example.org"))
                .isSameAs(fallBack);
    }
}
