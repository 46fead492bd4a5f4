package org.joveproxy.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP for sub-commands, which asks one server for one thing after the other, over the same socket as long as
 * the server keeps it.
 *
 * <p>Java's own client would be another 2 MB of the image. Does not look at certificates, as those who probe do not.
 * Confined to one thread; nothing it does takes longer than the limit.
 */
final class ServerConnection implements Closeable {
    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

    private final ServerAddress address;
    private final Duration limit;
    private final int mostBytes;
    // Sockets of unix have no deadline for a read, and nor have names: somebody else waits, and we for him.
    private final ExecutorService worker = Executors.newSingleThreadExecutor(ServerConnection::newThread);

    private volatile @Nullable Wire wire;

    /**
     * A client of {@code address}; nothing is opened yet.
     *
     * @param limit how long one answer may take, opening the socket included
     * @param mostBytes how much of an answer's body is read
     */
    ServerConnection(ServerAddress address, Duration limit, int mostBytes) {
        this.address = address;
        this.limit = limit;
        this.mostBytes = mostBytes;
    }

    /**
     * An answer.
     *
     * @param isWhole whether the body ends where it says, and not where too much of it would have come
     */
    record Answer(int status, String body, boolean isWhole) {}

    /** A socket with its streams. */
    private record Wire(Closeable socket, InputStream from, OutputStream to) {}

    /**
     * Sends a request and waits for its answer. It is sent once more when the server has closed a socket that had been used
     * before, so only what may be done twice should be asked for behind another request.
     *
     * @param fields lines of the head without their ends
     * @throws IOException when there is no answer within the limit; the message is for people
     */
    Answer ask(String method, String target, List<String> fields, String body) throws IOException {
        byte[] request = request(method, target, fields, body);
        Future<Answer> asking = worker.submit(() -> exchange(request, method.equals("HEAD")));
        try {
            return asking.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("no answer: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private byte[] request(String method, String target, List<String> fields, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + address.hostField() + "\r\n");
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (content.length > 0) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    // ---- on the worker ----

    private Answer exchange(byte[] request, boolean isHead) throws IOException, GeneralSecurityException {
        Wire used = wire;
        if (used == null) {
            return exchange(open(), request, isHead);
        }
        try {
            return exchange(used, request, isHead);
        } catch (EndedException e) {
            return exchange(open(), request, isHead);
        }
    }

    private Wire open() throws IOException, GeneralSecurityException {
        Wire opened;
        if (address.socket() != null) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(address.socket()));
            opened = new Wire(channel, buffered(Channels.newInputStream(channel)), Channels.newOutputStream(channel));
        } else {
            Socket socket = socket();
            opened = new Wire(socket, buffered(socket.getInputStream()), socket.getOutputStream());
        }
        wire = opened;
        return opened;
    }

    private static InputStream buffered(InputStream from) {
        return new BufferedInputStream(from);
    }

    private Socket socket() throws IOException, GeneralSecurityException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(address.host(), address.port()));
        plain.setTcpNoDelay(true);
        if (!address.isTls()) {
            return plain;
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
    }

    private Answer exchange(Wire open, byte[] request, boolean isHead) throws IOException {
        boolean staysOpen = false;
        try {
            String statusLine = send(open, request);
            int status = status(statusLine);
            Map<String, String> fields = fields(open.from());
            while (status < 200) {
                status = status(line(open.from()));
                fields = fields(open.from());
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            boolean isWhole = true;
            boolean isFramed = true;
            if (isHead || status == 204 || status == 304) {
                // Such an answer has no body whatever its fields say.
            } else if (fields.getOrDefault("transfer-encoding", "").endsWith("chunked")) {
                isWhole = chunks(open.from(), body);
            } else if (fields.containsKey("content-length")) {
                isWhole = take(open.from(), number(fields.getOrDefault("content-length", ""), 10), body);
            } else {
                isFramed = false;
                body.writeBytes(open.from().readNBytes(mostBytes));
                isWhole = open.from().read() < 0;
            }
            staysOpen = isWhole
                    && isFramed
                    && !fields.getOrDefault("connection", "").equalsIgnoreCase("close");
            return new Answer(status, body.toString(StandardCharsets.UTF_8), isWhole);
        } finally {
            if (!staysOpen) {
                wire = null;
                open.socket().close();
            }
        }
    }

    /** Sends, and returns the first line of the answer. */
    private static String send(Wire open, byte[] request) throws EndedException {
        try {
            open.to().write(request);
            open.to().flush();
            return line(open.from());
        } catch (IOException e) {
            throw new EndedException(e);
        }
    }

    private static int status(String line) throws IOException {
        Matcher matcher = STATUS_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IOException("this is no answer of HTTP");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static Map<String, String> fields(InputStream from) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(from); !line.isEmpty(); line = line(from)) {
            int colon = line.indexOf(':');
            if (colon > 0 && fields.size() < 1000) {
                fields.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private boolean chunks(InputStream from, ByteArrayOutputStream body) throws IOException {
        while (true) {
            String size = line(from);
            int end = size.indexOf(';');
            long length = number((end < 0 ? size : size.substring(0, end)).strip(), 16);
            if (length == 0) {
                Map<String, String> unused = fields(from);
                return true;
            }
            if (!take(from, length, body)) {
                return false;
            }
            if (!line(from).isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
        }
    }

    private boolean take(InputStream from, long length, ByteArrayOutputStream body) throws IOException {
        long room = mostBytes - (long) body.size();
        byte[] bytes = from.readNBytes((int) Math.min(length, room));
        body.writeBytes(bytes);
        if (bytes.length < Math.min(length, room)) {
            throw new EOFException("the answer breaks off");
        }
        return length <= room;
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IOException("the length of the answer is no number");
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = from.read(); c != '\n'; c = from.read()) {
            if (c < 0) {
                throw new EOFException("the answer breaks off");
            }
            if (line.length() == MOST_HEAD_BYTES) {
                throw new IOException("a line of the answer is longer than " + MOST_HEAD_BYTES + " bytes");
            }
            line.append((char) c);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    /** Ends the socket and whatever waits for it. */
    @Override
    public void close() throws IOException {
        worker.shutdownNow();
        Wire open = wire;
        if (open != null) {
            open.socket().close();
        }
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "jove-asking");
        thread.setDaemon(true);
        return thread;
    }

    /** The socket ended before anything of an answer came. */
    private static final class EndedException extends IOException {
        private static final long serialVersionUID = 1L;

        EndedException(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    /** As a kubelet's probe: the question is whether somebody serves. */
    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
