package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order to stop does not wait for a request that has no end. */
class DrainDeadlineIT {
    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.withTimeouts(t -> t.drain(300));

    @Test
    void theFutureCompletesWhenTheTimeIsOver() throws Exception {
        StubUpstream upstream = proxy.upstream((connection, self) -> {
            self.heard(connection.readMessage());
            connection.readToEnd();
        });
        proxy.route("/", upstream.url());
        proxy.client().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await().until(() -> upstream.requests().size() == 1);

        CompletableFuture<CutOff> drained = proxy.proxy().drain();

        await().between(Duration.ofMillis(200), Duration.ofSeconds(5)).until(drained::isDone);
        assertThat(drained.join()).isEqualTo(new CutOff(1, 0));
        assertThat(upstream.openCount()).isEqualTo(1);
    }
}
