package org.joveproxy.core.routing;

import java.util.OptionalLong;

/**
 * What is known of a route that came out of a store when the proxy started. Until the hub confirms it, nobody has said
 * that its server is still there, or is still the same user's.
 *
 * <p>Any thread may call any method. Times are in milliseconds since 1970.
 */
public final class Restoration {
    private static final long NEVER = -1;

    private final long restoredMillis;
    private volatile boolean confirmed;
    private volatile long listedMillis = NEVER;
    private volatile long refusedMillis = NEVER;

    Restoration(long restoredMillis) {
        this.restoredMillis = restoredMillis;
    }

    /** When the route came out of the store. */
    public long restoredMillis() {
        return restoredMillis;
    }

    /** Whether somebody who may change routes has seen this one and kept it. */
    public boolean isConfirmed() {
        return confirmed;
    }

    /** Notes that the route is as it should be. */
    public void confirm() {
        confirmed = true;
    }

    /** Notes that the route was in a listing of the whole table; the first time counts. */
    public void listed(long epochMillis) {
        if (listedMillis == NEVER) {
            listedMillis = epochMillis;
        }
    }

    /** When the route was first in a listing, if it was. */
    public OptionalLong listedMillis() {
        return time(listedMillis);
    }

    /**
     * Notes that the route's target refused a connection. Returns whether it did so for the first time. Race: two threads
     * may both be the first; that is one line more in the log.
     */
    public boolean refused(long epochMillis) {
        boolean isFirst = refusedMillis == NEVER;
        refusedMillis = epochMillis;
        return isFirst;
    }

    /** When the target last refused a connection, if it did. */
    public OptionalLong refusedMillis() {
        return time(refusedMillis);
    }

    private static OptionalLong time(long millis) {
        return millis == NEVER ? OptionalLong.empty() : OptionalLong.of(millis);
    }
}
