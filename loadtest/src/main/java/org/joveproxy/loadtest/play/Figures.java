package org.joveproxy.loadtest.play;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.loadtest.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of itself where it says anything: memory by its metrics, sockets by its ledger. A proxy that does not
 * is not judged by it. Confined to the scenario's thread.
 */
final class Figures {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Pattern SAMPLE = Pattern.compile(".* (-?[0-9.]+(?:[eE][+-]?[0-9]+)?)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final Subject subject;
    private final int metricsPort;

    /** Sockets as a proxy counts them. */
    record Ledger(long opened, long closed, long open) {}

    Figures(Subject subject, int metricsPort) {
        this.subject = subject;
        this.metricsPort = metricsPort;
    }

    /** The metrics page, or an empty text. */
    String metrics() throws InterruptedException {
        String text = get("http://127.0.0.1:" + metricsPort + "/metrics");
        return text == null ? "" : text;
    }

    /** The sum of the samples of {@code page} that begin with {@code series}; empty when there is none. */
    static OptionalDouble sum(String page, String series) {
        double sum = 0;
        boolean isThere = false;
        for (String line : page.split("\n")) {
            Matcher sample = SAMPLE.matcher(line);
            if (line.startsWith(series) && sample.matches()) {
                sum += Double.parseDouble(sample.group(1));
                isThere = true;
            }
        }
        return isThere ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    /** Live bytes of the heap: of a JVM after a collection that we ask for, of Node as it is; empty of others. */
    OptionalDouble heapBytes() throws InterruptedException {
        if (isJava()) {
            collectGarbage();
        }
        String page = metrics();
        OptionalDouble jvm = sum(page, "jvm_memory_used_bytes{area=\"heap\"");
        return jvm.isPresent() ? jvm : sum(page, "nodejs_heap_size_used_bytes ");
    }

    private boolean isJava() {
        try {
            Path name = Files.readSymbolicLink(Path.of("/proc/" + subject.pid() + "/exe"))
                    .getFileName();
            return name != null && name.toString().equals("java");
        } catch (IOException e) {
            return false;
        }
    }

    private void collectGarbage() throws InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return;
        }
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(subject.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException e) {
            return; // then the figure is of a heap with garbage in it
        }
    }

    /** What the proxy's ledger says, or null when it has none. */
    @Nullable
    Ledger ledger() throws InterruptedException {
        String text = get("http://127.0.0.1:" + subject.apiPort() + "/api/connections");
        if (text == null) {
            return null;
        }
        try {
            JsonNode totals = JSON.readTree(text).path("totals");
            return totals.has("opened")
                    ? new Ledger(
                            totals.path("opened").asLong(),
                            totals.path("closed").asLong(),
                            totals.path("open").asLong())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable String get(String url) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(LIMIT)
                .header("Authorization", "token " + subject.token())
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException e) {
            return null;
        }
    }
}
