package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.core.exchange.Exchange;
import org.joveproxy.core.routing.Restoration;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.LoggedLines;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A route that came out of a store: it serves at once, and it is told when nobody is there any more. */
class RestoredRouteIT {
    private static final String REFUSES = "was restored and its server refuses connections";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withDefaults();

    private Restoration restored(String path, String target) {
        Route route = Route.restored(path, Target.parse(target), Map.of(), 0, 0);
        proxy.routes().put(route);
        return Objects.requireNonNull(route.restoration());
    }

    private String get(String path) throws IOException {
        return proxy.client()
                .send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                .readMessage();
    }

    @Test
    void itServesAtOnce() throws Exception {
        Restoration restoration =
                restored("/a", proxy.upstream(StubUpstream.answering("there")).url());

        assertThat(get("/a")).endsWith("there");
        assertThat(restoration.refusedMillis()).isEmpty();
        assertThat(restoration.isConfirmed()).isFalse();
    }

    @Test
    void aRefusedConnectionIsToldOnce() throws Exception {
        try (LoggedLines log = LoggedLines.of(Exchange.class.getName())) {
            String dead = proxy.deadUrl();
            Restoration restoration = restored("/a", dead);

            assertThat(get("/a")).startsWith("HTTP/1.1 503 ");
            assertThat(get("/a")).startsWith("HTTP/1.1 503 ");

            assertThat(restoration.refusedMillis()).isPresent();
            assertThat(log.with(REFUSES)).containsExactly("The route /a -> " + dead + " " + REFUSES);
        }
    }

    @Test
    void nobodyIsToldOfAConfirmedRoute() throws Exception {
        try (LoggedLines log = LoggedLines.of(Exchange.class.getName())) {
            Restoration restoration = restored("/a", proxy.deadUrl());
            restoration.confirm();
            proxy.route("/b", proxy.deadUrl());

            get("/a");
            get("/b");

            assertThat(restoration.refusedMillis()).isEmpty();
            assertThat(log.with(REFUSES)).isEmpty();
        }
    }
}
