package org.joveproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/metrics, /metrics",
        "*/metrics, /metrics",
        "*/metrics, /user/zoe/proxy/1/metrics",
        "/user/*, /user/",
        "/user/*, /user/zoe/lab",
        "/user/*/api/*, /user/zoe/api/",
        "/user/*/api/*, /user/a/api/b/api/c",
        "/a*a, /aa",
        "*ab*ab, /abab",
        "*, /",
        "**, /x",
        "/user/*/x*y*z, /user/zoe/x1y2z",
    })
    void anAsteriskStandsForAnythingOrNothing(String pattern, String path) {
        assertThat(PathPattern.of(pattern).matches(path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics, /metrics/",
        "/metrics, /user/metrics",
        "/metrics, /Metrics",
        "*/api/kernels, /user/zoe/api/kernels/1/channels",
        "*/api/kernels, /user/zoe/api/kernels2",
        "/user/*, /user",
        "/a*a, /a",
        "*ab*ab, /ab",
        "/user/*/api/*, /user/zoe/lab",
        "/user/*/x*y*z, /user/zoe/x1z2y",
        "/a.c, /abc",
    })
    void whatStandsAroundAsterisksMustBeThereToTheEnd(String pattern, String path) {
        assertThat(PathPattern.of(pattern).matches(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "metrics", "http://a/b", "?x", "/metrics?x=1"})
    void whatIsNoPathIsRefused(String text) {
        assertThatThrownBy(() -> PathPattern.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is invalid (expected: a path ");
    }
}
