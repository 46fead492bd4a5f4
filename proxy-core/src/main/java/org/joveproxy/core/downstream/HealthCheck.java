package org.joveproxy.core.downstream;

import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.joveproxy.core.errorpage.ErrorPage;

/**
 * The path by which probes ask whether the proxy is alive; answered before any routing, for every method.
 *
 * <p>Any thread may call any method.
 */
final class HealthCheck {
    private static final String PATH = "/_chp_healthz";

    static final ErrorPage ANSWER =
            ErrorPage.of("application/json", null, "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));

    private HealthCheck() {}

    /** A query makes it an ordinary request, as with CHP. */
    static boolean isAskedBy(HttpRequest request) {
        return request.uri().equals(PATH);
    }
}
