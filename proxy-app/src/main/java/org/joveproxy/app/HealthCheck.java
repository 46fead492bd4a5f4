package org.joveproxy.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The sub-command {@code healthcheck}: sends one request and tells by its exit code whether the answer was the expected
 * one. For images without a shell or any other client.
 *
 * <p>Knows the address of a proxy that is process 1, as in a container, from that one's own command line. Does not look at
 * certificates, as those who probe do not. Confined to the main thread.
 */
final class HealthCheck {
    /** The first word of a command line that asks for this. */
    static final String WORD = "healthcheck";

    static final String HELP = """
            Usage: jove healthcheck [options] [url]

            Sends one request. Exit code 0: it was answered as expected. 1: it was not.
            The url is http://..., https://... or unix:/path/of/socket. Without one, the health page of the proxy
            that is process 1 is asked, or http://127.0.0.1:8000/_chp_healthz.

              --status <n>     The status to expect. Default: 200.
              --method <m>     The method of the request. Default: GET.
              --data <text>    The body of the request.
              --with-token     Send the token of CONFIGPROXY_AUTH_TOKEN or CONFIGPROXY_AUTH_TOKEN_FILE.
              --timeout <n>    Milliseconds that all of it may take. Default: 3000.""";

    private static final Path PROCESS_ONE = Path.of("/proc/1/cmdline");
    private static final String HEALTH = "/_chp_healthz";
    private static final String NEAR = "127.0.0.1";
    private static final int DEFAULT_PORT = 8000;
    private static final int DEFAULT_LIMIT_MILLIS = 3000;
    private static final int MOST_ANSWER_BYTES = 64 * 1024;
    private static final Set<String> EVERYWHERE = Set.of("", "*", "0.0.0.0", "::", "[::]");
    private static final Set<String> VALUES = Set.of("--status", "--method", "--data", "--timeout");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[ \\r].*", Pattern.DOTALL);

    private final Map<String, String> given;
    private final boolean sendsToken;
    private final Address address;
    private final Map<String, String> environment;

    private HealthCheck(
            Map<String, String> given, boolean sendsToken, Address address, Map<String, String> environment) {
        this.given = given;
        this.sendsToken = sendsToken;
        this.address = address;
        this.environment = environment;
    }

    /**
     * Where to ask.
     *
     * @param socket a unix socket, or null for {@code host} and {@code port}
     */
    record Address(
            boolean isTls, String host, int port, @Nullable Path socket, String target) {}

