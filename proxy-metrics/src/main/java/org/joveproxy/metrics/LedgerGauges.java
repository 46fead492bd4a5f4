package org.joveproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Role;

/**
 * The connection ledger and the size of the route table as meters. They are read when a page is rendered; nobody counts
 * a second time.
 *
 * <p>Immutable.
 */
final class LedgerGauges implements MeterBinder {
    private final ConnectionLedger ledger;
    private final IntSupplier routeCount;

    LedgerGauges(ConnectionLedger ledger, IntSupplier routeCount) {
        this.ledger = ledger;
        this.routeCount = routeCount;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Role role : Role.values()) {
            Gauge.builder(MeterNames.CONNECTIONS_OPEN.name(), ledger, book -> book.openCount(role))
                    .description(MeterNames.CONNECTIONS_OPEN.help())
                    .tag(MeterNames.ROLE, label(role))
                    .register(registry);
            FunctionCounter.builder(MeterNames.CONNECTIONS_OPENED.name(), ledger, book -> book.openedCount(role))
                    .description(MeterNames.CONNECTIONS_OPENED.help())
                    .tag(MeterNames.ROLE, label(role))
                    .register(registry);
        }
        for (CloseReason reason : CloseReason.values()) {
            FunctionCounter.builder(MeterNames.CONNECTIONS_CLOSED.name(), ledger, book -> book.closedCount(reason))
                    .description(MeterNames.CONNECTIONS_CLOSED.help())
                    .tag(MeterNames.REASON, reason.label())
                    .register(registry);
        }
        Gauge.builder(MeterNames.ROUTES.name(), routeCount, IntSupplier::getAsInt)
                .description(MeterNames.ROUTES.help())
                .strongReference(true)
                .register(registry);
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
