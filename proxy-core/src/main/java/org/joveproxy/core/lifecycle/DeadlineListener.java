package org.joveproxy.core.lifecycle;

/**
 * Is told when a connection has outstayed its phase.
 *
 * <p>Called on the connection's event loop.
 */
@FunctionalInterface
public interface DeadlineListener {
    /** {@code entry} has been in {@code phase} for longer than allowed. It must close or move on. */
    void phaseExpired(LedgerEntry entry, Phase phase);
}
