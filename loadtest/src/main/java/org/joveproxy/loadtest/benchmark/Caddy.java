package org.joveproxy.loadtest.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.Ports;

/** Caddy with one thread for Go code. Its routes are in its configuration, and are tried one after the other. */
final class Caddy implements Contender {
    static final String COMMAND = "caddy";

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return COMMAND;
    }

    @Override
    public boolean compiles() {
        return false;
    }

    /** More take it a minute to start, and each request a millisecond. */
    @Override
    public int maxRoutes() {
        return 10_000;
    }

    @Override
    public Started start(Setup setup, List<String> prefix) throws IOException, InterruptedException {
        int port = Ports.free();
        Path folder = Files.createDirectories(setup.folder().resolve("caddy-" + port));
        Path file = folder.resolve("caddy.json");
        JSON.writeValue(file.toFile(), configuration(setup, port));
        return Servers.start(
                prefix,
                List.of(COMMAND, "run", "--config", file.toString()),
                Map.of("GOMAXPROCS", "1", "HOME", folder.toString(), "XDG_DATA_HOME", folder.toString()),
                port,
                folder.resolve("log"));
    }

    private static Map<String, Object> configuration(Setup setup, int port) {
        List<Object> routes = new ArrayList<>();
        routes.add(route(Setup.WEBSOCKET + "/*", setup.websocketPort()));
        setup.paths().forEach(path -> routes.add(route(path + "/*", setup.backendPort())));
        routes.add(route("*", setup.backendPort()));

        Map<String, Object> server = new LinkedHashMap<>();
        server.put("listen", List.of("127.0.0.1:" + port));
        server.put("protocols", List.of("h1"));
        server.put("automatic_https", Map.of("disable", true));
        server.put("idle_timeout", TimeUnit.SECONDS.toNanos(Setup.IDLE_SECONDS));
        server.put("routes", routes);
        Map<String, Object> apps = new LinkedHashMap<>();
        TestCertificate certificate = setup.certificate();
        if (certificate != null) {
            server.put("tls_connection_policies", List.of(Map.of("default_sni", "localhost")));
            apps.put(
                    "tls",
                    Map.of(
                            "certificates",
                            Map.of(
                                    "load_files",
                                    List.of(Map.of(
                                            "certificate",
                                                    certificate.certificate().toString(),
                                            "key", certificate.key().toString())))));
        }
        apps.put("http", Map.of("servers", Map.of("public", server)));
        return Map.of(
                "admin",
                Map.of("disabled", true),
                "logging",
                Map.of("logs", Map.of("default", Map.of("level", "ERROR"))),
                "apps",
                apps);
    }

    private static Map<String, Object> route(String path, int port) {
        Map<String, Object> proxy = Map.of(
                "handler",
                "reverse_proxy",
                "headers",
                Map.of("request", Map.of("set", Map.of("X-Forwarded-Port", List.of("{http.request.port}")))),
                // As many as the others keep; Caddy itself would keep 32.
                "transport",
                Map.of("protocol", "http", "keep_alive", Map.of("max_idle_conns_per_host", 256)),
                "upstreams",
                List.of(Map.of("dial", "127.0.0.1:" + port)));
        return Map.of("match", List.of(Map.of("path", List.of(path))), "handle", List.of(proxy), "terminal", true);
    }
}
