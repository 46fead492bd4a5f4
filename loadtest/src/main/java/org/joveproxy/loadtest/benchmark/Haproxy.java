package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.Ports;

/**
 * HAProxy. Its routes are a map from the beginning of a path to a server.
 *
 * @param threads each of which is an event loop
 */
record Haproxy(String name, int threads) implements Contender {
    static final String COMMAND = "haproxy";

    /** With one thread. */
    Haproxy() {
        this(COMMAND, 1);
    }

    @Override
    public boolean compiles() {
        return false;
    }

    @Override
    public Optional<Contender> withLoops(int loops, String newName) {
        return Optional.of(new Haproxy(newName, loops));
    }

    @Override
    public Started start(Setup setup, List<String> prefix) throws IOException, InterruptedException {
        int port = Ports.free();
        Path folder = Files.createDirectories(setup.folder().resolve("haproxy-" + port));
        Path routes = folder.resolve("routes.map");
        Files.writeString(
                routes, setup.paths().stream().map(path -> path + "/ backend\n").collect(Collectors.joining()));
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, configuration(setup, port, routes, folder));
        return Servers.start(
                prefix, List.of(COMMAND, "-db", "-f", file.toString()), Map.of(), port, folder.resolve("log"));
    }

    private String configuration(Setup setup, int port, Path routes, Path folder) throws IOException {
        String tls = "";
        TestCertificate certificate = setup.certificate();
        if (certificate != null) {
            Path both = folder.resolve("both.pem");
            Files.writeString(both, Files.readString(certificate.certificate()) + Files.readString(certificate.key()));
            tls = " ssl crt " + both + " ssl-min-ver TLSv1.2 alpn http/1.1";
        }
        return """
                global
                    nbthread %9$d
                    maxconn 9000
                defaults
                    mode http
                    option forwardfor
                    http-reuse always
                    timeout connect 10s
                    timeout client %5$ds
                    timeout server %5$ds
                    timeout tunnel %5$ds
                    timeout http-keep-alive %5$ds
                frontend public
                    bind 127.0.0.1:%1$d backlog 4096%2$s
                    http-request set-header X-Forwarded-Proto %6$s
                    http-request set-header X-Forwarded-Port %%[dst_port]
                    http-request set-header X-Forwarded-Host %%[req.hdr(host)]
                    use_backend websockets if { path_beg %7$s/ }
                    use_backend %%[path,map_beg(%3$s,backend)]
                backend backend
                    server backend 127.0.0.1:%4$d
                backend websockets
                    server websockets 127.0.0.1:%8$d
                """.formatted(
                        port,
                        tls,
                        routes,
                        setup.backendPort(),
                        Setup.IDLE_SECONDS,
                        setup.scheme(),
                        Setup.WEBSOCKET,
                        setup.websocketPort(),
                        threads);
    }
}
