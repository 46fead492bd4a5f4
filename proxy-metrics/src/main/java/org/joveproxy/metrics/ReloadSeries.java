package org.joveproxy.metrics;

import java.util.Arrays;
import java.util.List;
import org.joveproxy.core.observe.ProxyObserver.ReloadResult;
import org.joveproxy.core.observe.Reloadable;

/**
 * Until when the proxy's certificates are valid, and what became of files that were read again, as series.
 *
 * <p>Immutable.
 */
final class ReloadSeries {
    private static final List<Reloadable> TLS =
            Arrays.stream(Reloadable.values()).filter(Reloadable::isTls).toList();
    private static final List<Reloadable> SECRETS =
            Arrays.stream(Reloadable.values()).filter(what -> !what.isTls()).toList();

    private final MetricsObserver counts;
    private final List<MetricsPage.Certificate> certificates;

    ReloadSeries(MetricsObserver counts, List<MetricsPage.Certificate> certificates) {
        this.counts = counts;
        this.certificates = certificates;
    }

    void writeTo(PageWriter page) {
        if (!certificates.isEmpty()) {
            page.begin(MeterNames.TLS_NOT_AFTER);
        }
        for (MetricsPage.Certificate each : certificates) {
            page.sampleTime(
                    MeterNames.TLS_NOT_AFTER,
                    each.notAfterMillis().getAsLong(),
                    each.of().label());
        }
        write(page, MeterNames.TLS_RELOADS, TLS);
        write(page, MeterNames.SECRET_RELOADS, SECRETS);
    }

    private void write(PageWriter page, Series series, List<Reloadable> all) {
        page.begin(series);
        for (Reloadable what : all) {
            for (ReloadResult result : ReloadResult.values()) {
                page.sample(series, counts.reloads(what, result), result.label(), what.label());
            }
        }
    }
}
