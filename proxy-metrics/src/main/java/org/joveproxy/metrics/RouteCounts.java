package org.joveproxy.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteClass;
import org.joveproxy.core.routing.RouteListener;
import org.jspecify.annotations.Nullable;

/**
 * Counts routes by whom they are for, and the changes of the table, wherever they came from.
 *
 * <p>Any thread may call any method. It has to hear of every change from the first one on; a page then costs the same
 * whatever the number of routes.
 */
@SuppressWarnings("EnumOrdinal") // the places of the counters are nobody's business but this class's
public final class RouteCounts implements RouteListener {
    private static final List<RouteClass> CLASSES = List.of(RouteClass.values());

    private static final int ADDED = CLASSES.size();
    private static final int REPLACED = ADDED + 1;
    private static final int REMOVED = REPLACED + 1;

    private final AtomicLongArray counts = new AtomicLongArray(REMOVED + 1);

    @Override
    public void changed(@Nullable Route before, @Nullable Route after) {
        if (before != null) {
            counts.getAndDecrement(before.routeClass().ordinal());
        }
        if (after != null) {
            counts.getAndIncrement(after.routeClass().ordinal());
        }
        if (before == null) {
            counts.getAndIncrement(ADDED);
        } else {
            counts.getAndIncrement(after == null ? REMOVED : REPLACED);
        }
    }

    void writeTo(PageWriter page) {
        page.begin(MeterNames.ROUTES_BY_CLASS);
        for (RouteClass each : CLASSES) {
            page.sample(MeterNames.ROUTES_BY_CLASS, counts.get(each.ordinal()), each.label());
        }
        page.begin(MeterNames.ROUTES_CHANGED);
        page.sample(MeterNames.ROUTES_CHANGED, counts.get(ADDED), "added");
        page.sample(MeterNames.ROUTES_CHANGED, counts.get(REPLACED), "replaced");
        page.sample(MeterNames.ROUTES_CHANGED, counts.get(REMOVED), "removed");
    }
}
