package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.joveproxy.core.config.ActivityConfig;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.config.IgnoredPaths;
import org.joveproxy.core.config.LimitConfig;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.RedirectConfig;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.config.TcpConfig.KeepAlive;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.ProcessLimits;
import org.joveproxy.core.tls.Leniency;
import org.joveproxy.core.tls.ListenerTlsConfig;
import org.joveproxy.core.tls.TlsFiles;
import org.joveproxy.core.tls.TlsRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

final class ConfigFromArgumentsTest {
    private static final Map<String, String> TOKEN = Map.of("CONFIGPROXY_AUTH_TOKEN", "secret");

    private static final ProcessLimits MACHINE = new ProcessLimits(100_000, 256L << 20, 128L << 20, Integer.MAX_VALUE);

    @TempDir
    Path folder;

    @Test
    void withoutFlagsEverythingIsTheOriginalsDefault() throws UsageException {
        Settings settings = read();

        assertThat(settings.proxy().publicAddress()).isEqualTo(ListenAddress.tcp("", 8000));
        assertThat(settings.api().address()).isEqualTo(ListenAddress.tcp("localhost", 8001));
        assertThat(settings.metricsAddress()).isNull();
        assertThat(settings.proxy().redirect()).isNull();
        assertThat(settings.proxy().hostRouting()).isFalse();
        assertThat(settings.proxy().forwarding()).isEqualTo(ForwardingConfig.defaults());
        assertThat(settings.proxy().edge()).isEqualTo(EdgeConfig.defaults());
        assertThat(settings.proxy().timeouts()).isEqualTo(TimeoutConfig.defaults());
        assertThat(settings.proxy().limits()).isEqualTo(LimitConfig.defaults());
        assertThat(settings.proxy().upstream()).isEqualTo(UpstreamConfig.defaults());
        assertThat(settings.proxy().tcp()).isEqualTo(TcpConfig.defaults());
        assertThat(settings.proxy().activity()).isEqualTo(ActivityConfig.defaults());
        assertThat(settings.proxy().eventLoops()).isBetween(1, 8);
        assertThat(settings.publicTls()).isNull();
        assertThat(settings.api().tls()).isNull();
        assertThat(settings.upstreamTls().files()).isEqualTo(TlsFiles.NONE);
        assertThat(settings.upstreamTls().insecure()).isFalse();
        assertThat(settings.defaultTarget()).isNull();
        assertThat(settings.proxy().errorPages().target()).isNull();
        assertThat(settings.proxy().errorPages().directory()).isNull();
        assertThat(settings.pidFile()).isNull();
        assertThat(settings.store()).isEqualTo(new Settings.Store(null, null, Duration.ofHours(1)));
        assertThat(settings.hub()).isNull();
        assertThat(settings.logLevel()).isEqualTo(Level.INFO);
        assertThat(settings.notices()).isEmpty();
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> addresses() {
        return Stream.of(
                row(words("--ip="), "*:8000", "localhost:8001"),
                row(words("--ip", ""), "*:8000", "localhost:8001"),
                row(words("--ip=*"), "*:8000", "localhost:8001"),
                row(words("--ip=127.0.0.1", "--port=18000"), "127.0.0.1:18000", "localhost:18001"),
                row(words("--ip=::"), "[::]:8000", "localhost:8001"),
                row(words("--ip=[::1]"), "[::1]:8000", "localhost:8001"),
                row(words("--ip=proxy-host"), "proxy-host:8000", "localhost:8001"),
                row(words("--api-ip=", "--api-port=9"), "*:8000", "*:9"),
                row(words("--api-ip=*"), "*:8000", "*:8001"),
                row(words("--port=1", "--port=2"), "*:2", "localhost:3"),
                row(words("--port=0"), "*:0", "localhost:0"),
                row(words("--port=0", "--api-port=7"), "*:0", "localhost:7"),
                row(words("--port=65535", "--api-port=7"), "*:65535", "localhost:7"),
                row(words("--socket=/run/p"), "/run/p", "localhost:8001"),
                row(words("--socket=/run/p", "--api-socket=/run/a"), "/run/p", "/run/a"),
                row(words("--port=5", "--api-socket=/run/a"), "*:5", "/run/a"),
                // What Zero to JupyterHub passes.
                row(
                        words(
                                "--ip=",
                                "--api-ip=",
                                "--api-port=8001",
                                "--default-target=http://hub:8081",
                                "--error-target=http://hub:8081/hub/error",
                                "--port=8000"),
                        "*:8000",
                        "*:8001"));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void theFlagsSayWhereToListen(List<String> words, String proxy, String api) throws UsageException {
        Settings settings = read(words);

        assertThat(settings.proxy().publicAddress()).hasToString(proxy);
        assertThat(settings.api().address()).hasToString(api);
    }

    @Test
    void aStarForTheAddressIsWarnedOf() throws UsageException {
        assertThat(read("--ip=*").notices())
                .containsExactly(new Settings.Notice(
                        Level.WARN,
                        "Interpreting ip='*' as all-interfaces. Preferred usage is 0.0.0.0 for all IPv4 or '' for"
                                + " all-interfaces."));
    }

    @Test
    void metricsAreServedWhereAPortOrASocketIsGiven() throws UsageException {
        assertThat(read("--metrics-port=8002").metricsAddress()).isEqualTo(ListenAddress.tcp("", 8002));
        assertThat(read("--metrics-port=8002", "--metrics-ip=::").metricsAddress())
                .isEqualTo(ListenAddress.tcp("::", 8002));
        assertThat(read("--metrics-socket=/run/m").metricsAddress()).isEqualTo(ListenAddress.unix(Path.of("/run/m")));
        assertThat(read("--metrics-ip=127.0.0.1").metricsAddress()).isNull();
        assertThat(read("--metrics-port=").metricsAddress()).isNull();
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> mistakes() {
        return Stream.of(
                row(
                        words("--socket=a", "--port=3"),
                        "error: option '--socket <path>' cannot be used with option '--port <n>'"),
                row(
                        words("--ip=", "--socket=a"),
                        "error: option '--socket <path>' cannot be used with option '--ip <ip-address>'"),
                row(
                        words("--api-socket=a", "--api-port=3"),
                        "error: option '--api-socket <path>' cannot be used with option '--api-port <n>'"),
                row(
                        words("--api-socket=a", "--api-ip=3"),
                        "error: option '--api-socket <path>' cannot be used with option '--api-ip <ip>'"),
                row(
                        words("--metrics-socket=a", "--metrics-port=3"),
                        "error: option '--metrics-socket <path>' cannot be used with option '--metrics-port <n>'"),
                row(
                        words("--metrics-socket=a", "--metrics-ip=3"),
                        "error: option '--metrics-socket <path>' cannot be used with option '--metrics-ip <ip>'"),
                row(
                        words("--port=abc"),
                        "error: option '--port <n>' value 'abc' is invalid (expected: a whole number from 0 to 65535)"),
                row(
                        words("--port="),
                        "error: option '--port <n>' value '' is invalid (expected: a whole number from 0 to 65535)"),
                row(
                        words("--port=8000x"),
                        "error: option '--port <n>' value '8000x' is invalid (expected: a whole number from 0 to"
                                + " 65535)"),
                row(
                        words("--api-port=65536"),
                        "error: option '--api-port <n>' value '65536' is invalid (expected: a whole number from 0 to"
                                + " 65535)"),
                row(
                        words("--metrics-port=-1"),
                        "error: option '--metrics-port <n>' value '-1' is invalid (expected: a whole number from 0 to"
                                + " 65535)"),
                row(words("--port=65535"), "error: option '--api-port <n>' is needed: no port comes after 65535"),
                row(
                        words("--timeout=1.5"),
                        "error: option '--timeout <n>' value '1.5' is invalid (expected: a whole number from 0 to"
                                + " 2147483647)"),
                row(
                        words("--proxy-timeout=99999999999999999999"),
                        "error: option '--proxy-timeout <n>' value '99999999999999999999' is invalid (expected: a"
                                + " whole number from 0 to 2147483647)"),
                row(
                        words("--activity=upstream"),
                        "error: option '--activity <side>' value 'upstream' is invalid (expected: client or both)"),
                row(
                        words("--activity-ignore=/a,api/status"),
                        "error: option '--activity-ignore <paths>' value 'api/status' is invalid (expected: a path that"
                                + " begins with / or *)"),
                row(
                        words("--activity-ignore=/a?x"),
                        "error: option '--activity-ignore <paths>' value '/a?x' is invalid (expected: a path without a"
                                + " query)"),
                row(words("--connect-timeout=0"), expectsTime("--connect-timeout <n>", "0", 1)),
                row(words("--young-route-retry=-1"), expectsTime("--young-route-retry <n>", "-1", 0)),
                row(words("--upgrade-timeout=soon"), expectsTime("--upgrade-timeout <n>", "soon", 1)),
                row(
                        words("--max-header-size=1023"),
                        "error: option '--max-header-size <bytes>' value '1023' is invalid (expected: a whole number"
                                + " from 1024 to 262144)"),
                row(
                        words("--max-header-size=262145"),
                        "error: option '--max-header-size <bytes>' value '262145' is invalid (expected: a whole number"
                                + " from 1024 to 262144)"),
                row(
                        words("--event-loops=0"),
                        "error: option '--event-loops <n>' value '0' is invalid (expected: a whole number from 1 to"
                                + " 256)"),
                row(
                        words("--max-upstream-connections=0"),
                        "error: option '--max-upstream-connections <n>' value '0' is invalid (expected: a whole number"
                                + " from 1 to 2147483647)"),
                row(
                        words("--breaker-failures=-1"),
                        "error: option '--breaker-failures <n>' value '-1' is invalid (expected: a whole number from 0"
                                + " to 1000000)"),
                row(
                        words("--removed-route-tunnel-timeout=never"),
                        expectsTime("--removed-route-tunnel-timeout <n>", "never", 0)),
                row(
                        words("--upstream-source-address=localhost"),
                        "error: option '--upstream-source-address <ip>' value 'localhost' is invalid (expected: an IP"
                                + " address of this machine)"),
                row(
                        words("--upstream-source-address=0.0.0.0"),
                        "error: option '--upstream-source-address <ip>' value '0.0.0.0' is invalid (expected: an IP"
                                + " address of this machine)"),
                row(
                        words("--upstream-source-address=::1", "--upstream-source-address="),
                        "error: option '--upstream-source-address <ip>' value '' is invalid (expected: an IP address"
                                + " of this machine)"),
                row(words("--header-timeout=0"), expectsTime("--header-timeout <n>", "0", 1)),
                row(words("--stall-timeout=-1"), expectsTime("--stall-timeout <n>", "-1", 0)),
                row(words("--drain-timeout=30 s"), expectsTime("--drain-timeout <n>", "30 s", 1)),
                row(words("--drain-timeout=1.5s"), expectsTime("--drain-timeout <n>", "1.5s", 1)),
                row(words("--drain-timeout=2S"), expectsTime("--drain-timeout <n>", "2S", 1)),
                row(words("--drain-timeout=s"), expectsTime("--drain-timeout <n>", "s", 1)),
                row(words("--drain-timeout="), expectsTime("--drain-timeout <n>", "", 1)),
                row(words("--drain-delay=-1s"), expectsTime("--drain-delay <n>", "-1s", 0)),
                row(words("--drain-delay=597h"), expectsTime("--drain-delay <n>", "597h", 0)),
                row(words("--drain-delay=99999999999h"), expectsTime("--drain-delay <n>", "99999999999h", 0)),
                row(
                        words("--timeout=30s"),
                        "error: option '--timeout <n>' value '30s' is invalid (expected: a whole number from 0 to"
                                + " 2147483647)"),
                row(
                        words("--tcp-keepalive=60/15"),
                        "error: option '--tcp-keepalive <idle/interval/count>' value '60/15' is invalid (expected:"
                                + " three whole numbers such as 60/15/4, or 0)"),
                row(
                        words("--tcp-keepalive=60/0/4"),
                        "error: option '--tcp-keepalive <idle/interval/count>' value '60/0/4' is invalid (expected:"
                                + " seconds from 1 to 32767, and a count from 1 to 127)"),
                row(
                        words("--tcp-keepalive=60/15/128"),
                        "error: option '--tcp-keepalive <idle/interval/count>' value '60/15/128' is invalid (expected:"
                                + " seconds from 1 to 32767, and a count from 1 to 127)"),
                row(
                        words("--max-connections=0"),
                        "error: option '--max-connections <n>' value '0' is invalid (expected: a whole number from 1 to"
                                + " 1048576)"),
                row(
                        words("--max-buffered-bytes=65535"),
                        "error: option '--max-buffered-bytes <bytes>' value '65535' is invalid (expected: a whole"
                                + " number from 65536 to 2147483647)"),
                row(
                        words("--backlog=65536"),
                        "error: option '--backlog <n>' value '65536' is invalid (expected: a whole number from 1 to"
                                + " 65535)"),
                row(
                        words("--trusted-proxies=10.0.0.0/8,10.0.0.1/8"),
                        "error: option '--trusted-proxies <networks>' value '10.0.0.1/8' is invalid (expected:"
                                + " 10.0.0.0/8, whose bits behind the prefix are 0)"),
                row(
                        words("--forwarding=none"),
                        "error: option '--forwarding <mode>' value 'none' is invalid (expected: append, replace or"
                                + " single)"),
                row(
                        words("--no-x-forward", "--forwarding=single"),
                        "error: option '--no-x-forward' cannot be used with option '--forwarding <mode>'"),
                row(
                        words("--proxy-protocol=on"),
                        "error: option '--proxy-protocol <mode>' needs '--trusted-proxies <networks>': whoever may use"
                                + " it can say that it comes from anywhere"),
                row(
                        words("--proxy-protocol=v2"),
                        "error: option '--proxy-protocol <mode>' value 'v2' is invalid (expected: off, on or"
                                + " optional)"),
                row(words("--custom-header=abc"), "A colon was expected in custom header: abc"),
                row(words("--custom-header", " :abc "), "A colon was expected in custom header: :abc"),
                row(
                        words("--custom-header=a b: c"),
                        "error: option '--custom-header <header>' value 'a b: c' is invalid (expected: a header that"
                                + " HTTP allows)"),
                row(
                        words("--custom-header=a: b\r\nc: d"),
                        "error: option '--custom-header <header>' value 'a: b\r\nc: d' is invalid (expected: a header"
                                + " that HTTP allows)"),
                row(
                        words("--protocol-rewrite=ht tp"),
                        "error: option '--protocol-rewrite <proto>' value 'ht tp' is invalid (expected: a scheme such"
                                + " as https)"),
                row(
                        words("--state-dir="),
                        "error: option '--state-dir <dir>' value '' is invalid (expected: a directory, which need not"
                                + " exist yet, or none or auto)"),
                row(
                        words("--state-dir=/dev/null"),
                        "error: option '--state-dir <dir>' value '/dev/null' is invalid (expected: a directory, which"
                                + " need not exist yet, or none or auto)"),
                row(words("--restored-route-ttl=-1"), expectsTime("--restored-route-ttl <n>", "-1", 0)),
                row(
                        words("--state-dir=a", "--storage-backend=b"),
                        "error: option '--state-dir <dir>' cannot be used with option '--storage-backend <url>'"),
                row(
                        words("--storage-backend=configproxy-redis"),
                        "error: option '--storage-backend <url>' names a Node.js module, which cannot be"
                                + " loaded here (expected: a URL such as redis://host:6379, or nothing to keep"
                                + " routes in memory)"),
                row(
                        words("--storage-backend=redis://u:s3cret@a:b"),
                        "error: option '--storage-backend <url>' value is invalid: host: a:b (expected: host or"
                                + " host:port)"),
                row(
                        words("--storage-backend=redis://u@a"),
                        "error: option '--storage-backend <url>' has a user and no password (expected:"
                                + " JOVE_STORE_PASSWORD or JOVE_STORE_PASSWORD_FILE)"),
                row(
                        words("--storage-backend=redis://a", "--store-prefix={x}"),
                        "error: option '--store-prefix <prefix>' value '{x}' is invalid (expected: up to 64 letters,"
                                + " digits and ._:-)"),
                row(
                        words("--storage-backend=redis://a", "--replica-address=me"),
                        "error: option '--replica-address <host:port>' value 'me' is invalid (expected: host:port)"),
                row(
                        words("--port=0", "--redirect-port=1", "--ssl-key=k"),
                        "error: option '--redirect-port <redirect-port>' needs '--redirect-to <port>' when --port"
                                + " is 0"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInOneLine(List<String> words, String message) {
        assertThatThrownBy(() -> read(words)).isInstanceOf(UsageException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "--redirect-port=80, , HTTPS redirection specified but certificates not provided.",
        "--error-target=http://a, --error-path=b, Cannot specify both error-target and error-path. Pick one."
    })
    void twoMistakesAreLinesOfTheLogAsInTheOriginal(String one, String other, String message) {
        List<String> words = other == null ? List.of(one) : List.of(one, other);

        assertThatThrownBy(() -> read(words))
                .isInstanceOfSatisfying(
                        UsageException.class, e -> assertThat(e.isLogLine()).isTrue())
                .hasMessage(message);
    }

    @Test
    void forwardingFollowsTheSwitches() throws UsageException {
        Settings settings = read(
                "--no-x-forward",
                "--no-prepend-path",
                "--no-include-prefix",
                "--auto-rewrite",
                "--change-origin",
                "--protocol-rewrite=https",
                "--custom-header= k1 : v1:x ",
                "--custom-header",
                "k2:",
                "--custom-header=k1:v2",
                "--host-routing");

        ForwardingConfig forwarding = settings.proxy().forwarding();
        assertThat(forwarding)
                .isEqualTo(new ForwardingConfig(
                        ForwardedMode.NONE, false, false, false, true, true, "https", Map.of("k1", "v2", "k2", "")));
        assertThat(forwarding.customHeaders()).containsExactly(entry("k1", "v2"), entry("k2", ""));
        assertThat(settings.proxy().hostRouting()).isTrue();
        assertThat(settings.notices())
                .extracting(Settings.Notice::text)
                .containsExactly(
                        "AutoRewrite of Location headers enabled.",
                        "Change Origin of host headers enabled.",
                        "ProtocolRewrite enabled. Rewriting to https");
    }

    @Test
    void trustedProxiesAddUp() throws UsageException {
        Settings settings = read("--trusted-proxies=10.0.0.0/8, ::1", "--trusted-proxies=unix", "--forwarding=single");

        assertThat(settings.proxy().edge().trusted()).hasToString("10.0.0.0/8,::1,unix");
        assertThat(settings.proxy().forwarding().forwarded()).isEqualTo(ForwardedMode.SINGLE);
        assertThat(settings.proxy().forwarding().addsForwarded()).isFalse();
        assertThat(read("--forwarding=replace", "--forwarded")
                        .proxy()
                        .forwarding()
                        .addsForwarded())
                .isTrue();
    }

    @Test
    void limitsFollowTheFlags() throws UsageException {
        Settings settings = read(
                "--timeout=1",
                "--proxy-timeout=2",
                "--keep-alive-timeout=3",
                "--connect-timeout=4",
                "--upgrade-timeout=5",
                "--max-header-size=2048",
                "--event-loops=3");

        TimeoutConfig timeouts = settings.proxy().timeouts();
        assertThat(timeouts.clientSilence()).isEqualTo(Duration.ofMillis(1));
        assertThat(timeouts.upstreamSilence()).isEqualTo(Duration.ofMillis(2));
        assertThat(timeouts.keepAlive()).isEqualTo(Duration.ofMillis(3));
        assertThat(timeouts.connect()).isEqualTo(Duration.ofMillis(4));
        assertThat(timeouts.upgradeHandshake()).isEqualTo(Duration.ofMillis(5));
        assertThat(timeouts.requestHead()).isEqualTo(TimeoutConfig.defaults().requestHead());
        assertThat(settings.proxy().limits().maxHeaderBytes()).isEqualTo(2048);
        assertThat(settings.proxy().eventLoops()).isEqualTo(3);
    }

    @Test
    void whatAnUpstreamMayCostFollowsTheFlags() throws Exception {
        UpstreamConfig upstream = read(
                        "--max-upstream-connections=7",
                        "--breaker-failures=3",
                        "--upstream-source-address=127.0.0.2",
                        "--upstream-source-address",
                        "::1",
                        "--removed-route-tunnel-timeout=60000")
                .proxy()
                .upstream();

        assertThat(upstream)
                .isEqualTo(new UpstreamConfig(
                        7,
                        UpstreamConfig.defaults().maxWaiters(),
                        UpstreamConfig.defaults().maxIdle(),
                        3,
                        List.of(InetAddress.getAllByName("127.0.0.2")[0], InetAddress.getAllByName("::1")[0]),
                        Duration.ofMinutes(1)));
    }

    @Test
    void whatCountsAsActivityFollowsTheFlags() throws UsageException {
        assertThat(read("--activity=client", "--activity-ignore=").proxy().activity())
                .isEqualTo(ActivityConfig.defaults());
        assertThat(read("--activity=both", "--activity-ignore=/a, */b,", "--activity-ignore", "jupyter")
                        .proxy()
                        .activity())
                .isEqualTo(new ActivityConfig(true, IgnoredPaths.of(List.of("/a", "*/b", "jupyter"))));
    }

    @Test
    void zeroTurnsTheBreakerAndTheLimitOfTunnelsOff() throws UsageException {
        UpstreamConfig upstream = read("--breaker-failures=0", "--removed-route-tunnel-timeout=0")
                .proxy()
                .upstream();

        assertThat(upstream.breakerFailures()).isZero();
        assertThat(upstream.removedRouteTunnel()).isNull();
    }

    @Test
    void everyPhaseHasAFlag() throws UsageException {
        TimeoutConfig timeouts = read(
                        "--header-timeout=1",
                        "--tls-timeout=2",
                        "--queue-timeout=3",
                        "--stall-timeout=4",
                        "--tunnel-idle-timeout=5",
                        "--half-close-timeout=6",
                        "--linger-timeout=7",
                        "--upstream-idle-timeout=8",
                        "--drain-delay=10",
                        "--drain-timeout=9",
                        "--young-route-retry=11")
                .proxy()
                .timeouts();

        TimeoutConfig defaults = TimeoutConfig.defaults();
        assertThat(timeouts)
                .isEqualTo(new TimeoutConfig(
                        null,
                        null,
                        defaults.keepAlive(),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        defaults.connect(),
                        defaults.upgradeHandshake(),
                        Duration.ofMillis(4),
                        Duration.ofMillis(5),
                        Duration.ofMillis(8),
                        Duration.ofMillis(6),
                        Duration.ofMillis(7),
                        Duration.ofMillis(10),
                        Duration.ofMillis(9),
                        Duration.ofMillis(11)));
    }

    @ParameterizedTest
    @CsvSource({"250, 250", "0250ms, 250", "500ms, 500", "30s, 30000", "2m, 120000", "1h, 3600000", "596h, 2145600000"})
    void timesOfOurOwnMayHaveUnits(String text, long millis) throws UsageException {
        Duration expected = Duration.ofMillis(millis);
        String[] flags = {
            "--header-timeout",
            "--tls-timeout",
            "--queue-timeout",
            "--connect-timeout",
            "--upgrade-timeout",
            "--stall-timeout",
            "--tunnel-idle-timeout",
            "--half-close-timeout",
            "--linger-timeout",
            "--upstream-idle-timeout",
            "--drain-delay",
            "--drain-timeout",
            "--removed-route-tunnel-timeout",
            "--tcp-user-timeout",
            "--restored-route-ttl",
            "--young-route-retry"
        };
        Settings settings = read(Stream.of(flags).map(flag -> flag + "=" + text).toArray(String[]::new));

        TimeoutConfig timeouts = settings.proxy().timeouts();
        assertThat(Stream.of(
                        timeouts.requestHead(),
                        timeouts.tlsHandshake(),
                        timeouts.waiting(),
                        timeouts.connect(),
                        timeouts.upgradeHandshake(),
                        timeouts.stalled(),
                        timeouts.tunnelIdle(),
                        timeouts.halfClosed(),
                        timeouts.lingering(),
                        timeouts.upstreamIdle(),
                        timeouts.drainDelay(),
                        timeouts.drain(),
                        settings.proxy().upstream().removedRouteTunnel(),
                        settings.proxy().tcp().userTimeout(),
                        settings.store().restoredRouteLimit(),
                        timeouts.youngRoute()))
                .allSatisfy(time -> assertThat(time).isEqualTo(expected));
    }

    @Test
    void aDrainIsAskedForByEitherOfItsFlags() throws UsageException {
        assertThat(read().isDrainAskedFor()).isFalse();
        assertThat(read("--drain-delay=0").isDrainAskedFor()).isTrue();
        assertThat(read("--drain-timeout=1s").isDrainAskedFor()).isTrue();
        assertThat(read("--drain-delay=0").proxy().timeouts().drainDelay()).isNull();
    }

    @Test
    void aRequestWaitsAsLongAsConnectingMayTakeUnlessToldOtherwise() throws UsageException {
        assertThat(read("--connect-timeout=4").proxy().timeouts().waiting()).isEqualTo(Duration.ofMillis(4));
    }

    @Test
    void zeroIsNoLimitWhereThereNeedBeNone() throws UsageException {
        Settings settings = read("--stall-timeout=0", "--tunnel-idle-timeout=0", "--tcp-keepalive=0");

        assertThat(settings.proxy().timeouts().stalled()).isNull();
        assertThat(settings.proxy().timeouts().tunnelIdle()).isNull();
        assertThat(settings.proxy().tcp()).isEqualTo(new TcpConfig(null, null));
    }

    @Test
    void theKernelGivesUpAVanishedPeerAsSoonAsItIsSilentForTooLong() throws UsageException {
        KeepAlive keepAlive = new KeepAlive(10, 2, 5);

        assertThat(read("--tcp-keepalive=10/2/5").proxy().tcp())
                .isEqualTo(new TcpConfig(keepAlive, Duration.ofSeconds(20)));
        assertThat(read("--tcp-keepalive=10/2/5", "--tcp-user-timeout=7")
                        .proxy()
                        .tcp())
                .isEqualTo(new TcpConfig(keepAlive, Duration.ofMillis(7)));
        assertThat(read("--tcp-keepalive=10/2/5", "--tcp-user-timeout=0")
                        .proxy()
                        .tcp())
                .isEqualTo(new TcpConfig(keepAlive, null));
    }

    @Test
    void boundsFollowTheFlagsOrTheMachine() throws UsageException {
        Settings given = read("--max-connections=100", "--max-buffered-bytes=65536", "--backlog=5");

        assertThat(given.proxy().capacity().maxClients()).isEqualTo(100);
        assertThat(given.proxy().capacity().maxBufferedBytes()).isEqualTo(65_536);
        assertThat(given.proxy().limits().acceptBacklog()).isEqualTo(5);
        assertThat(given.notices()).isEmpty();
        assertThat(read().proxy().capacity().maxClients()).isEqualTo(16_384);
        assertThat(read().proxy().capacity().maxBufferedBytes()).isEqualTo(64L << 20);
    }

    @Test
    void whatTheMachineCannotDoIsTold() throws UsageException {
        ProcessLimits small = new ProcessLimits(1_024, 256L << 20, 128L << 20, 128);

        Settings settings =
                ConfigFromArguments.read(arguments("--max-connections=1000", "--backlog=129"), TOKEN, small);

        assertThat(settings.notices())
                .containsExactly(
                        new Settings.Notice(
                                Level.INFO,
                                "At most 128 connections wait to be accepted instead of 129: net.core.somaxconn allows"
                                        + " no more."),
                        new Settings.Notice(
                                Level.WARN,
                                "--max-connections 1000 is more than 1024 file descriptors are enough for: a client"
                                        + " takes up to two."));
    }

    @Test
    void zeroIsNoTimeLimitAsInTheOriginal() throws UsageException {
        TimeoutConfig timeouts = read("--timeout=0", "--proxy-timeout=0", "--keep-alive-timeout=0")
                .proxy()
                .timeouts();

        assertThat(timeouts).isEqualTo(TimeoutConfig.defaults());
    }

    @Test
    void tlsFollowsTheFlags() throws UsageException {
        Settings settings = ConfigFromArguments.read(
                arguments(
                        "--ssl-key=k",
                        "--ssl-cert=c",
                        "--ssl-ca=a",
                        "--ssl-request-cert",
                        "--ssl-protocol=TLSv1_2",
                        "--ssl-ciphers=HIGH",
                        "--ssl-allow-rc4",
                        "--ssl-dhparam=d",
                        "--api-ssl-cert=ac",
                        "--client-ssl-ca=ca",
                        "--insecure"),
                Map.of(
                        "CONFIGPROXY_AUTH_TOKEN",
                        "t",
                        "CONFIGPROXY_SSL_KEY_PASSPHRASE",
                        "p",
                        "CONFIGPROXY_API_SSL_KEY_PASSPHRASE",
                        "q"));

        TlsRules rules = new TlsRules("TLSv1_2", "HIGH", true, Path.of("d"));
        assertThat(settings.publicTls())
                .isEqualTo(new ListenerTlsConfig(
                        new TlsFiles(Path.of("k"), Path.of("c"), Path.of("a"), "p"), true, rules, Leniency.NONE));
        assertThat(settings.api().tls())
                .isEqualTo(new ListenerTlsConfig(
                        new TlsFiles(null, Path.of("ac"), null, "q"), false, rules, Leniency.OLD_CERTIPY));
        assertThat(settings.upstreamTls().files()).isEqualTo(new TlsFiles(null, null, Path.of("ca"), null));
        assertThat(settings.upstreamTls().insecure()).isTrue();
    }

    @Test
    void aLoneAuthorityTurnsNoListenersTlsOn() throws UsageException {
        Settings settings = read("--ssl-ca=a", "--api-ssl-ca=b", "--ssl-key=", "--ssl-request-cert");

        assertThat(settings.publicTls()).isNull();
        assertThat(settings.api().tls()).isNull();
    }

    @Test
    void theRedirectLeadsToTheGivenPortOrTheProxys() throws UsageException {
        assertThat(read("--ssl-cert=c", "--port=8443", "--redirect-port=8000", "--redirect-to=443")
                        .proxy()
                        .redirect())
                .isEqualTo(new RedirectConfig(ListenAddress.tcp("", 8000), 443));
        assertThat(read("--ssl-cert=c", "--port=8443", "--redirect-port=8000")
                        .proxy()
                        .redirect())
                .isEqualTo(new RedirectConfig(ListenAddress.tcp("", 8000), 8443));
    }

    @Test
    void aProxyOnPort80OrAUnixSocketHasNoRedirect() throws UsageException {
        for (Settings settings : List.of(
                read("--ssl-cert=c", "--port=80", "--redirect-port=8000"),
                read("--ssl-cert=c", "--socket=s", "--redirect-port=8000"))) {
            assertThat(settings.proxy().redirect()).isNull();
            assertThat(settings.notices())
                    .extracting(Settings.Notice::text)
                    .containsExactly("No HTTP to HTTPS redirection: it needs --port, and one other than 80.");
        }
    }

    @Test
    void targetsAreRead() throws UsageException {
        Settings settings = read("--default-target=http://hub:8081", "--error-target=http://hub:8081/hub/error");

        assertThat(Objects.requireNonNull(settings.defaultTarget()).raw()).isEqualTo("http://hub:8081");
        assertThat(Objects.requireNonNull(settings.proxy().errorPages().target())
                        .path())
                .isEqualTo("/hub/error");
        assertThat(read("--error-path=/srv/errors").proxy().errorPages().directory())
                .isEqualTo(Path.of("/srv/errors"));
        assertThat(read("--default-target=").defaultTarget()).isNull();
    }

    @Test
    void errorsAreForProgramsTooWhenThatIsAskedFor() throws UsageException {
        assertThat(read("--error-format=html").proxy().errorPages().negotiates())
                .isFalse();
        assertThat(read("--error-target=http://hub", "--error-format=negotiate")
                        .proxy()
                        .errorPages()
                        .negotiates())
                .isTrue();
        assertThatThrownBy(() -> read("--error-format=json"))
                .hasMessage("error: option '--error-format <format>' value 'json' is invalid"
                        + " (expected: html or negotiate)");
    }

    @Test
    void aTargetThatMakesNoSenseDoesNotStopTheStart() throws UsageException {
        Settings settings =
                read("--default-target=http://hub:$(HUB_SERVICE_PORT)", "--error-target=http://hub:$(HUB_PORT)/error");

        assertThat(Objects.requireNonNull(settings.defaultTarget()).isUsable()).isFalse();
        assertThat(Objects.requireNonNull(settings.proxy().errorPages().target())
                        .isUsable())
                .isFalse();
        assertThat(settings.notices())
                .allSatisfy(notice -> assertThat(notice.level()).isEqualTo(Level.ERROR))
                .extracting(Settings.Notice::text)
                .satisfiesExactly(
                        text -> assertThat(text)
                                .startsWith("--error-target cannot be used: target: http://hub:$(HUB_PORT)/error"),
                        text -> assertThat(text)
                                .startsWith("--default-target cannot be used: target: http://hub:$(HUB_SERVICE_PORT)"));
    }

    @ParameterizedTest
    @CsvSource({
        "debug, DEBUG",
        "DEBUG, DEBUG",
        "verbose, DEBUG",
        "silly, DEBUG",
        "Info, INFO",
        "http, INFO",
        "warn, WARN",
        "warning, WARN",
        "ERROR, ERROR"
    })
    void logLevelsAreReadInAnyCase(String word, Level level) throws UsageException {
        Settings settings = read("--log-level=" + word);

        assertThat(settings.logLevel()).isEqualTo(level);
        assertThat(settings.notices()).isEmpty();
    }

    @Test
    void anUnknownLogLevelIsWarnedOf() throws UsageException {
        Settings settings = read("--log-level=loud");

        assertThat(settings.logLevel()).isEqualTo(Level.INFO);
        assertThat(settings.notices())
                .containsExactly(new Settings.Notice(
                        Level.WARN, "--log-level: loud (expected: debug, info, warn or error), using info"));
    }

    @Test
    void withoutATokenAnybodyMayChangeRoutes() throws UsageException {
        for (Map<String, String> environment :
                List.of(Map.<String, String>of(), Map.of("CONFIGPROXY_AUTH_TOKEN", ""))) {
            Settings settings = ConfigFromArguments.read(arguments(), environment, MACHINE);

            assertThat(settings.api().token().values()).isEmpty();
            assertThat(settings.notices())
                    .containsExactly(new Settings.Notice(Level.WARN, "REST API is not authenticated."));
        }
    }

    @Test
    void theTokenComesFromTheEnvironmentOrAFile() throws IOException, UsageException {
        Path file = Files.writeString(folder.resolve("token"), "of-the-file\n");

        assertThat(read().api().token().values()).containsExactly("secret");
        assertThat(ConfigFromArguments.read(arguments(), Map.of("CONFIGPROXY_AUTH_TOKEN_FILE", file.toString()))
                        .api()
                        .token()
                        .values())
                .containsExactly("of-the-file");
    }

    @Test
    void twoTokensAreAMistake() {
        assertThatThrownBy(() -> ConfigFromArguments.read(
                        arguments(),
                        Map.of("CONFIGPROXY_AUTH_TOKEN", "a", "CONFIGPROXY_AUTH_TOKEN_FILE", "/run/secret")))
                .hasMessage("error: both CONFIGPROXY_AUTH_TOKEN and CONFIGPROXY_AUTH_TOKEN_FILE are set (expected: one"
                        + " of them)");
    }

    @Test
    void aTokenFileThatIsNotThereIsAMistake() {
        String absent = folder.resolve("absent").toString();

        assertThatThrownBy(() -> ConfigFromArguments.read(arguments(), Map.of("CONFIGPROXY_AUTH_TOKEN_FILE", absent)))
                .isInstanceOf(UsageException.class)
                .hasMessage("error: CONFIGPROXY_AUTH_TOKEN_FILE names a file that cannot be used: " + absent
                        + ": no such file");
    }

    @Test
    void secretsAreNotPrinted() throws UsageException {
        assertThat(read("--port=1").toString()).doesNotContain("secret");
        assertThat(readWith(Map.of("JOVE_HUB_API_URL", "http://hub:8081/hub/api", "JOVE_HUB_API_TOKEN", "secret"))
                        .toString())
                .contains("http://hub:8081/hub/api")
                .doesNotContain("secret");
    }

    // ---- where routes are kept

    @Test
    void theFlagSaysWhereRoutesAreKept() throws UsageException {
        Settings.Store store = read("--state-dir=" + folder.resolve("new"), "--restored-route-ttl=5")
                .store();

        assertThat(store).isEqualTo(new Settings.Store(null, folder.resolve("new"), Duration.ofMillis(5)));
        assertThat(read("--restored-route-ttl=0").store().restoredRouteLimit()).isNull();
    }

    @Test
    void theEnvironmentSaysItWhereTheFlagDoesNot() throws UsageException {
        Map<String, String> environment = Map.of("JOVE_STATE_DIR", folder.toString());

        assertThat(readWith(environment).store().directory()).isEqualTo(folder);
        assertThat(readWith(environment, "--state-dir=none").store().directory())
                .isNull();
        assertThatThrownBy(() -> readWith(Map.of("JOVE_STATE_DIR", "")))
                .hasMessageStartingWith("error: JOVE_STATE_DIR '' is invalid");
    }

    // ---- the hub

    @Test
    void theEnvironmentNamesTheHub() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "of-the-file\n");

        HubConfig hub = Objects.requireNonNull(readWith(Map.of(
                        "JOVE_HUB_API_URL", "http://hub:8081/hub/api", "JOVE_HUB_API_TOKEN_FILE", file.toString()))
                .hub());

        assertThat(hub.api()).isEqualTo(Target.parse("http://hub:8081/hub/api"));
        assertThat(hub.token().get()).isEqualTo("of-the-file");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "http://hub/hub/api | - | - | error: JOVE_HUB_API_URL is set and no token (expected: JOVE_HUB_API_TOKEN"
                        + " or JOVE_HUB_API_TOKEN_FILE)",
                "- | t | - | error: JOVE_HUB_API_TOKEN is set and JOVE_HUB_API_URL is not (expected: both, or neither)",
                "http://hub/hub/api | t | f | error: both JOVE_HUB_API_TOKEN and JOVE_HUB_API_TOKEN_FILE are set"
                        + " (expected: one of them)",
                "hub:8081/hub/api | t | - | error: JOVE_HUB_API_URL 'hub:8081/hub/api' is invalid (expected: the URL of"
                        + " the hub's REST API, such as http://hub:8081/hub/api)",
                "http://hub/hub/api?x=y | t | - | error: JOVE_HUB_API_URL 'http://hub/hub/api?x=y' is invalid"
                        + " (expected: the URL of the hub's REST API, such as http://hub:8081/hub/api)",
                "http://hub/hub/api | a b | - | error: the token of the hub's API holds a character that no header may"
                        + " have (expected: letters, digits and punctuation)"
            })
    void aMistakeAboutTheHubIsTold(String url, String token, String file, String message) {
        Map<String, String> environment = new HashMap<>();
        environment.put("JOVE_HUB_API_URL", url == null ? "" : url);
        environment.put("JOVE_HUB_API_TOKEN", token == null ? "" : token);
        environment.put("JOVE_HUB_API_TOKEN_FILE", file == null ? "" : file);

        assertThatThrownBy(() -> readWith(environment))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    private static Settings readWith(Map<String, String> environment, String... words) throws UsageException {
        return ConfigFromArguments.read(arguments(words), environment, MACHINE);
    }

    private static Settings read(String... words) throws UsageException {
        return read(List.of(words));
    }

    private static Settings read(List<String> words) throws UsageException {
        return ConfigFromArguments.read(arguments(words.toArray(new String[0])), TOKEN, MACHINE);
    }

    private static Arguments arguments(String... words) throws UsageException {
        return ((ArgumentParser.Wish.Run) ArgumentParser.parse(List.of(words))).arguments();
    }

    private static String expectsTime(String flag, String value, int least) {
        return "error: option '" + flag + "' value '" + value
                + "' is invalid (expected: milliseconds, or a whole number"
                + " with a unit such as 500ms, 30s, 2m or 1h, from " + least + " to 2147483647 milliseconds in all)";
    }

    private static org.junit.jupiter.params.provider.Arguments row(Object... cells) {
        return org.junit.jupiter.params.provider.Arguments.of(cells);
    }

    private static List<String> words(String... words) {
        return List.of(words);
    }
}
