package org.joveproxy.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.joveproxy.core.tls.TlsConfigException;
import org.joveproxy.core.tls.UpstreamTls;
import org.joveproxy.core.tls.UpstreamTlsConfig;
import org.slf4j.event.Level;

/**
 * Starts the proxy on free ports of the loopback interface, sends it a request of each kind and ends; twice, since one
 * that finds routes from before does more.
 *
 * <p>The build runs it in a JVM that keeps the loaded classes in an archive, from which later starts take them. Confined
 * to the main thread.
 */
public final class Rehearsal {
    private static final int ANSWER_LIMIT_MILLIS = 10_000;

    private Rehearsal() {}

    /** Runs through all that a start and the first requests need. */
    public static void main(String[] none) throws IOException, TlsConfigException, UsageException {
        Path state = Files.createTempDirectory("jove-rehearsal");
        try {
            rehearse(state);
            rehearse(state);
        } finally {
            remove(state);
        }
        UpstreamTls.load(UpstreamTlsConfig.DEFAULT).close();
        LogSetup.finish();
        System.exit(0);
    }

    private static void rehearse(Path state) throws IOException, TlsConfigException, UsageException {
        ArgumentParser.Wish wish = ArgumentParser.parse(List.of(
                "--ip=127.0.0.1",
                "--port=0",
                "--api-ip=127.0.0.1",
                "--metrics-ip=127.0.0.1",
                "--metrics-port=0",
                "--state-dir=" + state,
                "--log-level=warn"));
        Settings settings = ConfigFromArguments.read(
                ((ArgumentParser.Wish.Run) wish).arguments(), Map.of("CONFIGPROXY_AUTH_TOKEN", "rehearsal"));
        LogSetup.setLevel(Level.ERROR);
        try (Application application = Application.start(settings)) {
            List<Integer> ports = application.ports();
            int api = ports.get(1);
            String route = "{\"target\": \"http://127.0.0.1:" + api + "\"}";
            expect(201, ask(api, "POST /api/routes/rehearsal", route));
            expect(200, ask(api, "GET /api/routes", ""));
            expect(200, ask(ports.get(0), "GET /_chp_healthz", ""));
            expect(404, ask(ports.get(0), "GET /rehearsal", ""));
            expect(204, ask(api, "DELETE /api/routes/rehearsal", ""));
            expect(201, ask(api, "POST /api/routes/kept", route));
            expect(200, ask(ports.get(0), "GET /_chp_readyz", ""));
            expect(200, ask(ports.get(2), "GET /metrics", ""));
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static String ask(int port, String what, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            String request = what + " HTTP/1.1\r\nHost: rehearsal\r\nAuthorization: token rehearsal\r\n"
                    + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void expect(int status, String answer) {
        if (!answer.startsWith("HTTP/1.1 " + status + " ")) {
            throw new IllegalStateException("answer: " + answer + " (expected: status " + status + ")");
        }
    }
}
