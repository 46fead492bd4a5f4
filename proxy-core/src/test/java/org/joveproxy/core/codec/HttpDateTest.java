package org.joveproxy.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDateTest {
    private final HttpDate date = new HttpDate();

    @ParameterizedTest
    @CsvSource({
        "0, 'Thu, 01 Jan 1970 00:00:00 GMT'",
        "784111777000, 'Sun, 06 Nov 1994 08:49:37 GMT'",
        "951827696789, 'Tue, 29 Feb 2000 12:34:56 GMT'"
    })
    void itHasTheFormOfTheSpecification(long millis, String expected) {
        assertThat(date.at(millis)).isEqualTo(expected);
    }

    @Test
    void itChangesOnlyWithTheSecond() {
        String first = date.at(1_000);

        assertThat(date.at(1_999)).isSameAs(first);
        assertThat(date.at(2_000)).isNotEqualTo(first);
        assertThat(date.at(1_500)).isEqualTo(first);
    }
}
