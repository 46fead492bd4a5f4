package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.testing.LoggedLines;
import org.junit.jupiter.api.Test;

final class AccessLogTest {
    private static AccessLine line(String path) {
        return new AccessLine(
                1_700_000_000_007L,
                "203.0.113.5",
                "GET",
                path,
                "HTTP/1.1",
                200,
                3,
                5,
                420_000,
                1_200_999,
                12_003_400,
                Route.of("/user/ada", Target.parse("http://127.0.0.1:8888/base?token=x"), 0),
                "web",
                "complete",
                null,
                "abc");
    }

    private static AccessLine refused() {
        return new AccessLine(
                0,
                null,
                "",
                "",
                "",
                400,
                0,
                0,
                -1,
                -1,
                1000,
                null,
                "web",
                "failed",
                FailureKind.MALFORMED_REQUEST,
                null);
    }

    private static String written(AccessLine.Form form, AccessLine line) {
        StringBuilder out = new StringBuilder();
        form.append(line, out);
        return out.toString();
    }

    @Test
    void aLineOfText() {
        assertThat(written(new AccessLine.Text(), line("/user/ada/api")))
                .isEqualTo(
                        "2023-11-14T22:13:20.007Z 203.0.113.5 \"GET /user/ada/api HTTP/1.1\" 200 in=3 out=5 connect_ms=0.420"
                                + " first_byte_ms=1.200 total_ms=12.003 route=/user/ada target=http://127.0.0.1:8888"
                                + " kind=web ending=complete failure=- id=abc\n");
        assertThat(written(new AccessLine.Text(), refused()))
                .isEqualTo("1970-01-01T00:00:00.000Z - \"-\" 400 in=0 out=0 connect_ms=- first_byte_ms=- total_ms=0.001"
                        + " route=- target=- kind=web ending=failed failure="
                        + FailureKind.MALFORMED_REQUEST.label() + " id=-\n");
    }

    @Test
    void aLineOfJson() throws Exception {
        JsonNode full = JsonMapper.builder().build().readTree(written(new AccessLine.Json(), line("/user/ada/api")));
        assertThat(full.toString())
                .isEqualTo("{\"time\":\"2023-11-14T22:13:20.007Z\",\"client\":\"203.0.113.5\",\"method\":\"GET\","
                        + "\"path\":\"/user/ada/api\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes_in\":3,\"bytes_out\":5,"
                        + "\"connect_ms\":0.42,\"first_byte_ms\":1.2,\"total_ms\":12.003,\"route\":\"/user/ada\","
                        + "\"target\":\"http://127.0.0.1:8888\",\"kind\":\"web\",\"ending\":\"complete\","
                        + "\"failure\":null,\"request_id\":\"abc\"}");

        JsonNode empty = JsonMapper.builder().build().readTree(written(new AccessLine.Json(), refused()));
        assertThat(empty.get("client").isNull()).isTrue();
        assertThat(empty.get("protocol").isNull()).isTrue();
        assertThat(empty.get("first_byte_ms").isNull()).isTrue();
    }

    @Test
    void nobodyCanWriteLinesOfHisOwn() throws Exception {
        String path = "/a\r\n1970 \"forged\" \\ \u001b[2J\u2028\u0085é";

        String text = written(new AccessLine.Text(), line(path));
        String json = written(new AccessLine.Json(), line(path));

        assertThat(text).containsOnlyOnce("\n").matches("[\\x20-\\x7e]+\n");
        assertThat(text.chars().filter(c -> c == '"')).hasSize(2);
        assertThat(text).contains(" /a\\u000d\\u000a1970\\u0020\\u0022forged\\u0022\\u0020\\u005c\\u0020\\u001b[2J");
        assertThat(json).containsOnlyOnce("\n").matches("[\\x20-\\x7e]+\n");
        assertThat(JsonMapper.builder().build().readTree(json).get("path").asText())
                .isEqualTo(path);
    }

    /** A stream that is stuck until it is let go. */
    private static final class Stuck extends OutputStream {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch free = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            reached.countDown();
            try {
                assertThat(free.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            taken.write(bytes, from, length);
        }

        long lines() {
            return taken.toString(StandardCharsets.UTF_8).lines().count();
        }
    }

    @Test
    void aFileThatTakesNothingStopsNobodyAndWhatIsMissingIsTold() throws Exception {
        Stuck stuck = new Stuck();
        LoggedLines lines = LoggedLines.of(AccessLog.class.getName());
        try (AccessLog log = AccessLog.to(stuck)) {
            log.add(line("/first"));
            assertThat(stuck.reached.await(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < AccessLog.QUEUE_LENGTH + 37; i++) {
                log.add(line("/more"));
            }
            stuck.free.countDown();

            await().until(() -> !lines.with("missing in the access log").isEmpty());
            assertThat(lines.with("missing"))
                    .containsExactly(
                            "37 requests are missing in the access log: they came faster than they could be written");
        }
        assertThat(stuck.lines()).isEqualTo(AccessLog.QUEUE_LENGTH + 1);
    }

    @Test
    void theLastLinesAreWrittenAtTheEnd() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = AccessLog.to(out)) {
            for (int i = 0; i < 1000; i++) {
                log.add(line("/x"));
            }
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(1000);
    }
}
