package org.joveproxy.loadtest.stage;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.joveproxy.loadtest.subject.Subject;

/**
 * The hub's side of the REST API: adds and deletes routes, at most {@link #CONCURRENCY} calls at a time, as JupyterHub
 * does. Any thread may call any method; all wait.
 */
public final class Routes {
    /** JupyterHub's own default. */
    public static final int CONCURRENCY = 10;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Semaphore calls = new Semaphore(CONCURRENCY);
    private final String base;
    private final String token;

    public Routes(Subject subject) {
        base = "http://127.0.0.1:" + subject.apiPort() + "/api/routes";
        token = "token " + subject.token();
    }

    /** Sends {@code path}, which begins with a slash, and all below it to {@code target}. */
    public void add(String path, String target) throws IOException, InterruptedException {
        int status = call("POST", path, JSON.writeValueAsString(Map.of("target", target)))
                .statusCode();
        expect(201, status, "POST " + path);
    }

    /** Takes the route away. Returns whether there was one. */
    public boolean delete(String path) throws IOException, InterruptedException {
        int status = call("DELETE", path, "").statusCode();
        if (status == 404) {
            return false;
        }
        expect(204, status, "DELETE " + path);
        return true;
    }

    private static void expect(int expected, int status, String call) throws IOException {
        if (status != expected) {
            throw new IOException(call + ": " + status + " (expected: " + expected + ")");
        }
    }

    private HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Authorization", token)
                .method(method, publisher)
                .build();
        calls.acquire();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } finally {
            calls.release();
        }
    }
}
