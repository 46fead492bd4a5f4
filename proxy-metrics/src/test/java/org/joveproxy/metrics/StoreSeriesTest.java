package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.ProxyObserver.HubAnswer;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.routing.StoreStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoreSeriesTest {
    private final MetricsObserver observer = new MetricsObserver();
    private final RouteKeeping keeping = new RouteKeeping();
    private final MetricsPage page = new MetricsPage(observer, keeping.sources(new ConnectionLedger(), () -> 1));

    @AfterEach
    void stop() {
        page.close();
    }

    private double value(String sample) {
        return Exposition.parse(page.render(PageFormat.TEXT)).value(sample);
    }

    @Test
    void beforeAnythingHappensAllIsWellAndNothingCounted() {
        assertThat(value("jove_store_working{kind=\"memory\"}")).isEqualTo(1);
        assertThat(value("jove_store_changes_total{result=\"kept\"}")).isZero();
        assertThat(value("jove_store_changes_total{result=\"not_kept\"}")).isZero();
        assertThat(value("jove_store_duration_seconds_count")).isZero();
        assertThat(value("jove_store_last_success_timestamp_seconds")).isZero();
        assertThat(value("jove_hub_last_contact_timestamp_seconds")).isZero();
        assertThat(value("jove_hub_checks_total{result=\"checked\"}")).isZero();
        assertThat(value("jove_routes_unconfirmed")).isEqualTo(1);
    }

    @Test
    void changesAreCountedByWhetherTheyWereKept() {
        observer.routesKept(3, 2_000_000);
        observer.routesKept(1, 1_000_000);
        observer.routesNotKept(2);

        assertThat(value("jove_store_changes_total{result=\"kept\"}")).isEqualTo(4);
        assertThat(value("jove_store_changes_total{result=\"not_kept\"}")).isEqualTo(2);
        assertThat(value("jove_store_duration_seconds_count")).isEqualTo(2);
        assertThat(value("jove_store_duration_seconds_sum")).isEqualTo(0.003);
        assertThat(value("jove_store_last_success_timestamp_seconds")).isGreaterThan(1_700_000_000);
    }

    @Test
    void aStoreThatFailsShows() {
        keeping.store.is(StoreStatus.failing("memory", "no space left"));

        assertThat(value("jove_store_working{kind=\"memory\"}")).isZero();
    }

    @Test
    void theHubsReadingIsAContact() {
        keeping.restored.tableWasRead(keeping.routes.all());

        assertThat(value("jove_hub_last_contact_timestamp_seconds")).isEqualTo(1_795_312_276.219);
    }

    @Test
    void whoSharesTheStoreIsTold() {
        observer.replicasLate(2);
        observer.replicasLate(1);

        assertThat(value("jove_replicas")).isEqualTo(3);
        assertThat(value("jove_replica_lag")).isEqualTo(7);
        assertThat(value("jove_replicas_late_total")).isEqualTo(3);
    }

    @Test
    void looksAreCountedByResult() {
        observer.lookedAgain(LookResult.FOUND);
        observer.lookedAgain(LookResult.FOUND);
        observer.lookedAgain(LookResult.SHED);

        assertThat(value("jove_second_looks_total{result=\"found\"}")).isEqualTo(2);
        assertThat(value("jove_second_looks_total{result=\"shed\"}")).isEqualTo(1);
        assertThat(value("jove_second_looks_total{result=\"none\"}")).isZero();
        assertThat(value("jove_second_looks_total{result=\"failed\"}")).isZero();
    }

    @Test
    void aStoreThatIsNotSharedHasNoReplicas() {
        MetricsPage.Sources alone = new MetricsPage.Sources(
                new MetricsPage.Build("1.2.3", "epoll", "none"),
                new ConnectionLedger(),
                new HalfFull(),
                () -> 1,
                keeping.counts,
                keeping.store,
                keeping.restored,
                null,
                List.of());
        try (MetricsPage of = new MetricsPage(observer, alone)) {
            assertThat(of.render(PageFormat.TEXT)).doesNotContain("jove_replica", "jove_second_looks");
        }
    }

    @Test
    void theHubsAnswersAreCounted() {
        observer.hubAsked(HubAnswer.FAILED);
        observer.hubAsked(HubAnswer.FAILED);
        observer.hubAsked(HubAnswer.CHECKED);

        assertThat(value("jove_hub_checks_total{result=\"failed\"}")).isEqualTo(2);
        assertThat(value("jove_hub_checks_total{result=\"checked\"}")).isEqualTo(1);
        assertThat(value("jove_hub_checks_total{result=\"refused\"}")).isZero();
    }
}
