package org.joveproxy.core.lifecycle;

/**
 * What somebody wants to know of the ledger.
 *
 * <p>Immutable.
 *
 * @param filter which sockets it is about
 * @param limit how many of them to list at most, the oldest ones
 * @param isCounted whether to count them by role and phase, by route and by target
 */
public record LedgerQuery(ConnectionFilter filter, int limit, boolean isCounted) {
    /** Lists up to {@code limit} of the sockets that {@code filter} takes. */
    public static LedgerQuery list(ConnectionFilter filter, int limit) {
        return new LedgerQuery(filter, limit, false);
    }

    /** Counts the sockets that {@code filter} takes. */
    public static LedgerQuery count(ConnectionFilter filter) {
        return new LedgerQuery(filter, 0, true);
    }
}
