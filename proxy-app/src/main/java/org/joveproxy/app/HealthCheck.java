package org.joveproxy.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    private static final String WITH_TOKEN = "--with-token";
    private static final Set<String> VALUES = Set.of("--status", "--method", "--data", "--timeout");

    private final SubCommand given;
    private final ServerAddress address;
    private final Map<String, String> environment;

    private HealthCheck(SubCommand given, ServerAddress address, Map<String, String> environment) {
        this.given = given;
        this.address = address;
        this.environment = environment;
    }

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
            ServerConnection.Answer answer = check.ask();
            boolean isExpected = expected.equals(Integer.toString(answer.status()));
            (isExpected ? out : err)
                    .println(answer.status() + " " + answer.body().strip());
            return isExpected ? 0 : 1;
        } catch (UsageException | IOException e) {
            err.println(String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private static HealthCheck parse(List<String> words, Map<String, String> environment) throws UsageException {
        SubCommand given = SubCommand.parse(words, VALUES, Set.of(WITH_TOKEN));
        List<String> urls = given.others();
        if (urls.size() > 1) {
            throw UsageException.of("error: too many arguments: " + urls + " (expected: one url)");
        }
        ServerAddress address = urls.isEmpty() ? ofProcess(PROCESS_ONE) : ServerAddress.parse(urls.get(0), HEALTH);
        return new HealthCheck(given, address, environment);
    }

    // ---- where ----

    /** The health page of the proxy whose command line is in {@code file}; of one with no flags if it is not a proxy's. */
    static ServerAddress ofProcess(Path file) {
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
        return new ServerAddress(false, NEAR, DEFAULT_PORT, null, HEALTH);
    }

    private static ServerAddress ofArguments(List<String> words) throws UsageException {
        if (!(ArgumentParser.parse(words) instanceof ArgumentParser.Wish.Run run)) {
            throw UsageException.of("not a proxy that runs");
        }
        Arguments arguments = run.arguments();
        boolean isTls = arguments.text(Flags.SSL_KEY) != null || arguments.text(Flags.SSL_CERT) != null;
        String socket = arguments.text(Flags.SOCKET);
        String host = arguments.values().getOrDefault(Flags.IP, "");
        String port = arguments.text(Flags.PORT);
        return new ServerAddress(
                isTls,
                EVERYWHERE.contains(host) ? NEAR : host,
                port == null ? DEFAULT_PORT : Integer.parseInt(port),
                socket == null ? null : Path.of(socket),
                HEALTH);
    }

    // ---- the request ----

    private ServerConnection.Answer ask() throws IOException, UsageException {
        Duration limit = Duration.ofMillis(given.timeoutMillis(DEFAULT_LIMIT_MILLIS));
        List<String> fields = new ArrayList<>(List.of("Connection: close"));
        if (given.switches().contains(WITH_TOKEN)) {
            String token =
                    ConfigFromArguments.apiToken(new Secrets(environment)).value();
            fields.add("Authorization: token " + (token == null ? "" : token));
        }
        try (ServerConnection connection = new ServerConnection(address, limit, MOST_ANSWER_BYTES)) {
            Map<String, String> values = given.values();
            return connection.ask(
                    values.getOrDefault("--method", "GET"),
                    address.target(),
                    fields,
                    values.getOrDefault("--data", ""));
        }
    }

    private String expectedStatus() throws UsageException {
        String text = given.values().getOrDefault("--status", "200");
        if (!text.matches("[1-5]\\d\\d")) {
            throw UsageException.of(
                    "error: option '--status <n>' value '" + text + "' is invalid (expected: a status of HTTP)");
        }
        return text;
    }
}
