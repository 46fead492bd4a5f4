package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.joveproxy.loadtest.subject.Ports;

/**
 * nginx, the measure for the others. Its routes are in its configuration.
 *
 * @param workers each of which is a process and an event loop
 */
record Nginx(String name, int workers) implements Contender {
    static final String COMMAND = "nginx";

    /** With one worker. */
    Nginx() {
        this(COMMAND, 1);
    }

    @Override
    public boolean compiles() {
        return false;
    }

    @Override
    public Optional<Contender> withLoops(int loops, String newName) {
        return Optional.of(new Nginx(newName, loops));
    }

    @Override
    public Started start(Setup setup, List<String> prefix) throws IOException, InterruptedException {
        int port = Ports.free();
        Path folder = setup.folder().resolve("nginx-" + port);
        return Servers.start(
                prefix, command(folder, workers, configuration(setup, port)), Map.of(), port, folder.resolve("log"));
    }

    /** Writes a configuration with {@code http} in its only http block, and says how nginx is started with it. */
    static List<String> command(Path folder, int workers, String http) throws IOException {
        Files.createDirectories(folder);
        // Started by root, the worker is another user, who must get at the folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off;
                worker_processes %4$d;
                worker_rlimit_nofile 65536;
                error_log stderr error;
                pid %1$s/nginx.pid;
                events { worker_connections 65000; }
                http {
                    access_log off;
                    server_tokens off;
                    default_type application/json;
                    # nginx closes a connection after 1000 requests unless told otherwise; the others do not.
                    keepalive_requests 1000000000;
                    keepalive_timeout %2$d;
                    client_max_body_size 0;
                    client_body_temp_path %1$s/client_body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                %3$s
                }
                """.formatted(folder, Setup.IDLE_SECONDS, http, workers));
        return List.of(COMMAND, "-e", "stderr", "-p", folder.toString(), "-c", file.toString());
    }

    private String configuration(Setup setup, int port) {
        StringBuilder locations = new StringBuilder();
        for (String path : setup.paths()) {
            locations.append("        location ").append(path).append("/ { proxy_pass http://backend; }\n");
        }
        TestCertificate certificate = setup.certificate();
        String tls = certificate == null ? "" : """
                        ssl_certificate %s;
                        ssl_certificate_key %s;
                        ssl_protocols TLSv1.2 TLSv1.3;
                        ssl_session_cache shared:TLS:10m;
                """.formatted(certificate.certificate(), certificate.key());
        return """
                upstream backend {
                    server 127.0.0.1:%1$d;
                    keepalive 256;
                    keepalive_requests 1000000000;
                    keepalive_timeout %6$d;
                }
                map $http_upgrade $connection_header {
                    default upgrade;
                    '' '';
                }
                proxy_http_version 1.1;
                # Bodies pass piece by piece, as they do in the others, and never by way of a file.
                proxy_request_buffering off;
                proxy_max_temp_file_size 0;
                proxy_read_timeout %6$d;
                proxy_send_timeout %6$d;
                proxy_set_header Host $http_host;
                proxy_set_header Connection $connection_header;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header X-Forwarded-Port $server_port;
                proxy_set_header X-Forwarded-Host $http_host;
                server {
                    listen 127.0.0.1:%2$d backlog=4096%3$s;
                %4$s
                    location / { proxy_pass http://backend; }
                    location %7$s { proxy_pass http://127.0.0.1:%8$d; }
                %5$s
                }
                """.formatted(
                        setup.backendPort(),
                        port,
                        // One queue for all workers would let one of them take most connections.
                        (setup.isTls() ? " ssl" : "") + (workers > 1 ? " reuseport" : ""),
                        tls,
                        locations,
                        Setup.IDLE_SECONDS,
                        Setup.WEBSOCKET,
                        setup.websocketPort());
    }
}
