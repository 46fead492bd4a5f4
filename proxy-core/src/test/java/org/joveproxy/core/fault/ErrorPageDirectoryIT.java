package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Error pages from a directory, read anew each time. */
class ErrorPageDirectoryIT {
    private final Path directory = temporary();

    @RegisterExtension
    final ProxyUnderTest proxy =
            ProxyUnderTest.with(config -> ProxyUnderTest.errorPages(config, new ErrorPageConfig(null, directory)));

    private static Path temporary() {
        try {
            return Files.createTempDirectory("pages");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void clean() throws IOException {
        Files.deleteIfExists(directory.resolve("404.html"));
        Files.deleteIfExists(directory.resolve("error.html"));
        Files.deleteIfExists(directory);
    }

    private String get() throws IOException {
        return proxy.client()
                .send("GET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .readToEnd();
    }

    @Test
    void thePageOfTheStatusGoesBeforeThePageForAll() throws Exception {
        Files.writeString(directory.resolve("404.html"), "nothing there");
        Files.writeString(directory.resolve("error.html"), "something wrong");

        String answer = get();

        assertThat(answer).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\nnothing there");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("content-type: text/html\r\n");
    }

    @Test
    void thePageForAllServesTheRest() throws Exception {
        Files.writeString(directory.resolve("error.html"), "something wrong");

        assertThat(get()).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\nsomething wrong");
    }

    @Test
    void theBuiltInPageServesWithoutFiles() throws Exception {
        assertThat(get()).startsWith("HTTP/1.1 404 ").contains("<h1>404: Not Found</h1>");
    }

    @Test
    void aChangedFileShowsAtOnce() throws Exception {
        Files.writeString(directory.resolve("404.html"), "before");
        assertThat(get()).endsWith("before");

        Files.writeString(directory.resolve("404.html"), "after");

        assertThat(get()).endsWith("after");
    }

    @Test
    void aDirectoryThatIsNoneServesTheBuiltInPage() throws Exception {
        Files.delete(directory);

        assertThat(get()).contains("<h1>404: Not Found</h1>");
    }

    @Test
    void aPageThatCannotBeReadGivesWayToThePageForAll() throws Exception {
        Files.createDirectory(directory.resolve("404.html"));
        Files.writeString(directory.resolve("error.html"), "something wrong");

        assertThat(get()).endsWith("something wrong");
    }
}
