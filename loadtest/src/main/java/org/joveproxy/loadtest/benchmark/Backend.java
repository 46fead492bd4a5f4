package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.joveproxy.loadtest.subject.Ports;

/**
 * The servers behind the proxies: an nginx with fixed answers, and an echo server for websockets. Whatever the path begins
 * with, its end says what is asked for. Any thread may call any method.
 */
final class Backend implements AutoCloseable {
    /** A small fixed answer. */
    static final String SMALL = "/small";

    static final String SMALL_BODY = "{\"started\": true, \"connections\": 1, \"kernels\": 1}";

    /** 10 kB. */
    static final String MEDIUM = "/medium";

    static final int MEDIUM_BYTES = 10_000;

    /** 100 MB. */
    static final String LARGE = "/large";

    static final int LARGE_BYTES = 100_000_000;

    /** Takes a body to its end, and says in {@link #READ} how many bytes the request had. */
    static final String UPLOAD = "/upload";

    static final String READ = "X-Read";

    /** Answers with what it sees of the request. */
    static final String SEEN = "/seen";

    /** What the servers tell of a request: the headers that a proxy adds, and who asked. */
    static final String SEEN_BODY =
            "for=$http_x_forwarded_for proto=$http_x_forwarded_proto port=$http_x_forwarded_port host=$http_x_forwarded_host connection=$connection";

    private final Contender.Started nginx;
    private final EchoServer echo;

    private Backend(Contender.Started nginx, EchoServer echo) {
        this.nginx = nginx;
        this.echo = echo;
    }

    /** Starts both. Their processes and threads run where this process does. */
    static Backend start(Path folder) throws IOException, InterruptedException {
        int port = Ports.free();
        Path own = folder.resolve("backend");
        Path files = Files.createDirectories(own.resolve("files"));
        write(files.resolve("medium"), MEDIUM_BYTES);
        write(files.resolve("large"), LARGE_BYTES);
        String http = """
                    sendfile on;
                    open_file_cache max=10;
                    server {
                        listen 127.0.0.1:%1$d backlog=4096;
                        location / { return 404; }
                        location ~ /small$ { return 200 '%2$s'; }
                        location ~ /(medium|large)$ { root %3$s; rewrite .*/(medium|large)$ /$1 break; }
                        # The body is read to its end before the request, without it, is passed on to ourselves.
                        location ~ /upload$ {
                            client_body_buffer_size 2m;
                            add_header %4$s $request_length;
                            proxy_pass_request_body off;
                            proxy_set_header Content-Length "";
                            proxy_set_header Connection "";
                            proxy_http_version 1.1;
                            rewrite .* /read break;
                            proxy_pass http://ourselves;
                        }
                        location = /read { return 200 'read'; }
                        location ~ /seen$ { return 200 '%5$s'; }
                    }
                    upstream ourselves { server 127.0.0.1:%1$d; keepalive 64; keepalive_requests 1000000000; }
                """.formatted(port, SMALL_BODY, files, READ, SEEN_BODY);
        Contender.Started nginx =
                Servers.start(List.of(), Nginx.command(own, 1, http), Map.of(), port, own.resolve("log"));
        return new Backend(nginx, EchoServer.start());
    }

    private static void write(Path file, int bytes) throws IOException {
        byte[] block = new byte[100_000];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ('a' + i % 26);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int left = bytes; left > 0; left -= block.length) {
                out.write(left < block.length ? Arrays.copyOf(block, left) : block);
            }
        }
    }

    int port() {
        return nginx.port();
    }

    int websocketPort() {
        return echo.port();
    }

    @Override
    public void close() {
        nginx.close();
        echo.close();
    }
}
