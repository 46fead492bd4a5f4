package org.joveproxy.core.upstream;

import org.joveproxy.core.routing.Origin;

/**
 * What one upstream had at one moment. Over TCP each socket takes one local port.
 *
 * <p>Immutable.
 *
 * @param sockets those that are open or about to be, tunnels and unused ones included
 * @param limit how many there may be: the configured number, or fewer if the machine's local ports allow no more
 */
public record UpstreamUse(Origin origin, int sockets, int limit) {}
