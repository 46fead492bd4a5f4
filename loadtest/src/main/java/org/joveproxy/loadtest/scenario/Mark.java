package org.joveproxy.loadtest.scenario;

/**
 * A moment with a name, drawn into every plot. Immutable.
 *
 * @param seconds since the act began
 */
public record Mark(double seconds, String text) {}
