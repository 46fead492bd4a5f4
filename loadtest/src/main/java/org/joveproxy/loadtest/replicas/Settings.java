package org.joveproxy.loadtest.replicas;

/**
 * How big it is. Immutable.
 *
 * @param changesPerSecond of routes by the hub
 * @param routes that stay
 * @param isShared whether the replicas get a store that they share
 * @param fsync as Redis's {@code appendfsync} has it
 */
record Settings(int replicas, int users, int changesPerSecond, int routes, boolean isShared, String fsync) {
    /** By what a balancer asks whether a replica may have requests. */
    String check() {
        return isShared ? "/_chp_readyz" : "/_chp_healthz";
    }
}
