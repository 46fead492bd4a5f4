package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.joveproxy.metrics.Exemplars.Exemplar;
import org.junit.jupiter.api.Test;

final class ExemplarsTest {
    private final MetricsObserver observer = new MetricsObserver();

    private List<String> buckets(PageFormat format) {
        PageWriter page = new PageWriter(format);
        observer.writeRequestsTo(page);
        return page.toString()
                .lines()
                .filter(line -> line.startsWith("jove_http_request_duration_seconds_bucket"))
                .toList();
    }

    @Test
    void eachBucketTellsOfOneOfItsRequests() {
        observer.exchangeEnded(Ended.well().named("quick-1", 2_000_000));
        observer.exchangeEnded(Ended.well().named("slow-1", 40_000_000_000L));

        assertThat(buckets(PageFormat.OPENMETRICS))
                .filteredOn(line -> line.contains("#"))
                .hasSize(2)
                .satisfiesExactly(
                        quick -> assertThat(quick)
                                .matches(
                                        ".*,le=\"0.0025\"} 1 # \\{request_id=\"quick-1\"} 0.002 [0-9]{10}(\\.[0-9]{1,3})?"),
                        slow -> assertThat(slow)
                                .matches(".*,le=\"60.0\"} 2 # \\{request_id=\"slow-1\"} 40 [0-9]{10}(\\.[0-9]{1,3})?"));
    }

    @Test
    void theTextFormatHasNone() {
        observer.exchangeEnded(Ended.well().named("quick-1", 2_000_000));

        assertThat(buckets(PageFormat.TEXT)).isNotEmpty().noneMatch(line -> line.contains("#"));
    }

    @Test
    void aRequestWithoutANameIsNone() {
        observer.exchangeEnded(Ended.well());

        assertThat(buckets(PageFormat.OPENMETRICS)).isNotEmpty().noneMatch(line -> line.contains("#"));
    }

    @Test
    void oneIsKeptForASecond() {
        Exemplars exemplars = new Exemplars(2);

        exemplars.offer(1, "a", 1, 10_000);
        exemplars.offer(1, "b", 2, 10_999);
        assertThat(exemplars.at(1)).isEqualTo(new Exemplar("a", 1, 10_000));
        exemplars.offer(1, "c", 3, 11_000);
        assertThat(exemplars.at(1)).isEqualTo(new Exemplar("c", 3, 11_000));
        assertThat(exemplars.at(0)).isNull();
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepOneForLong() {
        Exemplars exemplars = new Exemplars(1);

        exemplars.offer(0, "a", 1, 10_000_000);
        exemplars.offer(0, "b", 2, 10_000);

        assertThat(exemplars.at(0)).isEqualTo(new Exemplar("b", 2, 10_000));
    }

    @Test
    void aNameThatIsTooLongForTheFormatIsLeftOut() {
        Exemplars exemplars = new Exemplars(1);

        exemplars.offer(0, "x".repeat(119), 1, 10_000);
        assertThat(exemplars.at(0)).isNull();
        exemplars.offer(0, "x".repeat(118), 1, 10_000);
        assertThat(exemplars.at(0)).isNotNull();
    }
}
