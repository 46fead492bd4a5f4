package org.joveproxy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;

/**
 * The sub-command {@code import}: copies the routes of a running proxy, configurable-http-proxy or Jove, into a running
 * Jove, by the REST API of both.
 *
 * <p>All is read before anything is changed. Asked for again, it goes on where it has ended. Confined to the main thread.
 */
final class RouteImport {
    /** The first word of a command line that asks for this. */
    static final String WORD = "import";

    static final String HELP = """
            Usage: jove import [options] <url>

            Copies the routes of the running proxy whose REST API is at the url into a running Jove, with all their data
            but for their last activity. A url is http://host:port, https://... or unix:/path/of/socket; certificates are
            not looked at.
            Exit code 0: all routes are there. 1: nothing was changed. 2: some were copied and others were not.

              --to <url>               The REST API of the Jove that gets the routes. Default: http://127.0.0.1:8001.
              --from-token-file <f>    File with the token of the proxy at the url.
              --to-token-file <f>      File with the token of that Jove. Default of both: CONFIGPROXY_AUTH_TOKEN or
                                       CONFIGPROXY_AUTH_TOKEN_FILE.
              --replace                Replace routes that lead to another target there; otherwise they are an error.
              --dry-run                Change nothing, tell what would be done.
              --timeout <n>            Milliseconds that one answer may take. Default: 10000.""";

    private static final String ROUTES = "/api/routes";
    private static final String NEAR = "http://127.0.0.1:8001";
    private static final String REPLACE = "--replace";
    private static final String DRY_RUN = "--dry-run";
    private static final String FROM_TOKEN_FILE = "--from-token-file";
    private static final String TO_TOKEN_FILE = "--to-token-file";
    private static final Set<String> VALUES = Set.of("--to", FROM_TOKEN_FILE, TO_TOKEN_FILE, "--timeout");
    private static final int DEFAULT_LIMIT_MILLIS = 10_000;
    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final int MOST_LINES = 20;

    private static final int NOTHING_CHANGED = 1;
    private static final int NOT_ALL = 2;

    private final SubCommand given;
    private final Secrets secrets;
    private final PrintStream out;
    private final PrintStream err;
    private int copied;
    private int replaced;
    private int present;
    private int failed;
    private int told;

    private RouteImport(SubCommand given, Map<String, String> environment, PrintStream out, PrintStream err) {
        this.given = given;
        this.secrets = new Secrets(environment);
        this.out = out;
        this.err = err;
    }

    /**
     * Copies.
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
            SubCommand given = SubCommand.parse(words, VALUES, Set.of(REPLACE, DRY_RUN));
            return new RouteImport(given, environment, out, err).run();
        } catch (UsageException | IOException e) {
            err.println(String.valueOf(e.getMessage()));
            return NOTHING_CHANGED;
        }
    }

    /** One of the two REST APIs. */
    private record Api(
            ServerAddress address,
            ServerConnection connection,
            @Nullable String token,
            String tokenFlag) {
        ServerConnection.Answer ask(String method, String target, String body) throws IOException {
            List<String> fields = token == null ? List.of() : List.of("Authorization: token " + token);
            ServerConnection.Answer answer = connection.ask(method, target, fields, body);
            if (answer.status() == 401 || answer.status() == 403) {
                throw new IOException("it refuses the token (expected: " + tokenFlag
                        + " or CONFIGPROXY_AUTH_TOKEN to hold the one that it knows)");
            }
            return answer;
        }
    }

    private int run() throws UsageException, IOException {
        List<String> urls = given.others();
        if (urls.size() != 1) {
            throw UsageException.of("error: arguments: " + urls + " (expected: the url of one REST API)");
        }
        ServerAddress from = api(urls.get(0));
        ServerAddress to = api(given.values().getOrDefault("--to", NEAR));
        if (from.equals(to)) {
            throw UsageException.of("error: both urls are " + from + " (expected: two proxies)");
        }
        String fromToken = token(FROM_TOKEN_FILE);
        String toToken = token(TO_TOKEN_FILE);
        Duration limit = Duration.ofMillis(given.timeoutMillis(DEFAULT_LIMIT_MILLIS));
        try (ServerConnection source = new ServerConnection(from, limit, MOST_BYTES);
                ServerConnection destination = new ServerConnection(to, limit, MOST_BYTES)) {
            return copy(
                    new Api(from, source, fromToken, FROM_TOKEN_FILE),
                    new Api(to, destination, toToken, TO_TOKEN_FILE));
        }
    }

    private static ServerAddress api(String url) throws UsageException {
        ServerAddress address = ServerAddress.parse(url, ROUTES);
        if (!List.of("/", ROUTES, ROUTES + "/").contains(address.target())) {
            throw UsageException.of("error: url '" + url + "' is invalid (expected: the address of a REST API, with "
                    + ROUTES + " behind it or nothing)");
        }
        return new ServerAddress(address.isTls(), address.host(), address.port(), address.socket(), ROUTES);
    }

    private @Nullable String token(String flag) throws UsageException {
        String file = given.values().get(flag);
        String token;
        try {
            token = file == null
                    ? ConfigFromArguments.apiToken(secrets).value()
                    : Secret.in(Reloadable.API_TOKEN, file).value();
        } catch (RefusedException e) {
            throw UsageException.of("error: " + flag + " names a file that cannot be used: " + e.getMessage());
        }
        if (token != null && !Secret.canBeSent(token)) {
            throw UsageException.of("error: the token holds a character that no header may have");
        }
        return token;
    }

