package org.joveproxy.loadtest.benchmark;

/**
 * Memory in RAM of a proxy's processes. Immutable.
 *
 * @param idleKib with all its routes, before the first load
 * @param loadedKib after the last round
 */
record Memory(long idleKib, long loadedKib) {}
