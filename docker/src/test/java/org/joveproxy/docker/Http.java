package org.joveproxy.docker;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests to a container's published ports. */
final class Http {
    private static final int LIMIT_MILLIS = 20_000;

    private Http() {}

    /** The answer to a GET with the token. */
    static String get(JoveContainer container, int port, String target) throws IOException {
        return ask(container, port, "GET", target, "");
    }

    static String ask(JoveContainer container, int port, String method, String target, String body) throws IOException {
        try (Socket socket = connect(container, port)) {
            String request =
                    method + " " + target + " HTTP/1.1\r\nHost: proxy\r\nAuthorization: token " + JoveContainer.TOKEN
                            + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A connection to {@code port} of the container. */
    static Socket connect(JoveContainer container, int port) throws IOException {
        Socket socket = new Socket(container.getHost(), container.getMappedPort(port));
        socket.setSoTimeout(LIMIT_MILLIS);
        return socket;
    }
}
