package org.joveproxy.metrics;

import org.joveproxy.core.observe.ProxyObserver.HubAnswer;
import org.joveproxy.core.observe.ProxyObserver.LookResult;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * How well the routes are kept, and whether the hub looks after them, as series.
 *
 * <p>Immutable.
 */
final class StoreSeries {
    private final MetricsObserver counts;
    private final RouteStore store;
    private final RestoredRoutes restored;
    private final MetricsPage.@Nullable Sharing sharing;

    StoreSeries(
            MetricsObserver counts, RouteStore store, RestoredRoutes restored, MetricsPage.@Nullable Sharing sharing) {
        this.counts = counts;
        this.store = store;
        this.restored = restored;
        this.sharing = sharing;
    }

    void writeTo(PageWriter page) {
        page.write(MeterNames.ROUTES_UNCONFIRMED, restored.unconfirmed());
        StoreStatus status = store.status();
        page.begin(MeterNames.STORE_WORKING);
        page.sample(MeterNames.STORE_WORKING, status.isWorking() ? 1 : 0, status.kind());
        counts.writeStoreTo(page);
        if (sharing != null) {
            writeSharing(page, sharing);
        }
        page.writeTime(MeterNames.HUB_LAST_CONTACT, restored.tableReadMillis().orElse(0));
        page.begin(MeterNames.HUB_CHECKS);
        for (HubAnswer answer : HubAnswer.values()) {
            page.sample(MeterNames.HUB_CHECKS, counts.hubAnswers(answer), answer.label());
        }
    }

    private void writeSharing(PageWriter page, MetricsPage.Sharing with) {
        page.write(MeterNames.REPLICAS, with.replicas().getAsInt());
        page.write(MeterNames.REPLICA_LAG, with.lag().getAsLong());
        page.write(MeterNames.REPLICAS_LATE, counts.lateReplicas());
        page.begin(MeterNames.SECOND_LOOKS);
        for (LookResult result : LookResult.values()) {
            page.sample(MeterNames.SECOND_LOOKS, counts.looks(result), result.label());
        }
    }
}
