package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.joveproxy.core.testing.LoggedLines;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteOptionsTest {
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");
    private static final Duration OF_ALL = Duration.ofSeconds(5);

    private static Map<String, @Nullable Object> with(@Nullable Object options) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("user", "zoe");
        data.put("jove", options);
        return data;
    }

    private static Map<String, @Nullable Object> one(String name, @Nullable Object value) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put(name, value);
        return options;
    }

    private static RouteOptions options(String name, @Nullable Object value) {
        return Objects.requireNonNull(RouteOptions.of(with(one(name, value))));
    }

    @Test
    void aRouteOfTheHubsHasNone() {
        assertThat(RouteOptions.of(Map.of("user", "zoe"))).isNull();
        assertThat(RouteOptions.of(with(null))).isNull();
        assertThat(RouteOptions.of(with(Map.of()))).isNull();
    }

    @Test
    void whatIsNotGivenIsAsForAllRoutes() {
        RouteOptions options = options("stripPrefix", false);

        assertThat(options.stripsPrefix()).isFalse();
        assertThat(options.requestHeaders()).isEmpty();
        assertThat(options.upstreamSilence(OF_ALL)).isEqualTo(OF_ALL);
        assertThat(options.upstreamSilence(null)).isNull();
        assertThat(options.limitsConnections()).isFalse();
    }

    @Test
    void thePrefixMayBeStripped() {
        assertThat(options("stripPrefix", true).stripsPrefix()).isTrue();
    }

    @Test
    void headersKeepTheirOrder() {
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        headers.put("X-Zebra", " 1 ");
        headers.put("Authorization", null);
        headers.put("X-Ant", "");

        Map<String, @Nullable String> expected = new LinkedHashMap<>(headers);
        expected.put("X-Zebra", "1");
        assertThat(options("requestHeaders", headers).requestHeaders())
                .isEqualTo(expected)
                .containsOnlyKeys(expected.keySet());
        assertThat(options("requestHeaders", headers).requestHeaders().keySet())
                .containsExactly("X-Zebra", "Authorization", "X-Ant");
    }

    @ParameterizedTest
    @CsvSource({"30s, 30000", "250ms, 250", "1500, 1500", "2m, 120000"})
    void aTimeoutMayHaveAUnit(String text, long millis) {
        assertThat(options("timeout", text).upstreamSilence(OF_ALL)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void aTimeoutMayBeANumberOfMilliseconds() {
        assertThat(options("timeout", 1500).upstreamSilence(null)).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void aTimeoutOfZeroIsNoLimit() {
        assertThat(options("timeout", 0).upstreamSilence(OF_ALL)).isNull();
        assertThat(options("timeout", "0s").upstreamSilence(OF_ALL)).isNull();
    }

    @Test
    void asManyEnterAsMay() {
        RouteOptions options = options("maxConnections", 2);

        assertThat(options.limitsConnections()).isTrue();
        assertThat(options.tryEnter()).isTrue();
        assertThat(options.tryEnter()).isTrue();
        assertThat(options.tryEnter()).isFalse();
        options.leave();
        assertThat(options.tryEnter()).isTrue();
        options.leave();
        options.leave();
        assertThatThrownBy(options::leave).isInstanceOf(IllegalStateException.class);
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of(true, "jove: true (expected: an object)"),
                Arguments.of("secret", "jove: a text (expected: an object)"),
                Arguments.of(List.of("secret"), "jove: a list (expected: an object)"),
                Arguments.of(one("x\ny", "secret"), "jove: x?y (expected: no other names than "),
                Arguments.of(
                        one("stripprefix", true),
                        "jove: stripprefix (expected: no other names than maxConnections, requestHeaders, stripPrefix,"
                                + " timeout)"),
                Arguments.of(one("stripPrefix", "true"), "jove.stripPrefix: true (expected: true or false)"),
                Arguments.of(one("stripPrefix", null), "jove.stripPrefix: null (expected: true or false)"),
                Arguments.of(
                        one("requestHeaders", List.of("secret")), "jove.requestHeaders: a list (expected: an object)"),
                Arguments.of(one("requestHeaders", "X-A: secret"), "jove.requestHeaders: a text (expected: an object)"),
                Arguments.of(one("requestHeaders", null), "jove.requestHeaders: null (expected: an object)"),
                Arguments.of(
                        one("requestHeaders", Map.of("a b", "c")),
                        "jove.requestHeaders: a b (expected: a name that a header can have)"),
                Arguments.of(
                        one("requestHeaders", Map.of("", "c")),
                        "jove.requestHeaders:  (expected: a name that a header can have)"),
                Arguments.of(
                        one("requestHeaders", Map.of("X-A", 7)),
                        "jove.requestHeaders.X-A: *** (expected: a text that a header can hold, or null to remove the"
                                + " header)"),
                Arguments.of(
                        one("requestHeaders", Map.of("X-A", "secret\r\nX-B: 1")),
                        "jove.requestHeaders.X-A: *** (expected: a text that a header can hold, or null to remove the"
                                + " header)"),
                Arguments.of(
                        one("requestHeaders", new LinkedHashMap<>(Map.of("X-A", "1", "x-a", "2"))),
                        "(expected: each header once)"),
                Arguments.of(one("timeout", -1), "jove.timeout: -1 (expected: milliseconds, or a whole number with a"),
                Arguments.of(one("timeout", "soon"), "jove.timeout: soon (expected: milliseconds, or a whole number"),
                Arguments.of(one("timeout", "9999h"), "jove.timeout: 9999h (expected: "),
                Arguments.of(one("timeout", new BigDecimal("1.5")), "jove.timeout: 1.5 (expected: "),
                Arguments.of(one("timeout", true), "jove.timeout: true (expected: "),
                Arguments.of(one("timeout", null), "jove.timeout: null (expected: "),
                Arguments.of(
                        one("maxConnections", 0),
                        "jove.maxConnections: 0 (expected: a whole number from 1 to 2147483647)"),
                Arguments.of(one("maxConnections", "7"), "jove.maxConnections: 7 (expected: a whole number"),
                Arguments.of(
                        one("maxConnections", BigInteger.TEN.pow(30)),
                        "jove.maxConnections: 1000000000000000000000000000000 (expected: a whole number"),
                Arguments.of(one("maxConnections", 1L << 40), "jove.maxConnections: 1099511627776 (expected: "));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsToldWithWhatWasExpected(Object options, String message) {
        assertThatThrownBy(() -> RouteOptions.check(with(options)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "CONNECTION",
                "Upgrade",
                "Keep-Alive",
                "TE",
                "Trailer",
                "Proxy-Connection",
                "Expect"
            })
    void whatIsTheProxysOwnBusinessCannotBeSet(String name) {
        for (String value : new @Nullable String[] {"x", null}) {
            assertThatThrownBy(() -> RouteOptions.check(with(one("requestHeaders", one(name, value)))))
                    .hasMessage("jove.requestHeaders: " + name
                            + " (expected: a header that is not the proxy's own business)");
        }
    }

    // ---- of a route

    @Test
    void aRouteOfWhichTheyMakeNoSenseIsServedWithoutThem() {
        try (LoggedLines lines = LoggedLines.of(RouteOptions.class.getName())) {
            Map<String, @Nullable Object> data = with(Map.of("stripPrefix", true, "timeout", "soon"));

            Route route = Route.of("/a\nb", TARGET, data, 0);

            assertThat(route.options()).isNull();
            assertThat(route.options()).isNull();
            assertThat(route.data()).containsEntry("jove", data.get("jove"));
            assertThat(lines.take())
                    .singleElement()
                    .asString()
                    .startsWith("The route /a?b is served without its options: jove.timeout: soon (expected: ");
        }
    }

    /** As data out of a file is: each look at the fields costs. */
    private static final class Kept extends AbstractMap<String, @Nullable Object> {
        private final AtomicInteger looks = new AtomicInteger();
        private final Map<String, @Nullable Object> fields;

        Kept(Map<String, @Nullable Object> fields) {
            this.fields = fields;
        }

        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
            looks.incrementAndGet();
            return fields.entrySet();
        }
    }

    @Test
    void thoseOfARestoredRouteAreReadOnceSomebodyAsks() {
        Kept data = new Kept(with(one("stripPrefix", true)));
        Route route = Route.restored("/x", TARGET, data, 0, 0);
        assertThat(data.looks).hasValue(0);

        RouteOptions options = Objects.requireNonNull(route.options());

        assertThat(options.stripsPrefix()).isTrue();
        assertThat(route.options()).isSameAs(options);
        assertThat(data.looks).hasValue(1);
    }

    @Test
    void thatARestoredRouteHasNoneIsFoundOnce() {
        Kept data = new Kept(Map.of("user", "zoe"));
        Route route = Route.restored("/x", TARGET, data, 0, 0);

        assertThat(route.options()).isNull();
        assertThat(route.options()).isNull();
        assertThat(data.looks).hasValue(1);
    }

    @Test
    void theyAreNotReadAgainFromTheSameDataInAnotherForm() {
        Route route = Route.of("/x", TARGET, with(one("maxConnections", 1)), 0);
        Kept data = new Kept(with(one("maxConnections", 1)));

        assertThat(route.withData(data).options()).isSameAs(route.options());
        assertThat(data.looks).hasValue(0);
    }

    @Test
    void requestsThroughTheRouteBeforeCount() {
        RouteTable table = new RouteTable();
        table.put(Route.of("/x", TARGET, with(one("maxConnections", 5)), 0));
        RouteOptions before =
                Objects.requireNonNull(Objects.requireNonNull(table.get("/x")).options());
        assertThat(before.tryEnter()).isTrue();
        table.put(Route.of("/x", TARGET, with(one("maxConnections", 1)), 0));
        RouteOptions after =
                Objects.requireNonNull(Objects.requireNonNull(table.get("/x")).options());

        assertThat(after.tryEnter()).isFalse();
        before.leave();
        assertThat(after.tryEnter()).isTrue();
    }

    @Test
    void optionsOfTheRouteBeforeAreGone() {
        RouteTable table = new RouteTable();
        table.put(Route.of("/x", TARGET, with(one("stripPrefix", true)), 0));
        table.put(Route.of("/x", TARGET, 0));

        assertThat(Objects.requireNonNull(table.get("/x")).options()).isNull();
    }
}
