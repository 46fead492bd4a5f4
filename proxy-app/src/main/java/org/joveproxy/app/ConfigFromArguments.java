package org.joveproxy.app;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.config.ErrorPageConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.LimitConfig;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.RedirectConfig;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.config.TcpConfig.KeepAlive;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.text.HeaderText;
import org.joveproxy.core.text.Times;
import org.joveproxy.core.threading.ProcessLimits;
import org.joveproxy.core.tls.Leniency;
import org.joveproxy.core.tls.ListenerTlsConfig;
import org.joveproxy.core.tls.TlsFiles;
import org.joveproxy.core.tls.TlsRules;
import org.joveproxy.core.tls.UpstreamTlsConfig;
import org.joveproxy.store.shared.SharedConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Makes settings of the words on the command line and the environment's variables.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class ConfigFromArguments {
    private static final String TOKEN = EnvironmentVariables.TOKEN.name();
    private static final String TOKEN_FILE = EnvironmentVariables.TOKEN_FILE.name();
    private static final String METRICS_TOKEN = EnvironmentVariables.METRICS_TOKEN.name();
    private static final String METRICS_TOKEN_FILE = EnvironmentVariables.METRICS_TOKEN_FILE.name();
    private static final String STATE_DIR = EnvironmentVariables.STATE_DIR.name();
    private static final String PASSPHRASE = EnvironmentVariables.PASSPHRASE.name();
    private static final String API_PASSPHRASE = EnvironmentVariables.API_PASSPHRASE.name();

    private static final int DEFAULT_PORT = 8000;
    private static final int DEFAULT_API_PORT = 8001;
    private static final int MAX_PORT = 65_535;
    private static final int DEFAULT_MAX_EVENT_LOOPS = 8;
    private static final int MAX_EVENT_LOOPS = 256;
    private static final int MAX_BREAKER_FAILURES = 1_000_000;
    private static final int MIN_HEADER_BYTES = 1024;
    private static final int MAX_HEADER_BYTES = 256 * 1024;

    private static final Duration RESTORED_ROUTES_STAY = Duration.ofHours(1);

    private static final int MAX_CONNECTIONS = 1 << 20;
    private static final int MIN_BUFFERED_BYTES = 64 * 1024;
    private static final int MAX_BACKLOG = 65_535;

    private static final Pattern KEEP_ALIVE = Pattern.compile("(\\d{1,5})/(\\d{1,5})/(\\d{1,5})");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");

    private final Arguments given;
    private final Map<String, String> environment;
    private final ProcessLimits machine;
    private final Secrets secrets;
    private final Problems problems;
    private final List<Settings.Notice> notices = new ArrayList<>();

    private ConfigFromArguments(
            Arguments given, Map<String, String> environment, ProcessLimits machine, Problems problems) {
        this.given = given;
        this.environment = environment;
        this.machine = machine;
        this.secrets = new Secrets(environment);
        this.problems = problems;
    }

    /** The settings on this machine, or what is wrong with them in words for an operator. */
    static Settings read(Arguments given, Map<String, String> environment) throws UsageException {
        return read(given, environment, ProcessLimits.ofThisProcess());
    }

    /**
     * The settings, or what is wrong with them in words for an operator.
     *
     * @param machine what bounds follow from that are not given
     */
    static Settings read(Arguments given, Map<String, String> environment, ProcessLimits machine)
            throws UsageException {
        Problems problems = new Problems();
        Settings settings = new ConfigFromArguments(given, environment, machine, problems).settings();
        problems.throwFirst();
        return settings;
    }

    /**
     * The settings on this machine. What is wrong with them is told to {@code problems}, and left as it is without the flag or
     * the variable: if there is any, the settings are only good for being looked at.
     */
    static Settings read(Arguments given, Map<String, String> environment, Problems problems) {
        return new ConfigFromArguments(given, environment, ProcessLimits.ofThisProcess(), problems).settings();
    }

    private Settings settings() {
        refuseContradictions();
        Level logLevel = logLevel();
        ListenAddress address = publicAddress();
        ListenerTlsConfig publicTls = publicTls();
        ForwardingConfig forwarding = forwarding();
        Secret token = problems.or(Secret.of(Reloadable.API_TOKEN, ""), this::token);
        ProxyConfig proxy = new ProxyConfig(
                address,
                redirect(address, publicTls != null),
                given.has(Flags.HOST_ROUTING),
                forwarding,
                EdgeFromArguments.read(given, problems),
                timeouts(),
                limits(),
                upstream(),
                tcp(),
                capacity(),
                errorPages(),
                ActivityFromArguments.read(given, problems),
                number(Flags.EVENT_LOOPS, 1, MAX_EVENT_LOOPS, defaultEventLoops()));
        Settings.Api api = new Settings.Api(apiAddress(address), token, apiTls(), problems.orNull(this::metricsToken));
        String pidFile = given.text(Flags.PID_FILE);
        return new Settings(
                proxy,
                publicTls,
                upstreamTls(),
                api,
                problems.orNull(() -> HubFromEnvironment.read(environment, secrets)),
                store(),
                metricsAddress(),
                target(Flags.DEFAULT_TARGET),
                given.has(Flags.DRAIN_DELAY) || given.has(Flags.DRAIN_TIMEOUT),
                logLevel,
                pidFile == null ? null : Path.of(pidFile),
                accessLog(),
                secrets.all(),
                notices);
    }

    // ---- what does not go together ----

    private void refuseContradictions() {
        refuseTogether(Flags.SOCKET, Flags.PORT, Flags.IP);
        refuseTogether(Flags.API_SOCKET, Flags.API_PORT, Flags.API_IP);
        refuseTogether(Flags.METRICS_SOCKET, Flags.METRICS_PORT, Flags.METRICS_IP);
        refuseTogether(Flags.STATE_DIR, Flags.STORAGE_BACKEND);
        refuseTogether(Flags.NO_X_FORWARD, Flags.FORWARDING);
        if (given.text(Flags.REDIRECT_PORT) != null
                && given.text(Flags.SSL_KEY) == null
                && given.text(Flags.SSL_CERT) == null) {
            problems.add(UsageException.logged("HTTPS redirection specified but certificates not provided."));
        }
        if (given.text(Flags.ERROR_TARGET) != null && given.text(Flags.ERROR_PATH) != null) {
            problems.add(UsageException.logged("Cannot specify both error-target and error-path. Pick one."));
        }
    }

    private void refuseTogether(Flag flag, Flag... others) {
        for (Flag other : others) {
            if (given.has(flag) && given.has(other)) {
                problems.add(
                        UsageException.of("error: option '" + flag + "' cannot be used with option '" + other + "'"));
            }
        }
    }

    // ---- where to listen ----

    private ListenAddress publicAddress() {
        String socket = given.text(Flags.SOCKET);
        if (socket != null) {
            return ListenAddress.unix(Path.of(socket));
        }
        return ListenAddress.tcp(host(Flags.IP, "ip", ""), number(Flags.PORT, 0, MAX_PORT, DEFAULT_PORT));
    }

    private ListenAddress apiAddress(ListenAddress proxy) {
        String socket = given.text(Flags.API_SOCKET);
        if (socket != null) {
            return ListenAddress.unix(Path.of(socket));
        }
        String host = host(Flags.API_IP, "api-ip", "localhost");
        return ListenAddress.tcp(host, number(Flags.API_PORT, 0, MAX_PORT, defaultApiPort(proxy)));
    }

    /** One more than the proxy's; where the kernel chooses that one, it chooses this one too. */
    private int defaultApiPort(ListenAddress proxy) {
        if (proxy.socket() != null) {
            return DEFAULT_API_PORT;
        }
        if (proxy.port() == MAX_PORT) {
            if (!given.has(Flags.API_PORT)) {
                problems.add(UsageException.of(
                        "error: option '" + Flags.API_PORT + "' is needed: no port comes after " + MAX_PORT));
            }
            return DEFAULT_API_PORT;
        }
        return proxy.port() == 0 ? 0 : proxy.port() + 1;
    }

    private @Nullable ListenAddress metricsAddress() {
        String socket = given.text(Flags.METRICS_SOCKET);
        if (socket != null) {
            return ListenAddress.unix(Path.of(socket));
        }
        if (given.text(Flags.METRICS_PORT) == null) {
            return null;
        }
        return ListenAddress.tcp(host(Flags.METRICS_IP, "metrics-ip", ""), number(Flags.METRICS_PORT, 0, MAX_PORT, 0));
    }

    private String host(Flag flag, String name, String otherwise) {
        String host = given.has(flag) ? given.values().getOrDefault(flag, "") : otherwise;
        if (host.equals("*")) {
            notices.add(new Settings.Notice(
                    Level.WARN,
                    "Interpreting " + name + "='*' as all-interfaces. Preferred usage is 0.0.0.0 for all IPv4 or '' for"
                            + " all-interfaces."));
            return "";
        }
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private @Nullable RedirectConfig redirect(ListenAddress proxy, boolean isTls) {
        if (given.text(Flags.REDIRECT_PORT) == null || !isTls) {
            return null;
        }
        int port = number(Flags.REDIRECT_PORT, 0, MAX_PORT, 0);
        int httpsPort = number(Flags.REDIRECT_TO, 1, MAX_PORT, proxy.port());
        // As in the original: neither a unix socket nor port 80 has a redirect.
        if (proxy.socket() != null || proxy.port() == 80) {
            notices.add(new Settings.Notice(
                    Level.WARN, "No HTTP to HTTPS redirection: it needs --port, and one other than 80."));
            return null;
        }
        if (httpsPort == 0) {
            problems.add(UsageException.of(
                    "error: option '" + Flags.REDIRECT_PORT + "' needs '" + Flags.REDIRECT_TO + "' when --port is 0"));
            return null;
        }
        return new RedirectConfig(ListenAddress.tcp("", port), httpsPort);
    }

    // ---- TLS ----

    private @Nullable ListenerTlsConfig publicTls() {
        TlsFiles files = files(Flags.SSL_KEY, Flags.SSL_CERT, Flags.SSL_CA, environment.get(PASSPHRASE));
        if (files.key() == null && files.certificate() == null) {
            return null;
        }
        return new ListenerTlsConfig(files, given.has(Flags.SSL_REQUEST_CERT), tlsRules(), Leniency.NONE);
    }

    private @Nullable ListenerTlsConfig apiTls() {
        TlsFiles files =
                files(Flags.API_SSL_KEY, Flags.API_SSL_CERT, Flags.API_SSL_CA, environment.get(API_PASSPHRASE));
        if (files.key() == null && files.certificate() == null) {
            return null;
        }
        return new ListenerTlsConfig(files, given.has(Flags.API_SSL_REQUEST_CERT), tlsRules(), Leniency.OLD_CERTIPY);
    }

    private UpstreamTlsConfig upstreamTls() {
        return new UpstreamTlsConfig(
                files(Flags.CLIENT_SSL_KEY, Flags.CLIENT_SSL_CERT, Flags.CLIENT_SSL_CA, null),
                given.has(Flags.INSECURE),
                TlsRules.DEFAULT,
                Leniency.OLD_CERTIPY);
    }

    private TlsFiles files(Flag key, Flag certificate, Flag ca, @Nullable String passphrase) {
        String secret = passphrase == null || passphrase.isEmpty() ? null : passphrase;
        return new TlsFiles(path(key), path(certificate), path(ca), secret);
    }

    private TlsRules tlsRules() {
        return new TlsRules(
                given.text(Flags.SSL_PROTOCOL),
                given.text(Flags.SSL_CIPHERS),
                given.has(Flags.SSL_ALLOW_RC4),
                path(Flags.SSL_DHPARAM));
    }

    // ---- what happens to requests ----

    private ForwardingConfig forwarding() {
        boolean rewritesLocation = given.has(Flags.AUTO_REWRITE);
        boolean changesOrigin = given.has(Flags.CHANGE_ORIGIN);
        String scheme = given.text(Flags.PROTOCOL_REWRITE);
        if (rewritesLocation) {
            info("AutoRewrite of Location headers enabled.");
        }
        if (changesOrigin) {
            info("Change Origin of host headers enabled.");
        }
        if (scheme != null) {
            if (!SCHEME.matcher(scheme).matches()) {
                problems.add(invalid(Flags.PROTOCOL_REWRITE, scheme, "a scheme such as https"));
            }
            info("ProtocolRewrite enabled. Rewriting to " + scheme);
        }
        return new ForwardingConfig(
                problems.or(ForwardedMode.APPEND, () -> EdgeFromArguments.mode(given)),
                given.has(Flags.FORWARDED),
                !given.has(Flags.NO_PREPEND_PATH),
                !given.has(Flags.NO_INCLUDE_PREFIX),
                rewritesLocation,
                changesOrigin,
                scheme,
                customHeaders());
    }

    private Map<String, String> customHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String raw : given.all(Flags.CUSTOM_HEADER)) {
            String line = raw.strip();
            int colon = line.indexOf(':');
            if (colon <= 0) {
                problems.add(UsageException.of("A colon was expected in custom header: " + line));
                continue;
            }
            String name = line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            if (!HeaderText.isName(name) || !HeaderText.isValue(value)) {
                problems.add(invalid(Flags.CUSTOM_HEADER, line, "a header that HTTP allows"));
            } else {
                headers.put(name, value);
            }
        }
        return headers;
    }

    private ErrorPageConfig errorPages() {
        Target server = target(Flags.ERROR_TARGET);
        return new ErrorPageConfig(server, server == null ? path(Flags.ERROR_PATH) : null, negotiatesErrors());
    }

    private boolean negotiatesErrors() {
        String word = given.text(Flags.ERROR_FORMAT);
        if (word == null || word.equals("html")) {
            return false;
        }
        if (!word.equals("negotiate")) {
            problems.add(invalid(Flags.ERROR_FORMAT, word, "html or negotiate"));
        }
        return true;
    }

    /** A target that makes no sense must not keep the proxy from serving its other routes. */
    private @Nullable Target target(Flag flag) {
        String raw = given.text(flag);
        if (raw == null) {
            return null;
        }
        try {
            return Target.parse(raw);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            notices.add(new Settings.Notice(Level.ERROR, flag.name() + " cannot be used: " + why));
            return Target.unusable(raw, why);
        }
    }

    // ---- limits ----

    private TimeoutConfig timeouts() {
        TimeoutConfig defaults = TimeoutConfig.defaults();
        Duration keepAlive = millis(Flags.KEEP_ALIVE_TIMEOUT);
        Duration connect = time(Flags.CONNECT_TIMEOUT, defaults.connect());
        return new TimeoutConfig(
                millis(Flags.TIMEOUT),
                millis(Flags.PROXY_TIMEOUT),
                keepAlive == null ? defaults.keepAlive() : keepAlive,
                time(Flags.HEADER_TIMEOUT, defaults.requestHead()),
                time(Flags.TLS_TIMEOUT, defaults.tlsHandshake()),
                time(Flags.QUEUE_TIMEOUT, connect),
                connect,
                time(Flags.UPGRADE_TIMEOUT, defaults.upgradeHandshake()),
                given.has(Flags.STALL_TIMEOUT) ? time(Flags.STALL_TIMEOUT, 0) : defaults.stalled(),
                time(Flags.TUNNEL_IDLE_TIMEOUT, 0),
                time(Flags.UPSTREAM_IDLE_TIMEOUT, defaults.upstreamIdle()),
                time(Flags.HALF_CLOSE_TIMEOUT, defaults.halfClosed()),
                time(Flags.LINGER_TIMEOUT, defaults.lingering()),
                time(Flags.DRAIN_DELAY, 0),
                time(Flags.DRAIN_TIMEOUT, defaults.drain()),
                time(Flags.YOUNG_ROUTE_RETRY, 0));
    }

    private TcpConfig tcp() {
        KeepAlive keepAlive = problems.orNull(this::keepAlive);
        if (given.has(Flags.TCP_USER_TIMEOUT)) {
            return new TcpConfig(keepAlive, time(Flags.TCP_USER_TIMEOUT, 0));
        }
        return new TcpConfig(keepAlive, keepAlive == null ? null : keepAlive.total());
    }

    private @Nullable KeepAlive keepAlive() throws UsageException {
        String text = given.text(Flags.TCP_KEEPALIVE);
        if (text == null) {
            return TcpConfig.defaults().keepAlive();
        }
        if (text.equals("0")) {
            return null;
        }
        Matcher numbers = KEEP_ALIVE.matcher(text);
        if (!numbers.matches()) {
            throw invalid(Flags.TCP_KEEPALIVE, text, "three whole numbers such as 60/15/4, or 0");
        }
        int[] values = new int[3];
        for (int i = 0; i < values.length; i++) {
            values[i] = Integer.parseInt(numbers.group(i + 1));
            // What the kernel takes, see tcp(7).
            int most = i == 2 ? 127 : 32_767;
            if (values[i] < 1 || values[i] > most) {
                throw invalid(Flags.TCP_KEEPALIVE, text, "seconds from 1 to 32767, and a count from 1 to 127");
            }
        }
        return new KeepAlive(values[0], values[1], values[2]);
    }

    private CapacityConfig capacity() {
        CapacityFromLimits possible = new CapacityFromLimits(machine);
        int clients = number(Flags.MAX_CONNECTIONS, 1, MAX_CONNECTIONS, possible.clients());
        if (given.has(Flags.MAX_CONNECTIONS) && !possible.isEnoughFor(clients)) {
            notices.add(new Settings.Notice(
                    Level.WARN,
                    Flags.MAX_CONNECTIONS.name() + " " + clients + " is more than " + machine.descriptors()
                            + " file descriptors are enough for: a client takes up to two."));
        }
        long buffered = given.has(Flags.MAX_BUFFERED_BYTES)
                ? number(Flags.MAX_BUFFERED_BYTES, MIN_BUFFERED_BYTES, Integer.MAX_VALUE, MIN_BUFFERED_BYTES)
                : possible.bufferedBytes();
        return new CapacityConfig(clients, possible.upstreamSockets(clients), buffered);
    }

    private int backlog(int otherwise) {
        int backlog = number(Flags.BACKLOG, 1, MAX_BACKLOG, otherwise);
        if (backlog > machine.longestBacklog()) {
            info("At most " + machine.longestBacklog() + " connections wait to be accepted instead of " + backlog
                    + ": net.core.somaxconn allows no more.");
        }
        return backlog;
    }

    private LimitConfig limits() {
        LimitConfig defaults = LimitConfig.defaults();
        return new LimitConfig(
                number(Flags.MAX_HEADER_SIZE, MIN_HEADER_BYTES, MAX_HEADER_BYTES, defaults.maxHeaderBytes()),
                backlog(defaults.acceptBacklog()));
    }

    private UpstreamConfig upstream() {
        UpstreamConfig defaults = UpstreamConfig.defaults();
        return new UpstreamConfig(
                number(Flags.MAX_UPSTREAM_CONNECTIONS, 1, Integer.MAX_VALUE, defaults.maxConnections()),
                defaults.maxWaiters(),
                defaults.maxIdle(),
                number(Flags.BREAKER_FAILURES, 0, MAX_BREAKER_FAILURES, defaults.breakerFailures()),
                sourceAddresses(),
                time(Flags.REMOVED_ROUTE_TUNNEL_TIMEOUT, 0));
    }

    private List<InetAddress> sourceAddresses() {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : given.all(Flags.UPSTREAM_SOURCE_ADDRESS)) {
            InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
            if (address == null || address.isAnyLocalAddress() || address.isMulticastAddress()) {
                problems.add(invalid(Flags.UPSTREAM_SOURCE_ADDRESS, text, "an IP address of this machine"));
            } else {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static int defaultEventLoops() {
        return Math.min(Runtime.getRuntime().availableProcessors(), DEFAULT_MAX_EVENT_LOOPS);
    }

    /** The duration of a flag of the original's, or null when it is absent or 0, which the original reads as "none". */
    private @Nullable Duration millis(Flag flag) {
        int millis = number(flag, 0, Integer.MAX_VALUE, 0);
        return millis == 0 ? null : Duration.ofMillis(millis);
    }

    /** The duration of a flag of our own, or null when it is absent or 0. */
    private @Nullable Duration time(Flag flag, int leastMillis) {
        if (!given.has(flag)) {
            return null;
        }
        String text = given.values().getOrDefault(flag, "");
        long millis = Times.millis(text).orElse(-1);
        if (millis < leastMillis || millis > Integer.MAX_VALUE) {
            problems.add(invalid(
                    flag,
                    text,
                    Times.EXPECTED + ", from " + leastMillis + " to " + Integer.MAX_VALUE + " milliseconds in all"));
            return null;
        }
        return millis == 0 ? null : Duration.ofMillis(millis);
    }

    /** The duration of a flag of our own, which cannot be "none". */
    private Duration time(Flag flag, Duration otherwise) {
        Duration given = time(flag, 1);
        return given == null ? otherwise : given;
    }

    // ---- where routes are kept ----

    private Settings.Store store() {
        if (given.text(Flags.STORAGE_BACKEND) != null) {
            SharedConfig shared = SharedStoreFromArguments.read(given, environment, secrets, problems);
            return new Settings.Store(shared, null, null);
        }
        StateDirectory directory = problems.or(StateDirectory.NONE, this::stateDirectory);
        notices.addAll(directory.notices());
        Duration limit = given.has(Flags.RESTORED_ROUTE_TTL) ? time(Flags.RESTORED_ROUTE_TTL, 0) : RESTORED_ROUTES_STAY;
        return new Settings.Store(null, directory.path(), limit);
    }

    /** A container says by its environment what is best without further settings; the command line wins over that. */
    private StateDirectory stateDirectory() throws UsageException {
        if (given.has(Flags.STATE_DIR)) {
            String word = given.values().getOrDefault(Flags.STATE_DIR, "");
            return StateDirectory.of(word, "option '" + Flags.STATE_DIR + "' value", StateDirectory.SHARED_MEMORY);
        }
        String word = environment.get(STATE_DIR);
        return word == null ? StateDirectory.NONE : StateDirectory.of(word, STATE_DIR, StateDirectory.SHARED_MEMORY);
    }

    // ---- the rest ----

    private Secret token() throws UsageException {
        Secret token = apiToken(secrets);
        if (token.value() == null) {
            notices.add(new Settings.Notice(Level.WARN, "REST API is not authenticated."));
        }
        return token;
    }

    /** What the REST API asks for; empty when it is open. */
    static Secret apiToken(Secrets secrets) throws UsageException {
        return secrets.read(Reloadable.API_TOKEN, TOKEN, TOKEN_FILE);
    }

    private @Nullable Secret metricsToken() throws UsageException {
        if (given.has(Flags.METRICS_ON_API)) {
            return secrets.read(Reloadable.METRICS_TOKEN, METRICS_TOKEN, METRICS_TOKEN_FILE);
        }
        for (String variable : List.of(METRICS_TOKEN, METRICS_TOKEN_FILE)) {
            if (!environment.getOrDefault(variable, "").isEmpty()) {
                notices.add(new Settings.Notice(
                        Level.WARN, variable + " has no effect without " + Flags.METRICS_ON_API.name() + "."));
            }
        }
        return null;
    }

    private Settings.@Nullable RequestLog accessLog() {
        String format = given.text(Flags.ACCESS_LOG_FORMAT);
        if (format != null && !format.equals("text") && !format.equals("json")) {
            problems.add(invalid(Flags.ACCESS_LOG_FORMAT, format, "text or json"));
        }
        String file = given.text(Flags.ACCESS_LOG);
        if (file == null) {
            return null;
        }
        return new Settings.RequestLog(file.equals("stdout") ? null : Path.of(file), "json".equals(format));
    }

    private Level logLevel() {
        String word = given.text(Flags.LOG_LEVEL);
        if (word == null) {
            return Level.INFO;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "debug", "verbose", "silly" -> Level.DEBUG;
            case "info", "http" -> Level.INFO;
            case "warn", "warning" -> Level.WARN;
            case "error" -> Level.ERROR;
            default -> {
                notices.add(new Settings.Notice(
                        Level.WARN, "--log-level: " + word + " (expected: debug, info, warn or error), using info"));
                yield Level.INFO;
            }
        };
    }

    private void info(String text) {
        notices.add(new Settings.Notice(Level.INFO, text));
    }

    private @Nullable Path path(Flag flag) {
        String text = given.text(flag);
        return text == null ? null : Path.of(text);
    }

    private int number(Flag flag, int least, int most, int otherwise) {
        if (!given.has(flag)) {
            return otherwise;
        }
        String text = given.values().getOrDefault(flag, "");
        long value = DIGITS.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (value < least || value > most) {
            problems.add(invalid(flag, text, "a whole number from " + least + " to " + most));
            return otherwise;
        }
        return (int) value;
    }

    static UsageException invalid(Flag flag, String value, String expected) {
        return UsageException.of(
                "error: option '" + flag + "' value '" + value + "' is invalid (expected: " + expected + ")");
    }
}
