package org.joveproxy.core.errorpage;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages from a directory: {@code <status>.html}, else {@code error.html}, read anew each time; the built-in page when
 * neither can be read.
 *
 * <p>Confined to one event loop; the files are read on another thread.
 */
public final class PageDirectory implements ErrorPages {
    private static final Logger logger = LoggerFactory.getLogger(PageDirectory.class);

    private final Path directory;
    private final Executor reader;
    private final EventLoop loop;

    /** Pages of {@code directory}, read on {@code reader}'s threads and told on {@code loop}. */
    public PageDirectory(Path directory, Executor reader, EventLoop loop) {
        this.directory = directory;
        this.reader = reader;
        this.loop = loop;
    }

    @Override
    public void find(int status, String requestTarget, Consumer<ErrorPage> found) {
        try {
            reader.execute(() -> {
                ErrorPage page = read(status);
                loop.execute(() -> found.accept(page));
            });
        } catch (RejectedExecutionException e) {
            found.accept(BuiltInPages.of(status));
        }
    }

    private ErrorPage read(int status) {
        for (String name : new String[] {status + ".html", "error.html"}) {
            Path file = directory.resolve(name);
            try {
                return ErrorPage.of("text/html", null, Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                logger.debug("No error page {}", file);
            } catch (IOException e) {
                logger.error("Cannot read the error page {}: {}", file, e.toString());
            }
        }
        return BuiltInPages.of(status);
    }
}
