package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.routing.MalformedPathException;
import org.joveproxy.core.routing.RequestTarget;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected values of the first three tests are what configurable-http-proxy 5.3.0 asks its target for. */
class ForwardedTargetTest {
    private static String forwarded(
            boolean prepends, boolean keepsPrefix, boolean hostRouting, String routePath, String target, String asked)
            throws MalformedPathException {
        ForwardingConfig config =
                new ForwardingConfig(ForwardedMode.APPEND, false, prepends, keepsPrefix, false, false, null, Map.of());
        Route route = Route.of(routePath, Target.parse(target), 0);
        return new RequestForwarding(config, hostRouting)
                .forwardedTarget(RequestTarget.parse(asked), route, route.target());
    }

    @ParameterizedTest
    @CsvSource({
        "http://t:1, /a, /a",
        "http://t:1/, /a, /a",
        "http://t:1/base, /a, /base/a",
        "http://t:1/base/, /a, /base/a",
        "http://t:1/base, /, /base/",
        "http://t:1/base//, //a, /base///a",
        "http://t:1/base?q=1, /a?b=2, /base/a?q=1&b=2",
        "http://t:1/base?q=1, /a, /base/a?q=1",
        "http://t:1/?q, /a?b, /a?q&b",
        "http://t:1/x//y, /a//b, /x//y/a//b",
        "http://t:1/%20b, /c%2Fd?e=%20, /%20b/c%2Fd?e=%20",
        "http://t:1, /a?, /a",
        "http://t:1/b, /a?x?y, /b/a?x?y"
    })
    void theTargetsPathStandsBefore(String target, String asked, String expected) throws Exception {
        assertThat(forwarded(true, true, false, "/", target, asked)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "http://t:1/base, /a, /a",
        "http://t:1/base/, /a, /a",
        "http://t:1/base, /, /",
        "http://t:1/base//, //a, //a",
        "http://t:1/base?q=1, /a?b=2, /a?b=2",
        "http://t:1/base?q=1, /a, /a",
        "http://t:1/%20b, /c%2Fd?e=%20, /c%2Fd?e=%20"
    })
    void withoutPrependingTheTargetsPathIsIgnored(String target, String asked, String expected) throws Exception {
        assertThat(forwarded(false, true, false, "/", target, asked)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/user/x, /user/x/lab, /base/lab",
        "/user/x, /user/x, /base",
        "/user/x, /user/x/, /base/",
        "/user/x, /user/x?a=1, /base?a=1",
        "/, /a/b, /base/a/b",
        "/user/x, /user/x//y, /base//y"
    })
    void theRoutesPrefixIsCut(String route, String asked, String expected) throws Exception {
        assertThat(forwarded(true, false, false, route, "http://t:1/base", asked))
                .isEqualTo(expected);
    }

    /** Where the original cuts in the wrong place. */
    @ParameterizedTest
    @CsvSource({
        "/user/é, /user/%C3%A9/lab?a=%2F, /lab?a=%2F",
        "/user/a b, /user/a%20b/c%20d, /c%20d",
        "/user/x, http://elsewhere/user/x/lab, /lab",
        "/user/x, /user%2Fx/lab, /lab"
    })
    void anEscapedPrefixIsCutWhereItEnds(String route, String asked, String expected) throws Exception {
        assertThat(forwarded(true, false, false, route, "http://t:1", asked)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/host.example/user/x, /user/x/lab, /lab", "/host.example, /a/b, /a/b"})
    void theHostIsNoPartOfThePrefixThatIsCut(String route, String asked, String expected) throws Exception {
        assertThat(forwarded(true, false, true, route, "http://t:1", asked)).isEqualTo(expected);
    }
}
