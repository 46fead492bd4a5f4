package org.joveproxy.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.store.RouteJson;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every format that a proxy has ever written must open. Nobody writes these anew. */
class JournalFormatTest {
    @TempDir
    private Path directory;

    private void placeAFileOfFormat(int format) throws IOException {
        try (InputStream file = getClass().getResourceAsStream("routes-format-" + format + ".mv")) {
            Files.copy(Objects.requireNonNull(file), directory.resolve("routes.mv"));
        }
    }

    /** In format 2 one of the routes was replaced, one was removed and one was used after the file had been made. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyFormatOpens(int format) throws IOException {
        placeAFileOfFormat(format);
        try (var under = new JournalUnderTest(directory)) {
            assertThat(under.journal.lostRoutes()).isFalse();
            assertThat(under.targets())
                    .containsOnly(
                            Map.entry("/", "http://hub.example.org:8081/hub"),
                            Map.entry("/user/zoe", "http://10.0.0.1:8888/user/zoe/"),
                            Map.entry("/user/秀樹 x", "http+unix://%2Frun%2Fx.sock"));
            assertThat(RouteJson.write(under.at("/user/zoe")))
                    .isEqualTo("{\"user\":\"zoe\",\"server_name\":\"\",\"jupyterhub\":true,"
                            + "\"n\":[1.50,12345678901234567890,null],\"target\":\"http://10.0.0.1:8888/user/zoe/\","
                            + "\"last_activity\":\"2026-11-26T10:00:05.000Z\"}");
            assertThat(under.at("/user/秀樹 x").activity().lastMillis()).isEqualTo(1_795_687_200_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyFormatRemembersTheDefaultTarget(int format) throws IOException {
        placeAFileOfFormat(format);
        try (var under = new JournalUnderTest(directory, "http://hub:8081", JournalUnderTest.IDLE)) {
            assertThat(under.targets()).containsEntry("/", "http://hub.example.org:8081/hub");
        }
    }
}
