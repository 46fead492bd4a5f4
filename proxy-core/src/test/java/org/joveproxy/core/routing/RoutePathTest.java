package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutePathTest {
    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "//, /",
        "x, /x",
        "/x, /x",
        "/x/, /x",
        "x/, /x",
        "/x//, /x",
        "//x, /x",
        "/x/y, /x/y",
        "/x//y/, /x//y",
        "//x//y//, /x//y",
        "x y, /x y",
    })
    void slashesAtTheEndsDoNotMatter(String path, String cleaned) {
        assertThat(RoutePath.clean(path)).isEqualTo(cleaned);
    }

    @Test
    void aCleanPathIsNotCopied() {
        String path = "/user/zoe";

        assertThat(RoutePath.clean(path)).isSameAs(path);
    }

    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "/user/zoe, /user/zoe",
        "/user/has%40, /user/has@",
        "/user/%E7%A7%80%E6%A8%B9/, /user/秀樹",
        "/a%2Fb, /a/b",
        "/a%2F, /a",
        "/x%2By%3Az, /x+y:z",
        "/x+y, /x+y",
        "/%40/space%20word, /@/space word",
    })
    void anApiPathIsDecodedWhole(String raw, String path) throws MalformedPathException {
        assertThat(RoutePath.decodeApiPath(raw)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%zz", "/a%2", "/a%ff", "/%c0%af", "/%ed%a0%80", "/%+f"})
    void anUndecodableApiPathIsRefused(String raw) {
        assertThatThrownBy(() -> RoutePath.decodeApiPath(raw)).isInstanceOf(MalformedPathException.class);
    }

    @ParameterizedTest
    @CsvSource({"/, ''", "/host, host", "/host/user/zoe, host"})
    void theFirstSegmentIsTheHost(String path, String first) {
        assertThat(RoutePath.firstSegment(path)).isEqualTo(first);
    }
}
