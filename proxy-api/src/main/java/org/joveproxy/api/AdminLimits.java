package org.joveproxy.api;

import java.time.Duration;

/**
 * What one connection to the REST API may take.
 *
 * <p>Immutable.
 *
 * @param bodyBytes the longest body of a request
 * @param request from a request's first byte to its last
 * @param idle between two requests
 * @param answer until the client has taken an answer
 * @param linger after the last answer, for what the client is still sending
 */
record AdminLimits(int bodyBytes, Duration request, Duration idle, Duration answer, Duration linger) {
    // The idle limit must be longer than the 15 seconds for which the hub's client keeps its connections: whichever
    // side waits longer never loses a request to a connection that the other has just closed.
    static AdminLimits defaults() {
        return new AdminLimits(
                1024 * 1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2));
    }
}
