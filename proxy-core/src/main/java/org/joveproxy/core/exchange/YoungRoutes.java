package org.joveproxy.core.exchange;

import java.time.Duration;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Says which requests of one event loop are held: those whose route was just added, while its server does not accept
 * connections yet.
 *
 * <p>Confined to the event loop.
 */
@EventLoopConfined
public final class YoungRoutes {
    private static final long AGAIN_MILLIS = 250;
    private static final long SPREAD_MILLIS = 50;

    private final long youthNanos;
    private final int mostHeld;
    private int held;

    /**
     * Holds requests of routes that are younger than {@code youth}, or none when that is null.
     *
     * @param mostHeld how many at the same time
     */
    public YoungRoutes(@Nullable Duration youth, int mostHeld) {
        this.youthNanos = youth == null ? 0 : youth.toNanos();
        this.mostHeld = mostHeld;
    }

    /** How long a request by {@code route} may be held at {@code nanoTime} because of {@code why}; 0 when it may not. */
    long nanosToHold(Route route, Failure why, long nanoTime) {
        if (youthNanos == 0 || why.origin() != FailureKind.CONNECT_REFUSED) {
            return 0;
        }
        return Math.max(0, youthNanos - route.ageNanos(nanoTime));
    }

    /** Takes the place of a request to be held, or returns false when all are taken. */
    boolean tryEnter() {
        if (held >= mostHeld) {
            return false;
        }
        held++;
        return true;
    }

    /** Gives the place of a request back that is held no longer. */
    void leave() {
        held--;
    }

    /** When to try again, in milliseconds; requests that were refused together do not all come back together. */
    long pauseMillis(int seed) {
        return AGAIN_MILLIS + Math.floorMod(seed, SPREAD_MILLIS);
    }
}
