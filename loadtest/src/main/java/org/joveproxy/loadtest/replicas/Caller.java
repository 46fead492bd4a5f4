package org.joveproxy.loadtest.replicas;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.joveproxy.loadtest.subject.Loopback;
import org.jspecify.annotations.Nullable;

/**
 * A client with one connection that it keeps for some requests. It sends nothing twice: what is lost is told, so that it can be
 * judged. Confined to one thread.
 */
final class Caller implements AutoCloseable {
    private static final int CONNECTS_WITHIN_MILLIS = 5_000;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LONGEST_LINE = 16_384;

    private final int port;
    private final DoubleSupplier clock;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private int requestsLeft;

    /** @param clock seconds of the act */
    Caller(int port, DoubleSupplier clock) {
        this.port = port;
        this.clock = clock;
    }

    /**
     * How a call ended.
     *
     * @param status 0 when no head of an answer arrived
     * @param trouble what is wrong with the transfer; empty when all of it came
     * @param localPort of the connection; 0 when there was none
     */
    record Answer(int status, String body, String trouble, int localPort, double began, double ended) {
        boolean isWhole() {
            return status != 0 && trouble.isEmpty();
        }

        double seconds() {
            return ended - began;
        }
    }

    /** Whether the next call would open a new connection. */
    boolean isFresh() {
        return socket == null || requestsLeft == 0;
    }

    /**
     * Sends one request and waits for its answer.
     *
     * @param keepFor requests that a new connection is good for, if one has to be opened
     * @param headers lines, each ended by CR LF
     */
    Answer call(String method, String path, String headers, String body, int keepFor) {
        if (requestsLeft == 0 || hasEnded()) {
            close();
        }
        double began = clock.getAsDouble();
        int localPort = 0;
        int status = 0;
        try {
            if (socket == null) {
                open(keepFor);
            }
            Socket to = socket;
            InputStream from = in;
            if (to == null || from == null) {
                throw new IllegalStateException("connection: none (expected: one that was just opened)");
            }
            localPort = to.getLocalPort();
            requestsLeft--;
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            String text = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + length
                    + "\r\n" + body;
            to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            String first = line(from);
            if (!first.matches("HTTP/1\\.1 \\d{3}.*")) {
                throw new IOException("not HTTP: " + first);
            }
            status = Integer.parseInt(first.substring(9, 12));
            String content = rest(from, status);
            if (requestsLeft == 0) {
                close();
            }
            return new Answer(status, content, "", localPort, began, clock.getAsDouble());
        } catch (NumberFormatException e) {
            close();
            return new Answer(status, "", "not HTTP: " + e.getMessage(), localPort, began, clock.getAsDouble());
        } catch (IOException e) {
            close();
            return new Answer(status, "", trouble(e), localPort, began, clock.getAsDouble());
        }
    }

    private void open(int keepFor) throws IOException {
        Socket opened = new Socket();
        socket = opened;
        opened.setTcpNoDelay(true);
        opened.connect(Loopback.port(port), CONNECTS_WITHIN_MILLIS);
        opened.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(opened.getInputStream());
        requestsLeft = keepFor;
    }

    /** A client that is about to use a kept connection has seen by then whether it was closed. */
    private boolean hasEnded() {
        Socket kept = socket;
        InputStream from = in;
        if (kept == null || from == null) {
            return false;
        }
        try {
            kept.setSoTimeout(1);
            from.read();
            return true; // an end, or bytes that nobody asked for
        } catch (SocketTimeoutException e) {
            return !setPatience(kept);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean setPatience(Socket kept) {
        try {
            kept.setSoTimeout(PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Reads head and body; a connection that is not to be kept closes with it. */
    private String rest(InputStream from, int status) throws IOException {
        long length = -1;
        boolean isChunked = false;
        for (String field = line(from); !field.isEmpty(); field = line(from)) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(field.substring(15).trim());
            } else if (lower.startsWith("transfer-encoding:")) {
                isChunked = lower.contains("chunked");
            } else if (lower.startsWith("connection:") && lower.contains("close")) {
                requestsLeft = 0;
            }
        }
        if (status == 204 || status == 304) {
            return "";
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (isChunked) {
            for (int size = chunk(from); size > 0; size = chunk(from)) {
                exactly(from, size, body);
                line(from);
            }
            line(from);
        } else if (length >= 0) {
            exactly(from, length, body);
        } else {
            requestsLeft = 0;
            from.transferTo(body);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private static int chunk(InputStream from) throws IOException {
        return Integer.parseInt(line(from).split(";", 2)[0].trim(), 16);
    }

    private static void exactly(InputStream from, long length, ByteArrayOutputStream body) throws IOException {
        byte[] bytes = from.readNBytes((int) length);
        body.write(bytes);
        if (bytes.length < length) {
            throw new IOException("closed after " + bytes.length + " of " + length + " bytes");
        }
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = from.read(); next != '\n'; next = from.read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static String trouble(IOException e) {
        if (e instanceof ConnectException) {
            return "refused";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer within " + PATIENCE_MILLIS / 1000 + " s";
        }
        String message = String.valueOf(e.getMessage());
        return message.contains("reset") || message.contains("Broken pipe") ? "reset" : message;
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        in = null;
        requestsLeft = 0;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                return; // it has gone, which is what was wanted
            }
        }
    }
}