    /**
     * Asks.
     *
     * @param words what stands behind {@link #WORD}
     * @return the exit code
     */
    static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (words.contains("--help") || words.contains("-h")) {
            out.println(HELP);
            return 0;
        }
        try {
            HealthCheck check = parse(words, environment);
            String expected = check.expectedStatus();
            String answer = check.answerWithinLimit();
            Matcher head = STATUS.matcher(answer);
            String status = head.matches() ? head.group(1) : "none";
            int end = answer.indexOf("\r\n\r\n");
            String body = end < 0 ? "" : answer.substring(end + 4).strip();
            boolean isExpected = status.equals(expected);
            (isExpected ? out : err).println(status + " " + body);
            return isExpected ? 0 : 1;
        } catch (UsageException | IOException | GeneralSecurityException e) {
            err.println(String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private static HealthCheck parse(List<String> words, Map<String, String> environment) throws UsageException {
        Map<String, String> given = new HashMap<>();
        boolean sendsToken = false;
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            if (word.equals("--with-token")) {
                sendsToken = true;
            } else if (!word.startsWith("-")) {
                urls.add(word);
            } else if (!VALUES.contains(name)) {
                throw UsageException.of("error: unknown option '" + word + "'");
            } else if (name.length() < word.length()) {
                given.put(name, word.substring(equals + 1));
            } else if (i + 1 < words.size()) {
                i++;
                given.put(name, words.get(i));
            } else {
                throw UsageException.of("error: option '" + word + "' argument missing");
            }
        }
        if (urls.size() > 1) {
            throw UsageException.of("error: too many arguments: " + urls + " (expected: one url)");
        }
        Address address = urls.isEmpty() ? ofProcess(PROCESS_ONE) : parse(urls.get(0));
        return new HealthCheck(given, sendsToken, address, environment);
    }

    // ---- where ----

    private static Address parse(String url) throws UsageException {
        try {
            URI uri = URI.create(url);
            if ("unix".equals(uri.getScheme()) && uri.getPath() != null) {
                return new Address(false, "localhost", 0, Path.of(uri.getPath()), HEALTH);
            }
            boolean isTls = "https".equals(uri.getScheme());
            if ((isTls || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                int port = uri.getPort() < 0 ? (isTls ? 443 : 80) : uri.getPort();
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
                return new Address(isTls, uri.getHost(), port, null, target);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw UsageException.of("error: url '" + url + "' is invalid (expected: http://host:port/path, https://... or"
                + " unix:/path)");
    }

    /** The health page of the proxy whose command line is in {@code file}; of one with no flags if it is not a proxy's. */
    static Address ofProcess(Path file) {
        try {
            List<String> words = List.of(Files.readString(file).split("\0", -1));
            int main = words.indexOf(Main.class.getName());
            if (main >= 0) {
                // The last word ends with a zero, too.
                return ofArguments(words.subList(main + 1, words.size() - 1));
            }
        } catch (IOException | UsageException | NumberFormatException | InvalidPathException e) {
            // Not to be read, or not a proxy: the address below is as good a guess as any.
        }
        return new Address(false, NEAR, DEFAULT_PORT, null, HEALTH);
    }

    private static Address ofArguments(List<String> words) throws UsageException {
        if (!(ArgumentParser.parse(words) instanceof ArgumentParser.Wish.Run run)) {
            throw UsageException.of("not a proxy that runs");
        }
        Arguments arguments = run.arguments();
        boolean isTls = arguments.text(Flags.SSL_KEY) != null || arguments.text(Flags.SSL_CERT) != null;
        String socket = arguments.text(Flags.SOCKET);
        String host = arguments.values().getOrDefault(Flags.IP, "");
        String port = arguments.text(Flags.PORT);
        return new Address(
                isTls,
                EVERYWHERE.contains(host) ? NEAR : host,
                port == null ? DEFAULT_PORT : Integer.parseInt(port),
                socket == null ? null : Path.of(socket),
                HEALTH);
    }

    // ---- the request ----

    private String answerWithinLimit() throws IOException, UsageException, GeneralSecurityException {
        int limit = limitMillis();
        String request = request();
        FutureTask<String> asking = new FutureTask<>(() -> answer(request));
        Thread thread = new Thread(asking, "jove-healthcheck");
        thread.setDaemon(true);
        thread.start();
        try {
            return asking.get(limit, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("no answer: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private String expectedStatus() throws UsageException {
        String text = given.getOrDefault("--status", "200");
        if (!text.matches("[1-5]\\d\\d")) {
            throw UsageException.of(
                    "error: option '--status <n>' value '" + text + "' is invalid (expected: a status of HTTP)");
        }
        return text;
    }

    private int limitMillis() throws UsageException {
        String text = given.getOrDefault("--timeout", Integer.toString(DEFAULT_LIMIT_MILLIS));
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw UsageException.of(
                    "error: option '--timeout <n>' value '" + text + "' is invalid (expected: milliseconds)");
        }
        return Integer.parseInt(text);
    }

    private String request() throws UsageException {
        String body = given.getOrDefault("--data", "");
        StringBuilder head = new StringBuilder(given.getOrDefault("--method", "GET"))
                .append(' ')
                .append(address.target())
                .append(" HTTP/1.1\r\nHost: ")
                .append(address.host())
                .append(address.port() == 0 ? "" : ":" + address.port())
                .append("\r\nConnection: close\r\n");
        if (sendsToken) {
            String token =
                    ConfigFromArguments.apiToken(new Secrets(environment)).value();
            head.append("Authorization: token ")
                    .append(token == null ? "" : token)
                    .append("\r\n");
        }
        if (!body.isEmpty()) {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").append(body).toString();
    }

    private String answer(String request) throws IOException, GeneralSecurityException {
        if (address.socket() != null) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(address.socket()));
                return exchange(request, Channels.newOutputStream(channel), Channels.newInputStream(channel));
            }
        }
        try (Socket socket = socket()) {
            return exchange(request, socket.getOutputStream(), socket.getInputStream());
        }
    }

    private Socket socket() throws IOException, GeneralSecurityException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(address.host(), address.port()));
        if (!address.isTls()) {
            return plain;
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
    }

    private static String exchange(String request, OutputStream to, InputStream from) throws IOException {
        to.write(request.getBytes(StandardCharsets.UTF_8));
        to.flush();
        return new String(from.readNBytes(MOST_ANSWER_BYTES), StandardCharsets.UTF_8);
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
