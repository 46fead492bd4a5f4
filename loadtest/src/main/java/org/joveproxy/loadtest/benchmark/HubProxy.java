package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.Subject;
import org.joveproxy.loadtest.subject.SubjectCommand;
import org.joveproxy.loadtest.subject.SubjectException;
import org.joveproxy.loadtest.subject.SubjectOptions;

/**
 * Jove or configurable-http-proxy: the same flags and the same REST API.
 *
 * @param command with its first arguments
 * @param options further flags and variables
 * @param hasArchive whether it starts with an archive of loaded classes
 */
record HubProxy(String name, List<String> command, SubjectOptions options, boolean hasArchive) implements Contender {
    /** A flag that only Jove has. */
    static final String EVENT_LOOPS = "--event-loops=";

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);
    private static final int AT_A_TIME = 10;
    private static final String JVM_OPTIONS = "JOVE_JAVA_OPTS";

    HubProxy {
        command = List.copyOf(command);
    }

    @Override
    public boolean compiles() {
        return true;
    }

    @Override
    public Started start(Setup setup, List<String> prefix) throws SubjectException, IOException, InterruptedException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command);
        List<String> flags = new ArrayList<>(List.of("--keep-alive-timeout=" + Setup.IDLE_SECONDS * 1000L));
        TestCertificate certificate = setup.certificate();
        if (certificate != null) {
            flags.add("--ssl-key=" + certificate.key());
            flags.add("--ssl-cert=" + certificate.certificate());
        }
        Subject subject = Subject.start(
                new SubjectCommand(name, words),
                options,
                target(setup.backendPort()),
                flags,
                setup.folder().resolve(name + ".log"));
        try {
            addRoutes(subject, setup);
            return new SubjectStarted(subject);
        } catch (IOException | InterruptedException e) {
            subject.close();
            throw e;
        }
    }

    /** The same without its archive, when it has one. */
    Optional<HubProxy> withoutArchive(String newName) {
        if (!hasArchive) {
            return Optional.empty();
        }
        Map<String, String> environment = new HashMap<>(options.environment());
        environment.merge(JVM_OPTIONS, "-Xshare:off", (one, other) -> one + " " + other);
        return Optional.of(new HubProxy(
                newName, command, new SubjectOptions(options.flags(), environment, options.memoryBytes()), false));
    }

    @Override
    public Optional<Contender> withLoops(int loops, String newName) {
        if (options.flags().stream().noneMatch(flag -> flag.startsWith(EVENT_LOOPS))) {
            return Optional.empty();
        }
        List<String> flags = new ArrayList<>(options.flags());
        flags.add(EVENT_LOOPS + loops); // the last one counts
        return Optional.of(new HubProxy(
                newName, command, new SubjectOptions(flags, options.environment(), options.memoryBytes()), hasArchive));
    }

    private static String target(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** Nothing for a proxy without routes of its own: its default target is the backend. */
    private void addRoutes(Subject subject, Setup setup) throws IOException, InterruptedException {
        if (setup.routes() == 0) {
            return;
        }
        HttpClient client = HttpClient.newHttpClient();
        Map<String, Integer> routes = new LinkedHashMap<>();
        routes.put(Setup.WEBSOCKET, setup.websocketPort());
        setup.paths().forEach(path -> routes.put(path, setup.backendPort()));
        // As JupyterHub does: some at a time.
        Deque<CompletableFuture<HttpResponse<Void>>> underWay = new ArrayDeque<>();
        for (Map.Entry<String, Integer> route : routes.entrySet()) {
            underWay.add(client.sendAsync(
                    add(subject, route.getKey(), route.getValue()), HttpResponse.BodyHandlers.discarding()));
            if (underWay.size() >= AT_A_TIME) {
                expectAdded(underWay.remove());
            }
        }
        while (!underWay.isEmpty()) {
            expectAdded(underWay.remove());
        }
    }

    private static HttpRequest add(Subject subject, String path, int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + subject.apiPort() + "/api/routes" + path))
                .timeout(ANSWERS_WITHIN)
                .header("Authorization", "token " + subject.token())
                .POST(HttpRequest.BodyPublishers.ofString("{\"target\": \"" + target(port) + "\"}"))
                .build();
    }

    private void expectAdded(CompletableFuture<HttpResponse<Void>> answer) throws IOException, InterruptedException {
        try {
            int status = answer.get().statusCode();
            if (status != 201) {
                throw new IOException(name + ": " + status + " for a new route (expected: 201)");
            }
        } catch (ExecutionException e) {
            throw new IOException(name + ": no answer for a new route (expected: 201)", e);
        }
    }

    private record SubjectStarted(Subject subject) implements Started {
        @Override
        public long pid() {
            return subject.pid();
        }

        @Override
        public int port() {
            return subject.publicPort();
        }

        @Override
        public long startedAt() {
            return subject.startedAt();
        }

        @Override
        public String commandLine() {
            return String.join(" ", subject.commandLine());
        }

        @Override
        public void close() {
            subject.close();
        }
    }
}
