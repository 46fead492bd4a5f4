package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that real requests leave in a file. */
final class AccessLogIT {
    @TempDir
    Path folder;

    private Application start(StubUpstream upstream, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "--ip=127.0.0.1",
                "--port=0",
                "--api-ip=127.0.0.1",
                "--default-target=" + upstream.url(),
                "--access-log=" + folder.resolve("access.log")));
        words.addAll(List.of(more));
        ArgumentParser.Wish.Run run = (ArgumentParser.Wish.Run) ArgumentParser.parse(words);
        return Application.start(ConfigFromArguments.read(run.arguments(), Map.of("CONFIGPROXY_AUTH_TOKEN", "secret")));
    }

    private List<String> lines(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private static void ask(Application proxy, String request) throws IOException {
        try (RawClient client = new RawClient(proxy.ports().get(0))) {
            client.send(request).readMessage();
        }
    }

    @Test
    void aRequestLeavesALineWithoutItsSecrets() throws Exception {
        try (StubUpstream upstream = new StubUpstream(StubUpstream.answering("hello"));
                Application proxy = start(upstream, "--request-id", "--trusted-proxies=127.0.0.1")) {
            ask(
                    proxy,
                    "POST /hub/login?token=s3cret HTTP/1.1\r\n"
                            + "Host: h\r\n"
                            + "Cookie: jupyter=s3cret\r\n"
                            + "X-Request-ID: req-7\r\n"
                            + "X-Forwarded-For: 203.0.113.5\r\n"
                            + "Authorization: token s3cret\r\n"
                            + "Content-Length: 3\r\n\r\n"
                            + "abc");

            await().until(() -> !lines("access.log").isEmpty());
            assertThat(lines("access.log"))
                    .singleElement()
                    .asString()
                    .matches(
                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z 203\\.0\\.113\\.5 \"POST /hub/login HTTP/1\\.1\" 200"
                                    + " in=3 out=5 connect_ms=\\d+\\.\\d{3} first_byte_ms=\\d+\\.\\d{3} total_ms=\\d+\\.\\d{3}"
                                    + " route=/ target=" + upstream.url()
                                    + " kind=web ending=complete failure=- id=req-7")
                    .doesNotContain("s3cret");
            assertThat(upstream.requests()).singleElement().asString().contains("x-request-id: req-7\r\n");
        }
    }

    @Test
    void theClientsVersionOfHttpIsTold() throws Exception {
        try (StubUpstream upstream = new StubUpstream(StubUpstream.answering("hello"));
                Application proxy = start(upstream)) {
            ask(proxy, "GET /old HTTP/1.0\r\n\r\n");
            await().until(() -> lines("access.log").size() == 1);
            ask(proxy, "GET /%zz HTTP/1.0\r\n\r\n");
            await().until(() -> lines("access.log").size() == 2);
            ask(proxy, "what is this\r\n\r\n");
            await().until(() -> lines("access.log").size() == 3);

            assertThat(lines("access.log").get(0)).contains(" 127.0.0.1 \"GET /old HTTP/1.0\" 200 ");
            assertThat(lines("access.log").get(1)).contains(" 127.0.0.1 \"GET /%zz HTTP/1.0\" 400 ");
            assertThat(lines("access.log").get(2)).contains(" 127.0.0.1 \"-\" 400 ");
        }
    }

    @Test
    void aFileThatWasMovedAwayIsOpenedAgain() throws Exception {
        try (StubUpstream upstream = new StubUpstream(StubUpstream.answering("hello"));
                Application proxy = start(upstream, "--access-log-format=json")) {
            ask(proxy, "GET /before HTTP/1.1\r\nHost: h\r\n\r\n");
            await().until(() -> !lines("access.log").isEmpty());
            Files.move(folder.resolve("access.log"), folder.resolve("access.log.1"));

            proxy.readFilesAgain();
            await().until(() -> Files.exists(folder.resolve("access.log")));
            ask(proxy, "GET /after HTTP/1.1\r\nHost: h\r\n\r\n");

            await().until(() -> !lines("access.log").isEmpty());
            assertThat(lines("access.log.1")).singleElement().asString().contains("\"path\":\"/before\"");
            assertThat(lines("access.log")).singleElement().asString().contains("\"path\":\"/after\"");
        }
    }

    @Test
    void theEndLosesNothing() throws Exception {
        try (StubUpstream upstream = new StubUpstream(StubUpstream.answering("hello"))) {
            try (Application proxy = start(upstream)) {
                for (int i = 0; i < 20; i++) {
                    ask(proxy, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
                }
            }
            assertThat(lines("access.log")).hasSize(20);
        }
    }

    @Test
    void aFileThatCannotBeOpenedIsAnErrorAtTheStart() throws Exception {
        try (StubUpstream upstream = new StubUpstream(StubUpstream.answering("hello"))) {
            assertThatThrownBy(() -> start(upstream, "--access-log=" + folder.resolve("no/such/directory/log")))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot write the access log: " + folder.resolve("no/such/directory/log"));
        }
    }
}
