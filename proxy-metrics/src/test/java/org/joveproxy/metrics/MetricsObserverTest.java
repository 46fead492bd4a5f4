package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.observe.ProxyObserver.HoldResult;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.junit.jupiter.api.Test;

/** Compares the nine series with a scrape of configurable-http-proxy 5.3.0 that was recorded and is kept beside. */
final class MetricsObserverTest {
    private static final String RECORDED = Exposition.recorded("chp-5.3.0-series.txt");

    private final MetricsObserver observer = new MetricsObserver();

    @Test
    void afterTheSameEventsThePageIsTheOriginals() {
        for (long nanos : List.of(47_222L, 47_605L, 47_605L, 211_068L)) {
            observer.requestStarted(RequestKind.WEB);
            observer.routeLookedUp(nanos);
            observer.responded(404, true);
        }
        observer.routesListed();
        observer.routeAdded();
        observer.activityUpdated(192_293);
        observer.routeDeleted();
        List.of(200, 403, 201, 404, 404).forEach(status -> observer.apiResponded("GET", status, 0));

        // The times differ by the clock of the day; the statuses are sorted here and not there.
        assertThat(withoutTimes(page())).isEqualTo(withoutTimes(Exposition.parse(RECORDED)));
        assertThat(page().families().keySet().stream().toList())
                .isEqualTo(
                        Exposition.parse(RECORDED).families().keySet().stream().toList());
    }

    @Test
    void heldRequestsAreCountedByWhatCameOfThem() {
        observer.holdEnded(HoldResult.CONNECTED);
        observer.holdEnded(HoldResult.CONNECTED);
        observer.holdEnded(HoldResult.LEFT);
        PageWriter page = new PageWriter(PageFormat.TEXT);

        observer.writeRequestsTo(page);

        assertThat(page.toString())
                .contains("jove_requests_held_total{result=\"connected\"} 2\n")
                .contains("jove_requests_held_total{result=\"failed\"} 0\n")
                .contains("jove_requests_held_total{result=\"left\"} 1\n");
    }

    @Test
    void seriesAreSeparatedAsInTheOriginal() {
        PageWriter page = new PageWriter(PageFormat.TEXT);

        observer.writeTo(page);

        assertThat(page.toString()).startsWith("""
                # HELP api_route_get Count of API route get requests
                # TYPE api_route_get counter
                api_route_get 0

                # HELP api_route_add\s""");
        assertThat(RECORDED).startsWith("""
                # HELP api_route_get Count of API route get requests
                # TYPE api_route_get counter
                api_route_get 1

                # HELP api_route_add\s""");
    }

    @Test
    void beforeTheFirstEventEverythingIsZeroOrAbsent() {
        Exposition page = page();

        page.families().forEach((name, family) -> {
            if (name.equals("requests_proxy") || name.equals("requests_api")) {
                assertThat(family.samples()).as(name).isEmpty();
            } else {
                assertThat(family.samples().values()).as(name).isNotEmpty().containsOnly("0");
            }
        });
    }

    @Test
    void websocketsAndPlainRequestsAreCountedApart() {
        observer.requestStarted(RequestKind.WEBSOCKET);
        observer.requestStarted(RequestKind.WEB);
        observer.requestStarted(RequestKind.WEB);

        assertThat(page().value("requests_ws")).isEqualTo(1);
        assertThat(page().value("requests_web")).isEqualTo(2);
    }

    @Test
    void answersOfTheProxyAndOfUpstreamsShareOneCounter() {
        observer.responded(503, true);
        observer.responded(503, false);
        observer.responded(200, false);

        assertThat(page().family("requests_proxy").samples())
                .containsExactly(
                        Map.entry("requests_proxy{status=\"200\"}", "1"),
                        Map.entry("requests_proxy{status=\"503\"}", "2"));
    }

    @Test
    void durationsAreInSecondsWithoutExponents() {
        observer.routeLookedUp(3);

        Map<String, String> samples = page().family("find_target_for_req").samples();

        assertThat(samples).containsEntry("find_target_for_req{quantile=\"0.5\"}", "0.000000003");
        assertThat(samples).containsEntry("find_target_for_req_sum", "0.000000003");
        assertThat(samples).containsEntry("find_target_for_req_count", "1");
    }

    private Exposition page() {
        PageWriter page = new PageWriter(PageFormat.TEXT);
        observer.writeTo(page);
        return Exposition.parse(page.toString());
    }

    private static Map<String, Exposition.Family> withoutTimes(Exposition page) {
        Map<String, Exposition.Family> families = new LinkedHashMap<>();
        page.families().forEach((name, family) -> {
            Map<String, String> samples = new LinkedHashMap<>(family.samples());
            samples.replaceAll(
                    (sample, value) -> sample.contains("quantile") || sample.endsWith("_sum") ? "a time" : value);
            families.put(name, new Exposition.Family(family.help(), family.type(), samples));
        });
        return families;
    }
}
