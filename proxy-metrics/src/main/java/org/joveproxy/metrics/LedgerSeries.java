package org.joveproxy.metrics;

import java.util.List;
import java.util.function.ToLongFunction;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerTotals;
import org.joveproxy.core.lifecycle.LoopLag;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds;
import org.joveproxy.core.observe.Bounds.Bound;

/**
 * The connection ledger and the proxy's bounds as series. They are read when a page is rendered; nobody counts a second time.
 *
 * <p>Immutable.
 */
final class LedgerSeries {
    private static final List<Phase> OF_REQUESTS =
            List.of(Phase.ROUTING, Phase.ACQUIRING, Phase.HELD, Phase.AWAITING_RESPONSE, Phase.RELAYING);
    private static final List<Phase> OF_WEBSOCKETS = List.of(Phase.TUNNEL, Phase.HALF_CLOSED);
    private static final Buckets LAG = Buckets.ofNanos(LoopLag.boundsInNanos());

    private final ConnectionLedger ledger;
    private final Bounds bounds;

    LedgerSeries(ConnectionLedger ledger, Bounds bounds) {
        this.ledger = ledger;
        this.bounds = bounds;
    }

    void writeTo(PageWriter page) {
        LedgerTotals totals = ledger.totals();
        page.write(MeterNames.ACTIVE_REQUESTS, clientsIn(totals, OF_REQUESTS));
        page.write(MeterNames.ACTIVE_WEBSOCKETS, clientsIn(totals, OF_WEBSOCKETS));
        writeSockets(page, totals);
        writeBounds(page);
        LoopLag.Totals lag = ledger.lag();
        page.begin(MeterNames.EVENT_LOOP_LAG);
        page.histogram(MeterNames.EVENT_LOOP_LAG, LAG, lag.counts(), lag.sumNanos());
    }

    private static long clientsIn(LedgerTotals totals, List<Phase> phases) {
        return phases.stream()
                .mapToLong(phase -> totals.open(Role.CLIENT, phase))
                .sum();
    }

    private static void writeSockets(PageWriter page, LedgerTotals totals) {
        page.begin(MeterNames.CONNECTIONS);
        for (Role role : Role.values()) {
            for (Phase phase : Phase.values()) {
                page.sample(MeterNames.CONNECTIONS, totals.open(role, phase), phase.label(), role.label());
            }
        }
        byRole(page, MeterNames.CONNECTIONS_OPEN, totals::open);
        byRole(page, MeterNames.CONNECTIONS_OPENED, totals::opened);
        page.begin(MeterNames.CONNECTIONS_CLOSED);
        for (Role role : Role.values()) {
            for (CloseReason reason : CloseReason.values()) {
                page.sample(MeterNames.CONNECTIONS_CLOSED, totals.closed(role, reason), reason.label(), role.label());
            }
        }
        page.begin(MeterNames.BYTES);
        for (Role role : Role.values()) {
            page.sample(MeterNames.BYTES, totals.bytesIn(role), "in", role.label());
            page.sample(MeterNames.BYTES, totals.bytesOut(role), "out", role.label());
        }
    }

    private static void byRole(PageWriter page, Series series, ToLongFunction<Role> value) {
        page.begin(series);
        for (Role role : Role.values()) {
            page.sample(series, value.applyAsLong(role), role.label());
        }
    }

    private void writeBounds(PageWriter page) {
        page.begin(MeterNames.BOUND_USED);
        for (Bound bound : Bound.values()) {
            page.sample(MeterNames.BOUND_USED, bounds.used(bound), bound.label());
        }
        page.begin(MeterNames.BOUND_LIMIT);
        for (Bound bound : Bound.values()) {
            page.sample(MeterNames.BOUND_LIMIT, bounds.limit(bound), bound.label());
        }
        page.write(MeterNames.BREAKERS_OPEN, bounds.openBreakers());
    }
}
