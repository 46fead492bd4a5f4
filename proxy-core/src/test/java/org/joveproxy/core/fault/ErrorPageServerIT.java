package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.SwitchableServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error pages from a server that works, errs, hangs or is gone. */
class ErrorPageServerIT {
    private static final String BUILT_IN = "<h1>503: Service Unavailable</h1>";

    private final SwitchableServer pages = new SwitchableServer();

    @RegisterExtension
    final ProxyUnderTest proxy = ProxyUnderTest.with(config ->
            ProxyUnderTest.errorPages(config, new ErrorPageConfig(Target.parse(pages.url() + "/hub/error"), null)));

    @BeforeEach
    void theTargetIsDead() throws IOException {
        proxy.route("/dead", proxy.deadUrl());
    }

    @AfterEach
    void pagesEnd() throws IOException {
        pages.close();
    }

    private void serve(String response) {
        pages.serve((connection, self) -> {
            while (true) {
                self.heard(connection.readMessage());
                connection.send(response);
            }
        });
    }

    private String get(String path) throws IOException {
        return proxy.client()
                .send("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .readToEnd();
    }

    @Test
    void thePageComesWithItsTypeAndCodingAndTheOriginalStatus() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nContent-Encoding: br\r\nSet-Cookie: a=b\r\n"
                + "X-Hub: 1\r\nContent-Length: 4\r\n\r\npage");

        String answer = get("/dead/x");

