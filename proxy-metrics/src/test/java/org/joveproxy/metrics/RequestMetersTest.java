package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.observe.ProxyObserver.PageResult;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.junit.jupiter.api.Test;

final class RequestMetersTest {
    private final MetricsObserver observer = new MetricsObserver();

    private Exposition page() {
        PageWriter page = new PageWriter(PageFormat.TEXT);
        observer.writeRequestsTo(page);
        return Exposition.parse(page.toString());
    }

    private Map<String, String> samples(String name) {
        return page().family(name).samples();
    }

    @Test
    void requestsAreCountedByTheirEnd() {
        observer.exchangeEnded(Ended.well());
        observer.exchangeEnded(Ended.well());
        observer.exchangeEnded(Ended.well().with(200, Ending.CUT_OFF, 1));
        observer.exchangeEnded(Ended.well().with(0, Ending.CLIENT_LEFT, 1));
        observer.exchangeEnded(Ended.failed(FailureKind.NO_ROUTE));

        assertThat(samples("jove_http_requests_total"))
                .isEqualTo(Map.of(
                        request("200", "complete", "upstream", ""), "2",
                        request("200", "cut_off", "upstream", ""), "1",
                        request("none", "client_left", "upstream", ""), "1",
                        request("404", "failed", "proxy", "no_route"), "1"));
    }

    private static String request(String code, String ending, String origin, String reason) {
        return "jove_http_requests_total{code=\"%s\",ending=\"%s\",kind=\"web\",origin=\"%s\",reason=\"%s\"}"
                .formatted(code, ending, origin, reason);
    }

    @Test
    void noUpstreamCanMakeUpValuesOfALabel() {
        for (int status = 0; status < 2_000; status++) {
            observer.exchangeEnded(Ended.well().with(status, Ending.COMPLETE, 1));
        }

        assertThat(samples("jove_http_requests_total"))
                .hasSize(StatusCodes.count())
                .hasSizeLessThan(80)
                .containsEntry(request("5xx", "complete", "upstream", ""), "89")
                .containsEntry(request("418", "complete", "upstream", ""), "1");
    }

    @Test
    void durationsAreByWhomTheRouteIsFor() {
        observer.exchangeEnded(Ended.well());
        observer.exchangeEnded(new Ended(
                RequestKind.WEB,
                null,
                404,
                Ending.FAILED,
                FailureKind.NO_ROUTE,
                false,
                -1,
                -1,
                400_000_000_000L,
                0,
                9,
                null));

        assertThat(samples("jove_http_request_duration_seconds"))
                .containsEntry(duration("_bucket", "user", ",le=\"0.0025\""), "0")
                .containsEntry(duration("_bucket", "user", ",le=\"0.005\""), "1")
                .containsEntry(duration("_bucket", "user", ",le=\"+Inf\""), "1")
                .containsEntry(duration("_sum", "user", ""), "0.004")
                .containsEntry(duration("_count", "user", ""), "1")
                .containsEntry(duration("_bucket", "none", ",le=\"300.0\""), "0")
                .containsEntry(duration("_bucket", "none", ",le=\"+Inf\""), "1")
                .containsEntry(duration("_sum", "none", ""), "400");
    }

    private static String duration(String ending, String routeClass, String more) {
        return "jove_http_request_duration_seconds%s{kind=\"web\",route_class=\"%s\"%s}"
                .formatted(ending, routeClass, more);
    }

    @Test
    void anOpenWebsocketIsNoLongRequest() {
        observer.exchangeEnded(Ended.well().of(RequestKind.WEBSOCKET).with(101, Ending.COMPLETE, 7_200_000_000_001L));
        observer.exchangeEnded(Ended.failed(FailureKind.UPGRADE_TIMEOUT).of(RequestKind.WEBSOCKET));

        assertThat(samples("jove_websocket_duration_seconds"))
                .containsEntry("jove_websocket_duration_seconds_bucket{le=\"7200.0\"}", "0")
                .containsEntry("jove_websocket_duration_seconds_bucket{le=\"14400.0\"}", "1")
                .containsEntry("jove_websocket_duration_seconds_count", "1");
        assertThat(samples("jove_http_request_duration_seconds"))
                .containsEntry(
                        "jove_http_request_duration_seconds_count{kind=\"websocket\",route_class=\"user\"}", "1");
    }

