package org.joveproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoredPathsTest {
    private static final IgnoredPaths JUPYTER = IgnoredPaths.of(List.of("jupyter"));

    @Test
    void withoutWordsThereAreNone() {
        assertThat(IgnoredPaths.of(List.of())).isEqualTo(IgnoredPaths.none());
        assertThat(IgnoredPaths.none().contain("GET", "/api/status")).isFalse();
    }

    @Test
    void aPatternIsAboutEveryMethod() {
        IgnoredPaths paths = IgnoredPaths.of(List.of("/a", "*/b"));

        assertThat(paths.contain("GET", "/a")).isTrue();
        assertThat(paths.contain("POST", "/x/b")).isTrue();
        assertThat(paths.contain("GET", "/c")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/user/zoe/api/status",
                "/user/zoe/api/kernels",
                "/user/zoe/gpu/api/sessions",
                "/user/zoe/api/terminals",
                "/user/zoe/api/kernelspecs",
                "/user/zoe/api/me",
                "/user/zoe/api/contents",
                "/user/zoe/api/events/subscribe",
                "/user/zoe/api/metrics/v1",
                "/user/zoe/api/metrics/v1/kernel_usage/get_usage/5",
                "/user/zoe/metrics",
                "/api/status",
            })
    void whatJupyterLabPollsIsIgnoredWhenItIsOnlyRead(String path) {
        assertThat(JUPYTER.contain("GET", path)).isTrue();
        assertThat(JUPYTER.contain("POST", path)).isFalse();
        assertThat(JUPYTER.contain("DELETE", path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/user/zoe/lab",
                "/user/zoe/api/kernels/1/channels",
                "/user/zoe/api/contents/notes.ipynb",
                "/user/zoe/terminals/websocket/1",
                "/user/zoe/api/sessions/1",
            })
    void whatPeopleDoIsNot(String path) {
        assertThat(JUPYTER.contain("GET", path)).isFalse();
    }
}
