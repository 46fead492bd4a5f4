package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.SwitchableServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors as JSON for programs, and as a server's pages for people. */
class ErrorFormatIT {
    private static final String REFUSED =
            "{\"status\":503,\"message\":\"Service Unavailable: The server behind this address"
                    + " does not answer. It may be starting or stopped.\",\"reason\":\"connect_refused\"}";

    private final SwitchableServer pages = new SwitchableServer();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.upstream(
            ProxyUnderTest.errorPages(config, new ErrorPageConfig(Target.parse(pages.url()), null, true)),
            new UpstreamConfig(10, 10, 16, 1, List.of(), null)));

    @BeforeEach
    void pagesBegin() {
        pages.serve((connection, self) -> {
            while (true) {
                self.heard(connection.readMessage());
                connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage");
            }
        });
    }

    @AfterEach
    void pagesEnd() throws IOException {
        pages.close();
    }

    private String send(String line, String fields) throws IOException {
        return proxy.client()
                .send(line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + fields + "\r\n")
                .readToEnd();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Test
    void aProgramGetsJsonWithoutAPageBeingFetched() throws Exception {
        proxy.route("/user/zoe", proxy.deadUrl());

        String answer = send("GET /user/zoe/lab", "Accept: application/json\r\n");

        assertThat(answer).startsWith("HTTP/1.1 503 Service Unavailable\r\n").endsWith("\r\n\r\n" + REFUSED);
        assertThat(lower(answer))
                .contains("content-type: application/json\r\n")
                .contains("x-jove-reason: connect_refused\r\n")
                .contains("vary: accept\r\n");
        assertThat(pages.stub().requests()).isEmpty();
    }

    @Test
    void aBrowserGetsThePageWithTheReasonInAField() throws Exception {
        proxy.route("/user/zoe", proxy.deadUrl());

        String answer = send("GET /user/zoe/lab", "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n");

        assertThat(answer).startsWith("HTTP/1.1 503 ").endsWith("\r\n\r\npage");
        assertThat(lower(answer))
                .contains("x-jove-reason: connect_refused\r\n")
                .contains("content-type: text/html\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/user/zoe/api/kernels,      */*,       true",
        "/user/zoe/api,              */*,       true",
        "/user/zoe/api/kernels,      '',        true",
        "/user/zoe/api/kernels,      text/html, false",
        "/user/zoe/lab/api/kernels,  */*,       false",
        "/user/zoe/apis,             */*,       false",
        "/user/bob/api/status,       */*,       true",
        "/user/bob/named/api/status, */*,       true",
        "/jup/hub/api/users,         */*,       true",
        "/services/x/api/y,          */*,       true",
        "/hub/home,                  */*,       false",
        "/files/api/y,               */*,       false"
    })
    void pathsOfApisAreForPrograms(String path, String accept, boolean isJson) throws Exception {
        proxy.routes().put(Route.of("/", Target.parse(proxy.deadUrl()), Map.of("hub", true), 0));
        proxy.route("/user/zoe", proxy.deadUrl());

        String answer = send("GET " + path, accept.isEmpty() ? "" : "Accept: " + accept + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 503 ").endsWith(isJson ? REFUSED : "page");
    }

    @Test
    void aPathWithoutARouteIsToldInTheSameForm() throws Exception {
        String answer = send("GET /nowhere", "Accept: text/html;q=0.1, application/json\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 404 ")
                .endsWith("{\"status\":404,\"message\":\"Not Found: There is nothing at this address.\","
                        + "\"reason\":\"no_route\"}");
    }

    @Test
    void anUndecodablePathIsToldInTheSameForm() throws Exception {
        String answer = send("GET /%zz", "Accept: application/json\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"reason\":\"malformed_request\"");
    }

    @Test
    void whatIsShedSaysWhenToComeAgain() throws Exception {
        proxy.route("/user/zoe", proxy.deadUrl());
        assertThat(send("GET /user/zoe/api/status", "")).endsWith(REFUSED);

        String answer = send("GET /user/zoe/api/status", "");

        assertThat(answer).contains("\"reason\":\"breaker_open\"");
        assertThat(lower(answer)).contains("retry-after: 1\r\n");
    }

    @Test
    void anAnswerToHeadHasTheLengthOnly() throws Exception {
        proxy.route("/user/zoe", proxy.deadUrl());

        String answer = send("HEAD /user/zoe/api/status", "");

        assertThat(lower(answer))
                .contains("content-length: " + REFUSED.length() + "\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aWebsocketHasOnlyTheField() throws Exception {
        proxy.route("/user/zoe", proxy.deadUrl());

        String answer = proxy.client()
                .send("GET /user/zoe/api/kernels/1/channels HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\n\r\n")
                .readToEnd();

        assertThat(lower(answer))
                .contains("x-jove-reason: connect_refused\r\n")
                .contains("content-length: 0\r\n")
                .endsWith("\r\n\r\n");
    }
}
