package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 */
record HubProxy(String name, List<String> command, SubjectOptions options) implements Contender {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);

    HubProxy {
        command = List.copyOf(command);
    }

    @Override
    public boolean compiles() {
        return true;
    }

    @Override
    public Started start(Setup setup, Pinning pinning) throws SubjectException, IOException, InterruptedException {
        List<String> words = new ArrayList<>(pinning.proxyPrefix());
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

    private static String target(int port) {
        return "http://127.0.0.1:" + port;
    }

    private void addRoutes(Subject subject, Setup setup) throws IOException, InterruptedException {
        // One client for all: it keeps its connection.
        HttpClient client = HttpClient.newHttpClient();
        add(client, subject, Setup.WEBSOCKET, setup.websocketPort());
        for (String path : setup.paths()) {
            add(client, subject, path, setup.backendPort());
        }
    }

    private void add(HttpClient client, Subject subject, String path, int port)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + subject.apiPort() + "/api/routes" + path))
                .timeout(ANSWERS_WITHIN)
                .header("Authorization", "token " + subject.token())
                .POST(HttpRequest.BodyPublishers.ofString("{\"target\": \"" + target(port) + "\"}"))
                .build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 201) {
            throw new IOException(name + ": " + status + " for a new route (expected: 201)");
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
        public String commandLine() {
            return String.join(" ", subject.commandLine());
        }

        @Override
        public void close() {
            subject.close();
        }
    }
}