    @Test
    void whatNeverCameIsNoTime() {
        observer.exchangeEnded(Ended.well());
        observer.exchangeEnded(Ended.failed(FailureKind.CONNECT_REFUSED));

        assertThat(page().value("jove_time_to_first_byte_seconds_count")).isEqualTo(1);
        assertThat(page().value("jove_time_to_first_byte_seconds_sum")).isEqualTo(0.003);
        assertThat(page().value("jove_upstream_connection_wait_seconds_count{connection=\"reused\"}"))
                .isEqualTo(1);
        assertThat(page().value("jove_upstream_connection_wait_seconds_count{connection=\"new\"}"))
                .isZero();
    }

    @Test
    void onlyFailuresOfUpstreamsAreTheirErrors() {
        for (FailureKind failure : FailureKind.values()) {
            observer.exchangeEnded(Ended.failed(failure));
        }
        observer.exchangeEnded(Ended.well().with(200, Ending.CUT_OFF, 1));

        assertThat(samples("jove_upstream_errors_total"))
                .hasSize(9)
                .containsEntry("jove_upstream_errors_total{reason=\"connect_refused\"}", "1")
                .containsEntry("jove_upstream_errors_total{reason=\"cut_off\"}", "1")
                .doesNotContainKey("jove_upstream_errors_total{reason=\"breaker_open\"}")
                .doesNotContainKey("jove_upstream_errors_total{reason=\"no_route\"}");
    }

    @Test
    void bytesAreByKind() {
        observer.exchangeEnded(Ended.well());
        observer.exchangeEnded(Ended.well());
        observer.exchangeEnded(Ended.well().of(RequestKind.WEBSOCKET));

        assertThat(samples("jove_http_body_bytes_total"))
                .containsEntry("jove_http_body_bytes_total{direction=\"in\",kind=\"web\"}", "20")
                .containsEntry("jove_http_body_bytes_total{direction=\"out\",kind=\"web\"}", "4000")
                .containsEntry("jove_http_body_bytes_total{direction=\"out\",kind=\"websocket\"}", "2000");
    }

    @Test
    void theApisAnswersAreByMethod() {
        observer.apiResponded("GET", 200, 3_000_000);
        observer.apiResponded("POST", 201, 1);
        observer.apiResponded("FROB", 405, 1);
        observer.apiResponded("", 400, 0);

        assertThat(samples("jove_api_requests_total"))
                .isEqualTo(Map.of(
                        "jove_api_requests_total{code=\"200\",method=\"GET\"}", "1",
                        "jove_api_requests_total{code=\"201\",method=\"POST\"}", "1",
                        "jove_api_requests_total{code=\"405\",method=\"other\"}", "1",
                        "jove_api_requests_total{code=\"400\",method=\"other\"}", "1"));
        assertThat(page().value("jove_api_request_duration_seconds_sum{method=\"GET\"}"))
                .isEqualTo(0.003);
        assertThat(page().value("jove_api_request_duration_seconds_count{method=\"other\"}"))
                .isEqualTo(1);
    }

    @Test
    void errorPagesAreByWhatCameOfThem() {
        observer.errorPageAsked(PageResult.SHED);

        assertThat(samples("jove_error_page_requests_total"))
                .isEqualTo(Map.of(
                        "jove_error_page_requests_total{result=\"fetched\"}", "0",
                        "jove_error_page_requests_total{result=\"failed\"}", "0",
                        "jove_error_page_requests_total{result=\"shed\"}", "1"));
    }
}
