package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u2028b", "a\u0085b", "a\u001bb", "a\u202eb", "a\0b"})
    void nothingCanEndALine(String text) {
        assertThat(LogText.oneLine(text)).isEqualTo("a?b");
    }

    @Test
    void ordinaryTextStays() {
        assertThat(LogText.oneLine("/user/秀樹/a b%20\"")).isEqualTo("/user/秀樹/a b%20\"");
    }

    @Test
    void aLineIsBounded() {
        assertThat(LogText.oneLine("x".repeat(100_000))).hasSize(2048 + 3);
    }

    @Test
    void fieldsAreNamedWithoutTheirValues() {
        assertThat(LogText.fields(Map.of("token", "s3cret"))).isEqualTo("the fields [token]");
    }

    @Test
    void theListOfFieldsIsBounded() {
        Map<String, Integer> many = IntStream.range(0, 10_000)
                .boxed()
                .collect(Collectors.toMap(n -> n + "x".repeat(100), Function.identity()));

        assertThat(LogText.fields(many)).hasSizeLessThan(20 * 70 + 50).endsWith(", ...]");
    }
}
