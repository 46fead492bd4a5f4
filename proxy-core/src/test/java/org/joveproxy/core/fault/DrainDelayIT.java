package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Between the order to stop and its execution: balancers learn of it, and whoever comes meanwhile is served. */
class DrainDelayIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.drainDelay(4_000));

    @Test
    void clientsAreServedButNotKept() throws Exception {
        proxy.route("/", proxy.upstream(StubUpstream.answering("ok")).url());
        RawClient early = proxy.client().send(GET);
        assertThat(early.readMessage()).containsIgnoringCase("connection: keep-alive\r\n");

        CompletableFuture<CutOff> drained = proxy.proxy().drain();

        // The order reaches the loops before any connection that is accepted after it.
        assertThat(proxy.client()
                        .send("GET /_chp_readyz HTTP/1.1\r\nHost: h\r\n\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("connection: close\r\n")
                .contains("the proxy is stopping");
        assertThat(proxy.client().send(GET).readToEnd())
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("connection: close\r\n");
        assertThat(early.send(GET).readToEnd())
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("connection: close\r\n");
        assertThat(proxy.client()
                        .send("GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 200 ");
        assertThat(drained).isNotDone();

        assertThat(drained.join()).isEqualTo(CutOff.NOTHING);
        int port = proxy.proxy().port();
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class));
    }
}
