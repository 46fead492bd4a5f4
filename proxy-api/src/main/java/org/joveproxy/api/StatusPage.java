package org.joveproxy.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The page that shows people what the proxy is doing: files that anybody may have, since nothing in them is about this
 * proxy. What they show they ask the REST API for, with the token of whoever looks.
 *
 * <p>Any thread may call any method. A file is read from the jar by a {@link ListingWriter} when it is asked for first.
 */
final class StatusPage {
    // What a route's name could ever make of the page, the browser does not run or load.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final List<File> FILES = List.of(
            new File("/", "status.html", "text/html; charset=utf-8"),
            new File("/status.css", "status.css", "text/css; charset=utf-8"),
            new File("/status.js", "status.js", "text/javascript; charset=utf-8"));

    private final ListingWriter writer;
    private final Map<File, AdminAnswer> read = new ConcurrentHashMap<>();

    StatusPage(ListingWriter writer) {
        this.writer = writer;
    }

    private record File(String path, String name, String type) {}

    /** What to do with a request to {@code path}, or null when it is for no file of the page, or not from a browser. */
    @Nullable
    AdminAction find(HttpRequest request, String path) {
        if (!request.method().equals(HttpMethod.GET)) {
            return null;
        }
        for (File file : FILES) {
            if (file.path().equals(path)) {
                return path.equals("/") && !isOfBrowser(request) ? null : answer(file);
            }
        }
        return null;
    }

    /** Programs that ask for {@code /} get the 404 that they get from configurable-http-proxy. */
    private static boolean isOfBrowser(HttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.ACCEPT).stream()
                .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains("text/html"));
    }

    private AdminAction answer(File file) {
        AdminAnswer known = read.get(file);
        return known != null ? AdminAction.answering(known) : AdminAction.later(() -> readFirst(file));
    }

    private CompletableFuture<AdminAnswer> readFirst(File file) {
        try {
            return writer.write(() -> read.computeIfAbsent(file, StatusPage::load));
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.completedFuture(AdminAnswer.failure(503, "too many listings at a time"));
        }
    }

    private static AdminAnswer load(File file) {
        try (InputStream from = StatusPage.class.getResourceAsStream("status/" + file.name())) {
            if (from == null) {
                throw new IOException("it is not in the jar");
            }
            String text = new String(from.readAllBytes(), StandardCharsets.UTF_8);
            return new AdminAnswer(200, text, headers(file), "");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.name(), e);
        }
    }

    private static Map<CharSequence, CharSequence> headers(File file) {
        return Map.of(
                HttpHeaderNames.CONTENT_TYPE,
                file.type(),
                HttpHeaderNames.CONTENT_SECURITY_POLICY,
                POLICY,
                "X-Content-Type-Options",
                "nosniff",
                "Referrer-Policy",
                "no-referrer",
                // After an update the page must fit the API.
                HttpHeaderNames.CACHE_CONTROL,
                "no-cache",
                HttpHeaderNames.VARY,
                HttpHeaderNames.ACCEPT);
    }
}