        assertThat(answer).startsWith("HTTP/1.1 503 ").endsWith("\r\n\r\npage");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("content-type: text/html; charset=x\r\n")
                .contains("content-encoding: br\r\n")
                .doesNotContain("set-cookie")
                .doesNotContain("x-hub");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = 'Q',
            value = {
                "/dead, /hub/error/503?url=%2Fdead",
                "/dead/x?a=1&b=2, /hub/error/503?url=%2Fdead%2Fx%3Fa%3D1%26b%3D2",
                "/dead/~a-b_c.d*e, /hub/error/503?url=%2Fdead%2F%7Ea-b_c.d*e",
                "/dead/a%20b, /hub/error/503?url=%2Fdead%2Fa%2520b",
                "/dead/a+b, /hub/error/503?url=%2Fdead%2Fa%2Bb",
                "Q/dead/@:,;=!'()$Q, Q/hub/error/503?url=%2Fdead%2F%40%3A%2C%3B%3D%21%27%28%29%24Q",
                "/dead/[x]|{y}^`, /hub/error/503?url=%2Fdead%2F%5Bx%5D%7C%7By%7D%5E%60",
                "/dead/%C3%A9?q=%2F, /hub/error/503?url=%2Fdead%2F%25C3%25A9%3Fq%3D%252F",
                "/none, /hub/error/404?url=%2Fnone",
                "/none/%, /hub/error/400?url=%2Fnone%2F%25"
            })
    void theUrlIsEscapedAsAForm(String requested, String asked) throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");

        assertThat(get(requested)).endsWith("page");

        assertThat(pages.stub().requests().element()).startsWith("GET " + asked + " HTTP/1.1\r\n");
    }

    @Test
    void anAnswerToHeadNamesThePagesLengthOnly() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");

        String answer = proxy.client()
                .send("HEAD /dead HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .readToEnd();

        assertThat(answer.toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 503 ")
                .contains("content-length: 4\r\n")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
            })
    void whatIsNoPageIsReplacedByTheBuiltInOne(String response) throws Exception {
        pages.serve((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send(response);
            if (response.contains("2000000")) {
                connection.send("x".repeat(1_048_577));
            }
            connection.readToEnd();
        });

        assertThat(get("/dead")).startsWith("HTTP/1.1 503 ").contains(BUILT_IN);
        await().until(() -> pages.stub().openCount() == 0);
    }

    @Test
    void aPageOfOneMegabytePasses() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + "x".repeat(1_048_576));

        assertThat(get("/dead")).startsWith("HTTP/1.1 503 ").hasSizeGreaterThan(1_048_576);
    }

    @Test
    void aServerThatIsDownIsReplacedByTheBuiltInPage() throws Exception {
        pages.close();

        assertThat(get("/dead")).startsWith("HTTP/1.1 503 ").contains(BUILT_IN);
    }

    @Test
    void aServerThatWentDownIsReplacedByItsLastPageOfThatStatus() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage");
        assertThat(get("/dead")).endsWith("page");

        pages.close();

        assertThat(get("/dead/other")).startsWith("HTTP/1.1 503 ").endsWith("page");
        assertThat(get("/none")).startsWith("HTTP/1.1 404 ").contains("<h1>404: Not Found</h1>");
    }

    @Test
    void aHungServerNeverHasMoreThanFourConnectionsAndHoldsNobodyForLong() throws Exception {
        pages.serve((connection, self) -> {
            self.heard(connection.readHead());
            connection.readToEnd();
        });
        List<RawClient> clients = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            clients.add(proxy.client().send("GET /dead/" + i + " HTTP/1.1\r\nHost: h\r\n\r\n"));
        }

        for (RawClient client : clients) {
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ").contains(BUILT_IN);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        assertThat(pages.mostOpenCount()).isBetween(1, 4);
        await().until(() -> pages.stub().openCount() == 0);
    }

    @Test
    void manyErrorsAskForFewPages() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage");
        long begin = System.nanoTime();
        RawClient client = proxy.client();

        for (int i = 0; i < 200; i++) {
            client.send("GET /dead/" + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ").endsWith("page");
        }

        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        assertThat(pages.stub().requests()).hasSizeBetween(8, 8 + 8 * (int) seconds);
    }

    @Test
    void anErrorOfAnotherStatusHasPagesOfItsOwn() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage");
        for (int i = 0; i < 20; i++) {
            get("/dead/" + i);
        }

        assertThat(get("/none")).startsWith("HTTP/1.1 404 ").endsWith("page");

        assertThat(pages.stub().requests()).anyMatch(request -> request.startsWith("GET /hub/error/404?"));
    }

    @Test
    void afterAFailureTheServerIsLeftAloneForAWhile() throws Exception {
        pages.serve((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        });
        long begin = System.nanoTime();

        for (int i = 0; i < 50; i++) {
            assertThat(get("/dead/" + i)).startsWith("HTTP/1.1 503 ").contains(BUILT_IN);
        }

        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        assertThat(pages.stub().requests()).hasSizeBetween(1, 1 + (int) seconds);
        await().until(() -> {
            get("/dead/again");
            return pages.stub().requests().size() > 1;
        });
    }

    @Test
    void aStormOfFailedUpgradesAsksForNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(proxy.client()
                            .send("GET /dead/" + i
                                    + " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                            .readToEnd())
                    .startsWith("HTTP/1.1 503 ");
        }

        assertThat(pages.acceptedCount()).isZero();
    }

    @Test
    void aPageThatComesInPiecesIsWhole() throws Exception {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\npa\r\n2\r\nge\r\n0\r\n\r\n");

        assertThat(get("/dead")).endsWith("\r\n\r\npage");
    }

    @Test
    void aWebsocketGetsNoPage() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");

        String answer = proxy.client()
                .send("GET /dead HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .readToEnd();

        assertThat(answer.toLowerCase(Locale.ROOT)).startsWith("http/1.1 503 ").contains("content-length: 0\r\n");
        assertThat(pages.acceptedCount()).isZero();
    }

    @Test
    void aPageServerThatClosesItsIdleConnectionsIsAskedAgain() throws Exception {
        pages.serve((connection, self) -> {
            self.heard(connection.readMessage());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
            self.heard(connection.readMessage());
        });

        for (int i = 0; i < 6; i++) {
            assertThat(get("/dead/" + i)).endsWith("page");
        }
    }
}
