package org.joveproxy.api;

import org.joveproxy.core.observe.Bounds;

/**
 * What the REST API tells of the proxy beside its routes and sockets.
 *
 * <p>Immutable; the bounds are asked anew for each answer.
 *
 * @param version the line of {@code --version}
 * @param startedMillis when the process began, in milliseconds since 1970
 * @param eventLoops how many threads carry the traffic
 */
public record ProxyFacts(String version, long startedMillis, int eventLoops, Bounds bounds) {}
