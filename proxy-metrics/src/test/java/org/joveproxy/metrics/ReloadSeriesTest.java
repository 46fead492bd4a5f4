package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.ProxyObserver.ReloadResult;
import org.joveproxy.core.observe.Reloadable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReloadSeriesTest {
    private final MetricsObserver observer = new MetricsObserver();
    private final MetricsPage page =
            new MetricsPage(observer, new RouteKeeping().sources(new ConnectionLedger(), () -> 0));

    @AfterEach
    void stop() {
        page.close();
    }

    @Test
    void theEndOfACertificateIsATime() {
        assertThat(page.render(PageFormat.TEXT))
                .contains("jove_tls_certificate_not_after_timestamp_seconds{role=\"client\"} 1795312276.219\n");
    }

    @Test
    void whatBecameOfFilesIsCounted() {
        observer.reloaded(Reloadable.CLIENT_TLS, ReloadResult.TAKEN);
        observer.reloaded(Reloadable.CLIENT_TLS, ReloadResult.REFUSED);
        observer.reloaded(Reloadable.CLIENT_TLS, ReloadResult.REFUSED);
        observer.reloaded(Reloadable.HUB_TOKEN, ReloadResult.TAKEN);

        assertThat(page.render(PageFormat.TEXT))
                .contains(
                        "jove_tls_reloads_total{result=\"taken\",role=\"client\"} 1\n",
                        "jove_tls_reloads_total{result=\"refused\",role=\"client\"} 2\n",
                        "jove_tls_reloads_total{result=\"refused\",role=\"api\"} 0\n",
                        "jove_secret_reloads_total{result=\"taken\",secret=\"hub_token\"} 1\n",
                        "jove_secret_reloads_total{result=\"taken\",secret=\"api_token\"} 0\n");
    }
}
