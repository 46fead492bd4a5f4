package org.joveproxy.core.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * When a route was last used, and what goes over it.
 *
 * <p>Any thread may call any method. The time is one slot without a fence: a reader sees every write before long.
 */
public final class RouteActivity {
    // Race: two threads may write at once and the earlier time may stay. What is read from here is compared with
    // minutes.
    private static final VarHandle LAST_MILLIS;
    private static final VarHandle TRAFFIC;

    static {
        try {
            LAST_MILLIS = MethodHandles.lookup().findVarHandle(RouteActivity.class, "lastMillis", long.class);
            TRAFFIC = MethodHandles.lookup().findVarHandle(RouteActivity.class, "traffic", RouteTraffic.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read and written through LAST_MILLIS
    private long lastMillis;

    // Most of many routes are not in use, and need none.
    private volatile @Nullable RouteTraffic traffic;

    /** An activity slot that was last touched at {@code epochMillis}. */
    public RouteActivity(long epochMillis) {
        LAST_MILLIS.setOpaque(this, epochMillis);
    }

    /** Takes {@code epochMillis} for the last use, whatever was noted before. */
    public void set(long epochMillis) {
        LAST_MILLIS.setOpaque(this, epochMillis);
    }

    /**
     * Notes that the route was used at {@code epochMillis}, unless a later use is known: by the clock of another replica,
     * or by this machine's before it was set back.
     */
    public void touch(long epochMillis) {
        if (epochMillis > lastMillis()) {
            set(epochMillis);
        }
    }

    /** The time of the last use, in milliseconds since 1970. */
    public long lastMillis() {
        return (long) LAST_MILLIS.getOpaque(this);
    }

    /** Where to count what goes over the route. */
    public RouteTraffic countTraffic() {
        RouteTraffic known = traffic;
        if (known != null) {
            return known;
        }
        RouteTraffic first = new RouteTraffic();
        RouteTraffic other = (RouteTraffic) TRAFFIC.compareAndExchange(this, (RouteTraffic) null, first);
        return other == null ? first : other;
    }

    /** What was counted of it, or null when nothing has gone over the route yet. */
    public @Nullable RouteTraffic traffic() {
        return traffic;
    }
}
