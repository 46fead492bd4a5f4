package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageFormatTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                "Application/OpenMetrics-Text;Version=1.0.0",
                // What Prometheus 2 and Prometheus 3 send.
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "text/plain;q=0.5, application/openmetrics-text;q=0.5"
            })
    void openMetricsIsForThoseWhoAskForIt(String accept) {
        assertThat(PageFormat.accepted(accept)).isEqualTo(PageFormat.OPENMETRICS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/html,application/xhtml+xml,*/*;q=0.8",
                "text/plain",
                "text/plain, application/openmetrics-text;q=0.5",
                "application/openmetrics-text;version=0.0.1",
                "application/openmetrics-text;version=2.0.0",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=much"
            })
    void everybodyElseGetsTheOriginalsText(String accept) {
        assertThat(PageFormat.accepted(accept)).isEqualTo(PageFormat.TEXT);
    }

    @Test
    void noWishIsText() {
        assertThat(PageFormat.accepted(null)).isEqualTo(PageFormat.TEXT);
    }
}
