package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InactiveSinceTest {
    // Asked of Node: Date.parse(...).
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "2026-11-22T01:51:16.219Z|1795312276219",
                "2026-11-22T01:51:16Z|1795312276000",
                "2026-11-22T01:51Z|1795312260000",
                "2026-11-22|1795305600000",
                "2026-11|1793491200000",
                "2026|1767225600000",
                "2026-11-22T01:51:16+01:00|1795308676000",
                "2026-11-22T01:51:16.219123Z|1795312276219",
                "2026-11-22T01:51:16.2Z|1795312276200",
                "2026-11-22T01:51:16+0100|1795308676000",
                "2026-11-22T01:51:16-00:00|1795312276000",
                "2026-11-22 01:51:16Z|1795312276000",
                "2026-11-22 01:51:16+00:00|1795312276000",
                "2026-11-22 01:51:16.219123+00:00|1795312276219",
                "2026-11-22t01:51:16z|1795312276000",
                " 2026-11-22 |1795305600000",
                "2026-02-30|1772409600000",
                "2026-11-31|1796083200000",
                "2026-11-22T24:00:00Z|1795392000000",
                "1969-01-01T00:00:00Z|-31536000000",
                "9999-12-31T23:59:59Z|253402300799000",
                "Sun, 22 Nov 2026 01:51:16 GMT|1795312276000",
                "22 Nov 2026 01:51:16 GMT|1795312276000",
                "22 Nov 2026 01:51:16 +0100|1795308676000",
                "Sun Nov 22 2026 01:51:16 GMT+0100 (CET)|1795308676000",
            })
    void aTimeIsReadAsJavaScriptReadsIt(String text, long millis) {
        assertThat(new InactiveSince(text).epochMillis()).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T01:51:16, 2026-11-22T01:51:16",
        "2026-11-22T01:51:16.219, 2026-11-22T01:51:16.219",
        "2026-11-22T01:51, 2026-11-22T01:51",
        "2026-11-22 01:51:16, 2026-11-22T01:51:16",
    })
    void aTimeWithoutAZoneIsLocal(String text, LocalDateTime local) {
        long millis = local.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();

        assertThat(new InactiveSince(text).epochMillis()).hasValue(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T01:51:16 00:00",
                "1700000000000",
                "1700000000",
                "13",
                "abc",
                ",",
                "2026-11-32",
                "2026-13-01",
                "2026-11-22T25:00:00Z",
                "2026-11-22T01:60:00Z",
                "2026-11-22T23:59:60Z",
                "2026-11-22T01:51:16.Z",
                "20261122T015116Z",
                "20261122",
                "2026-W01",
                "now",
                "today",
                "2026-11-22T01:51:16,219Z",
                "2026-11-22T01:51:16 +0000",
                "2026-11-22T01:51:16 Z",
                "2026-11-22T01:51:16 UTC",
                "2026-11-22T01Z",
                "1 hour ago",
            })
    void whatIsNoTimeForJavaScriptIsNone(String text) {
        assertThat(new InactiveSince(text).epochMillis()).isEmpty();
    }

    // Asked of Node: new URL("http://x/?" + query).searchParams.get("inactiveSince") || .get("inactive_since").
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "inactiveSince=2026 2026",
                "inactive_since=2026 2026",
                "inactive_since=2025&inactiveSince=2026 2026",
                "inactiveSince=&inactive_since=2025 2025",
                "inactiveSince=2026&inactiveSince=2027 2026",
                "x=1&inactiveSince=2026&y 2026",
                "inactive%53ince=2026 2026",
                "inactiveSince=a%3Ab%2Bc a:b+c",
                "inactiveSince=%zz %zz",
                "inactiveSince=a=b a=b",
            })
    void theFirstThatIsNotEmptyCounts(String query, String text) {
        assertThat(textIn(query)).isEqualTo(text);
    }

    @Test
    void aPlusIsASpace() {
        assertThat(textIn("inactiveSince=a+b")).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x=1", "inactiveSince", "inactiveSince=", "INACTIVESINCE=2026", "a&&b"})
    void mostQueriesAskForNothing(String query) {
        assertThat(InactiveSince.in(query)).isNull();
    }

    @Test
    void aRequestWithoutAQueryAsksForNothing() {
        assertThat(InactiveSince.in(null)).isNull();
    }

    private static @Nullable String textIn(String query) {
        InactiveSince since = InactiveSince.in(query);
        return since == null ? null : since.text();
    }
}
