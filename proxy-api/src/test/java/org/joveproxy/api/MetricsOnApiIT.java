package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.joveproxy.core.testing.RawClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsOnApiIT {
    private static final String METRICS_TOKEN = "only-for-metrics";

    private boolean isTooMuch;

    @RegisterExtension
    final ApiUnderTest api =
            ApiUnderTest.withMetrics(ApiUnderTest.TOKEN, new MetricsAccess(() -> List.of(METRICS_TOKEN), this::page));

    @RegisterExtension
    final ApiUnderTest openToAll = ApiUnderTest.withMetrics("", new MetricsAccess(List::of, this::page));

    @RegisterExtension
    final ApiUnderTest without = ApiUnderTest.withDefaults();

    private CompletableFuture<MetricsAccess.Page> page(@Nullable String accept) {
        if (isTooMuch) {
            throw new RejectedExecutionException();
        }
        return CompletableFuture.supplyAsync(() -> new MetricsAccess.Page("text/x", "accepts " + accept + "\n"));
    }

    private static String get(String path, String authorization) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\nAccept: a/b\r\n" + authorization + "\r\n";
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static String ask(ApiUnderTest api, String request) throws IOException {
        return api.client().send(request).readMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {METRICS_TOKEN, ApiUnderTest.TOKEN})
    void whoKnowsATokenGetsThePage(String token) throws IOException {
        assertThat(ask(api, get("/metrics", bearer(token))))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: text/x\r\n")
                .endsWith("\r\n\r\naccepts a/b\n");
    }

    @Test
    void whoKnowsNoneDoesNot() throws IOException {
        for (String authorization : List.of("", bearer("wrong"), "Authorization: Basic " + METRICS_TOKEN + "\r\n")) {
            assertThat(ask(api, get("/metrics", authorization)))
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContain("accepts");
        }
    }

    @Test
    void theTokenForMetricsIsGoodForNothingElse() throws IOException {
        for (String path : List.of("/api/routes", "/api/connections", "/api/replicas", "/api/log-level")) {
            assertThat(ask(api, get(path, bearer(METRICS_TOKEN)))).as(path).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void anApiThatIsOpenToAllHasOpenMetrics() throws IOException {
        assertThat(ask(openToAll, get("/metrics", ""))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void oneConnectionServesPagesAndCalls() throws IOException {
        RawClient client = api.client();
        for (String path : List.of("/metrics", "/api/routes", "/metrics")) {
            client.send(get(path, bearer(ApiUnderTest.TOKEN)));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void noOtherMethodIsSupported() throws IOException {
        assertThat(ask(api, get("/metrics", bearer(METRICS_TOKEN)).replace("GET", "DELETE")))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("allow: GET\r\n");
    }

    @Test
    void whenTooManyAskSomeAreSentAway() throws IOException {
        isTooMuch = true;

        assertThat(ask(api, get("/metrics", bearer(METRICS_TOKEN)))).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void withoutTheFlagThereIsNoSuchPath() throws IOException {
        assertThat(ask(without, get("/metrics", bearer(ApiUnderTest.TOKEN)))).startsWith("HTTP/1.1 404 ");
    }
}
