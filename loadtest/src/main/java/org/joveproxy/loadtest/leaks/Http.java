package org.joveproxy.loadtest.leaks;

import java.nio.charset.StandardCharsets;

/** The texts that cases send. */
final class Http {
    static final String GET = "GET /u/x HTTP/1.1\r\nHost: hub.example.org\r\n\r\n";

    static final String UPGRADE = """
            GET /u/api/kernels/1/channels HTTP/1.1\r
            Host: hub.example.org\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    static final String SWITCHING = """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r
            """;

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static final String FORBIDDEN = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";

    private Http() {}

    /** Head of an upload of {@code length} bytes. */
    static String put(long length) {
        return "PUT /u/x HTTP/1.1\r\nHost: hub.example.org\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Head of an answer with {@code length} bytes. */
    static String answer(long length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
