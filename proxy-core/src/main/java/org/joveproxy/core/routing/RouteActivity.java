package org.joveproxy.core.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When a route was last used.
 *
 * <p>Any thread may call any method. One slot and no fence: a reader sees every write before long.
 */
public final class RouteActivity {
    // Race: two threads may write at once and the earlier time may stay. What is read from here is compared with
    // minutes.
    private static final VarHandle LAST_MILLIS;

    static {
        try {
            LAST_MILLIS = MethodHandles.lookup().findVarHandle(RouteActivity.class, "lastMillis", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read and written through LAST_MILLIS
    private long lastMillis;

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
}
