package org.joveproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds;
import org.joveproxy.core.observe.Bounds.Bound;

/**
 * The connection ledger, the proxy's bounds and the size of the route table as meters. They are read when a page is rendered; nobody counts
 * a second time.
 *
 * <p>Immutable.
 */
final class LedgerGauges implements MeterBinder {
    private final ConnectionLedger ledger;
    private final Bounds bounds;
    private final IntSupplier routeCount;

    LedgerGauges(ConnectionLedger ledger, Bounds bounds, IntSupplier routeCount) {
        this.ledger = ledger;
        this.bounds = bounds;
        this.routeCount = routeCount;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Role role : Role.values()) {
            bindSockets(registry, role);
            bindBytes(registry, role);
        }
        for (Bound bound : Bound.values()) {
            bindBound(registry, bound);
        }
        Gauge.builder(MeterNames.BREAKERS_OPEN.name(), bounds, Bounds::openBreakers)
                .description(MeterNames.BREAKERS_OPEN.help())
                .register(registry);
        Gauge.builder(MeterNames.ROUTES.name(), routeCount, IntSupplier::getAsInt)
                .description(MeterNames.ROUTES.help())
                .strongReference(true)
                .register(registry);
    }

    private void bindSockets(MeterRegistry registry, Role role) {
        gauge(MeterNames.CONNECTIONS_OPEN, book -> book.openCount(role))
                .tag(MeterNames.ROLE, role.label())
                .register(registry);
        counter(MeterNames.CONNECTIONS_OPENED, book -> book.openedCount(role))
                .tag(MeterNames.ROLE, role.label())
                .register(registry);
        for (Phase phase : Phase.values()) {
            gauge(MeterNames.CONNECTIONS, book -> book.totals().open(role, phase))
                    .tag(MeterNames.ROLE, role.label())
                    .tag(MeterNames.PHASE, phase.label())
                    .register(registry);
        }
        for (CloseReason reason : CloseReason.values()) {
            counter(MeterNames.CONNECTIONS_CLOSED, book -> book.totals().closed(role, reason))
                    .tag(MeterNames.ROLE, role.label())
                    .tag(MeterNames.REASON, reason.label())
                    .register(registry);
        }
    }

    private void bindBound(MeterRegistry registry, Bound bound) {
        Gauge.builder(MeterNames.BOUND_USED.name(), bounds, all -> all.used(bound))
                .description(MeterNames.BOUND_USED.help())
                .tag(MeterNames.BOUND, bound.label())
                .register(registry);
        Gauge.builder(MeterNames.BOUND_LIMIT.name(), bounds, all -> all.limit(bound))
                .description(MeterNames.BOUND_LIMIT.help())
                .tag(MeterNames.BOUND, bound.label())
                .register(registry);
    }

    private void bindBytes(MeterRegistry registry, Role role) {
        counter(MeterNames.BYTES, book -> book.totals().bytesIn(role))
                .tag(MeterNames.ROLE, role.label())
                .tag(MeterNames.DIRECTION, "in")
                .register(registry);
        counter(MeterNames.BYTES, book -> book.totals().bytesOut(role))
                .tag(MeterNames.ROLE, role.label())
                .tag(MeterNames.DIRECTION, "out")
                .register(registry);
    }

    private Gauge.Builder<ConnectionLedger> gauge(Series series, ToDoubleFunction<ConnectionLedger> value) {
        return Gauge.builder(series.name(), ledger, value).description(series.help());
    }

    private FunctionCounter.Builder<ConnectionLedger> counter(Series series, ToDoubleFunction<ConnectionLedger> value) {
        return FunctionCounter.builder(series.name(), ledger, value).description(series.help());
    }
}