    // ---- what is to be done ----

    private int copy(Api from, Api to) throws IOException {
        Map<String, Map<String, @Nullable Object>> wanted = table(from, ROUTES);
        // With this parameter a listing does not count as one of the hub's, which would confirm restored routes.
        Map<String, Map<String, @Nullable Object>> there = table(to, ROUTES + "?state");
        Map<String, String> bodies = new LinkedHashMap<>();
        List<String> conflicts = new ArrayList<>();
        wanted.forEach((path, data) -> plan(path, data, there.get(path), bodies, conflicts));
        if (!conflicts.isEmpty() && !given.switches().contains(REPLACE)) {
            conflicts.forEach(this::tell);
            tellRest();
            err.println("error: routes that lead to another target at " + to.address() + ": " + conflicts.size()
                    + ", nothing was changed (expected: none, or " + REPLACE + ")");
            return NOTHING_CHANGED;
        }
        boolean isDry = given.switches().contains(DRY_RUN);
        int untried = isDry ? planned(bodies, there) : post(to, bodies, there);
        tellRest();
        out.println((isDry ? "would be done, " : "") + wanted.size() + " routes from " + from.address() + " to "
                + to.address() + ": " + copied + " copied, " + replaced + " replaced, " + present + " already there, "
                + failed + " failed" + (untried == 0 ? "" : ", " + untried + " not tried"));
        if (failed + untried == 0) {
            return 0;
        }
        return isDry || copied + replaced == 0 ? NOTHING_CHANGED : NOT_ALL;
    }

    private static Map<String, Map<String, @Nullable Object>> table(Api api, String target) throws IOException {
        String text = text(api, target);
        Map<String, Map<String, @Nullable Object>> table = new LinkedHashMap<>();
        try {
            Object json = RouteJson.parse(text);
            if (!(json instanceof Map<?, ?> routes)) {
                throw new IOException(api.address() + ROUTES + ": the answer is no table of routes");
            }
            routes.forEach(
                    (path, route) -> table.put(String.valueOf(path), RouteJson.object(route == null ? "" : route)));
        } catch (JsonProcessingException e) {
            throw new IOException(api.address() + ROUTES + ": the answer is no JSON: " + RouteJson.reason(e), e);
        }
        return table;
    }

    private static String text(Api api, String target) throws IOException {
        ServerConnection.Answer answer;
        try {
            answer = api.ask("GET", target, "");
        } catch (IOException e) {
            throw new IOException(api.address() + ROUTES + ": " + e.getMessage(), e);
        }
        if (answer.status() != 200) {
            throw new IOException(api.address() + ROUTES + ": the answer is " + answer.status() + " (expected: 200)");
        }
        if (!answer.isWhole()) {
            throw new IOException(api.address() + ROUTES + ": the answer is longer than " + MOST_BYTES + " bytes");
        }
        return answer.body();
    }

    private void plan(
            String path,
            Map<String, @Nullable Object> data,
            @Nullable Map<String, @Nullable Object> there,
            Map<String, String> bodies,
            List<String> conflicts) {
        // A moment of the other proxy's: a POST cannot carry it, and what it adds begins with now.
        data.remove("last_activity");
        if (!(data.get("target") instanceof String url)) {
            fails(path, "it has no target");
            return;
        }
        if (there != null && url.equals(there.get("target"))) {
            present++;
            return;
        }
        try {
            bodies.put(path, RouteJson.writeData(Route.of(path, Target.parse(url), data, 0)));
        } catch (IllegalArgumentException e) {
            fails(path, String.valueOf(e.getMessage()));
            return;
        }
        if (there != null) {
            conflicts.add(path + ": leads to " + there.get("target") + " there, not to " + url);
        }
    }

    private int planned(Map<String, String> bodies, Map<String, ?> there) {
        bodies.keySet().forEach(path -> count(there.containsKey(path)));
        return 0;
    }

    /** Returns how many were not tried, since the proxy did not answer any more. */
    private int post(Api to, Map<String, String> bodies, Map<String, ?> there) {
        int untried = bodies.size();
        for (Map.Entry<String, String> route : bodies.entrySet()) {
            String path = route.getKey();
            try {
                ServerConnection.Answer answer = to.ask("POST", ROUTES + escaped(path), route.getValue());
                untried--;
                if (answer.status() == 201) {
                    count(there.containsKey(path));
                } else {
                    fails(
                            path,
                            "the answer is " + answer.status() + " "
                                    + answer.body().strip());
                }
            } catch (IOException e) {
                err.println(oneLine(path + ": " + to.address() + ": " + e.getMessage()));
                return untried;
            }
        }
        return untried;
    }

    private void count(boolean wasThere) {
        if (wasThere) {
            replaced++;
        } else {
            copied++;
        }
    }

    /** {@code path} as a part of a request line. */
    private static String escaped(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean isPlain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (isPlain || "/-._~".indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append(String.format("%%%02X", (int) c));
            }
        }
        return text.toString();
    }

    // ---- what is told ----

    private void fails(String path, String why) {
        failed++;
        tell(path + ": " + why);
    }

    private void tell(String line) {
        told++;
        if (told <= MOST_LINES) {
            err.println(oneLine(line));
        }
    }

    private void tellRest() {
        if (told > MOST_LINES) {
            err.println("and " + (told - MOST_LINES) + " more");
        }
    }

    /** Paths come from users: none of them may end the line or steer the terminal. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
