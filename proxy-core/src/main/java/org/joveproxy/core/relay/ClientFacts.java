package org.joveproxy.core.relay;

import org.jspecify.annotations.Nullable;

/**
 * What the proxy knows of a client beside its request.
 *
 * <p>Immutable.
 *
 * @param address the client's IP address, or null over a unix socket
 * @param isEncrypted whether the client speaks TLS with us
 */
public record ClientFacts(@Nullable String address, boolean isEncrypted) {}
