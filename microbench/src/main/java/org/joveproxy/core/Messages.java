package org.joveproxy.core;

import java.nio.charset.StandardCharsets;

/** What clients and upstreams say in the benchmarks, as bytes. */
public final class Messages {
    private static final String BROWSER =
            "GET /user/ada/api/contents/work/analysis.ipynb?type=notebook&content=0&hash=0"
                    + " HTTP/1.1\r\n"
                    + "Host: hub.example.org\r\n"
                    + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
                    + "Accept: */*\r\n"
                    + "Accept-Language: en-US,en;q=0.5\r\n"
                    + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
                    + "Referer: https://hub.example.org/user/ada/lab/tree/work/analysis.ipynb\r\n"
                    + "Content-Type: application/json\r\n"
                    + "X-XSRFToken: 2|5f0b7d8c|6a1d3e9f27c84b50a1e6d2f4c3b79a80|1732700000\r\n"
                    + "Connection: keep-alive\r\n"
                    + "Cookie: _xsrf=2|5f0b7d8c|6a1d3e9f27c84b50a1e6d2f4c3b79a80|1732700000;"
                    + " jupyterhub-session-id=9c1e5a7f3b2d4c6e8f0a1b2c3d4e5f60;"
                    + " jupyterhub-user-ada=\"2|1:0|10:1732700000|19:jupyterhub-user-ada|"
                    + "40:QkxZc2t4d2VyaG5nZnZqa2xhc2RmZ2hqa2w=|"
                    + "f3b1c6d8e0a2947586b3c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0\"\r\n"
                    + "Sec-Fetch-Dest: empty\r\n"
                    + "Sec-Fetch-Mode: cors\r\n"
                    + "Sec-Fetch-Site: same-origin\r\n"
                    + "\r\n";

    private static final String WRK = "GET /user/ada/lab HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";

    private static final String UPGRADE = "GET /user/ada/api/kernels/7d1f/channels?session_id=1 HTTP/1.1\r\n"
            + "Host: hub.example.org\r\n"
            + "Connection: keep-alive, Upgrade\r\n"
            + "Upgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "\r\n";

    private static final String UPGRADED = "HTTP/1.1 101 Switching Protocols\r\n"
            + "Connection: Upgrade\r\n"
            + "Upgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "\r\n";

    private static final String ANSWER_BODY = "{\"name\": \"analysis.ipynb\", \"path\": \"work/analysis.ipynb\","
            + " \"writable\": true, \"type\": \"notebook\", \"content\": null}";

    private static final String ANSWER = "HTTP/1.1 200 OK\r\n"
            + "Server: TornadoServer/6.5.2\r\n"
            + "Content-Type: application/json\r\n"
            + "Date: Fri, 27 Nov 2026 12:00:00 GMT\r\n"
            + "X-Content-Type-Options: nosniff\r\n"
            + "Content-Security-Policy: frame-ancestors 'self'; report-uri /user/ada/api/security/csp-report\r\n"
            + "Last-Modified: Fri, 27 Nov 2026 11:00:00 GMT\r\n"
            + "Cache-Control: no-store\r\n"
            + "Content-Length: " + ANSWER_BODY.length() + "\r\n"
            + "\r\n"
            + ANSWER_BODY;

    // A final text frame (RFC 6455 5.2): two bytes, four of the mask if there is one, and the payload.
    private static final int TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int PAYLOAD_BYTES = 64;

    private Messages() {}

    /**
     * A request without a body.
     *
     * @param kind {@code browser}: JupyterLab's in Firefox, with 13 fields; {@code wrk}: with a Host field only
     */
    public static byte[] request(String kind) {
        return switch (kind) {
            case "browser" -> bytes(BROWSER);
            case "wrk" -> bytes(WRK);
            default -> throw new IllegalArgumentException("kind: " + kind + " (expected: browser or wrk)");
        };
    }

    /** A Jupyter server's answer of eight fields and a small body. */
    public static byte[] answer() {
        return bytes(ANSWER);
    }

    /** A request for a websocket. */
    public static byte[] upgrade() {
        return bytes(UPGRADE);
    }

    /** The answer that opens it. */
    public static byte[] upgraded() {
        return bytes(UPGRADED);
    }

    /** A websocket's frame from the client, 70 bytes with its mask. */
    public static byte[] frameFromClient() {
        byte[] frame = new byte[2 + Integer.BYTES + PAYLOAD_BYTES];
        frame[0] = (byte) TEXT;
        frame[1] = (byte) (MASKED | PAYLOAD_BYTES);
        return frame;
    }

    /** A websocket's frame from the upstream, of the same payload: 66 bytes. */
    public static byte[] frameFromUpstream() {
        byte[] frame = new byte[2 + PAYLOAD_BYTES];
        frame[0] = (byte) TEXT;
        frame[1] = PAYLOAD_BYTES;
        return frame;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
