package org.joveproxy.loadtest.benchmark;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.joveproxy.loadtest.subject.Loopback;

/**
 * Whether a proxy does what the others do, before it is measured: what it adds to requests, that it keeps its connections to
 * the backend, that bodies arrive whole in both directions, that websockets pass. Any thread may call it.
 */
final class Duties {
    private static final int ANSWERS_WITHIN_MILLIS = 20_000;
    private static final int UPLOAD_BYTES = 1 << 20;

    private Duties() {}

    /** Tries all of it. Takes well below a second. */
    static void check(Contender.Started proxy, Setup setup) throws IOException, BenchmarkException {
        try (Socket socket = connect(proxy, setup)) {
            String path = setup.somePath();
            String first = headers(proxy, setup, ask(socket, "GET", path + Backend.SEEN, "", new byte[0]));
            String second = headers(proxy, setup, ask(socket, "GET", path + Backend.SEEN, "", new byte[0]));
            if (!first.equals(second)) {
                throw new BenchmarkException("a second request takes another connection to the backend: " + second
                        + " (expected: " + first + ")");
            }
            expect(
                    "small answer",
                    Backend.SMALL_BODY.length(),
                    ask(socket, "GET", path + Backend.SMALL, "", new byte[0]).length);
            expect(
                    "medium answer",
                    Backend.MEDIUM_BYTES,
                    ask(socket, "GET", path + Backend.MEDIUM, "", new byte[0]).length);
            expect(
                    "large answer",
                    Backend.LARGE_BYTES,
                    ask(socket, "GET", path + Backend.LARGE, "", new byte[0]).length);
            String read = ask(socket, "PUT", path + Backend.UPLOAD, "", new byte[UPLOAD_BYTES])
                    .header(Backend.READ);
            if (read.isEmpty() || Long.parseLong(read) < UPLOAD_BYTES) {
                throw new BenchmarkException(
                        "the backend read " + read + " bytes (expected: " + UPLOAD_BYTES + " or more)");
            }
        }
        try (Socket socket = connect(proxy, setup)) {
            Answer answer = ask(
                    socket,
                    "GET",
                    Setup.WEBSOCKET + "/echo",
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
                    new byte[0]);
            expect("status of an upgrade", 101, answer.status);
            expectHeadersOfUpgrade(proxy, setup, answer.header(EchoServer.SEEN));
        }
    }

    /** Asks once, without a route, for a small answer of the backend. */
    static void firstAnswer(Contender.Started proxy, Setup setup) throws IOException, BenchmarkException {
        try (Socket socket = connect(proxy, setup)) {
            expect("status of the first answer", 200, ask(socket, "GET", Backend.SMALL, "", new byte[0]).status);
        }
    }

    private static void expect(String what, long expected, long was) throws BenchmarkException {
        if (was != expected) {
            throw new BenchmarkException(what + ": " + was + " (expected: " + expected + ")");
        }
    }

    /** Returns which connection to the backend was used. */
    private static String headers(Contender.Started proxy, Setup setup, Answer answer) throws BenchmarkException {
        expect("status", 200, answer.status);
        int split = answer.text.lastIndexOf(" connection=");
        expectHeaders(proxy, setup, split < 0 ? answer.text : answer.text.substring(0, split));
        return answer.text.substring(split + 1);
    }

    private static void expectHeaders(Contender.Started proxy, Setup setup, String seen) throws BenchmarkException {
        String expected = added(proxy, setup.scheme(), "127.0.0.1:" + proxy.port());
        if (!seen.equals(expected)) {
            throw new BenchmarkException("the backend sees " + seen + " (expected: " + expected + ")");
        }
    }

    /** Those that do as configurable-http-proxy does call the scheme ws or wss, and do not repeat the host. */
    private static void expectHeadersOfUpgrade(Contender.Started proxy, Setup setup, String seen)
            throws BenchmarkException {
        String theirs = added(proxy, setup.isTls() ? "wss" : "ws", "");
        if (!seen.equals(theirs)) {
            expectHeaders(proxy, setup, seen);
        }
    }

    private static String added(Contender.Started proxy, String scheme, String host) {
        return "for=127.0.0.1 proto=" + scheme + " port=" + proxy.port() + " host=" + host;
    }

    private static Socket connect(Contender.Started proxy, Setup setup) throws IOException {
        Socket socket = setup.isTls() ? trusting().getSocketFactory().createSocket() : new Socket();
        socket.setSoTimeout(ANSWERS_WITHIN_MILLIS);
        socket.connect(Loopback.port(proxy.port()), ANSWERS_WITHIN_MILLIS);
        return socket;
    }

    /** The certificate is our own, and what is tried is not whether anybody trusts it. */
    private static SSLContext trusting() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /**
     * @param length of the body
     * @param text the body's first bytes
     */
    private record Answer(int status, Map<String, String> headers, long length, String text) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private static Answer ask(Socket socket, String method, String path, String headers, byte[] body)
            throws IOException {
        StringBuilder head = new StringBuilder(
                method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + socket.getPort() + "\r\n" + headers);
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        return read(new BufferedInputStream(socket.getInputStream(), 65_536));
    }

    /** Reads one answer with a Content-Length, as the backend gives them; nothing comes behind it before the next request. */
    private static Answer read(InputStream in) throws IOException {
        String[] lines = head(in).split("\r\n");
        String[] status = lines[0].split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] field = lines[i].split(":", 2);
            headers.put(field[0].toLowerCase(Locale.ROOT), field.length < 2 ? "" : field[1].strip());
        }
        long expected = Long.parseLong(headers.getOrDefault("content-length", "0"));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] block = new byte[65_536];
        long length = 0;
        while (length < expected) {
            int count = in.read(block, 0, (int) Math.min(block.length, expected - length));
            if (count < 0) {
                throw new IOException("closed after " + length + " bytes (expected: " + expected + ")");
            }
            if (text.size() < 1000) {
                text.write(block, 0, count);
            }
            length += count;
        }
        return new Answer(
                status.length < 2 ? 0 : Integer.parseInt(status[1]),
                headers,
                length,
                text.toString(StandardCharsets.ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed in the head of an answer: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
