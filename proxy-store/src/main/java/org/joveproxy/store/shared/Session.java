package org.joveproxy.store.shared;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Two connections to the store: one on which changes are waited for, and one for all else.
 *
 * <p>Any thread may call any method.
 *
 * @param feed waits for news, so that nothing else can be asked on it
 * @param ask is for all else
 * @param local this end of the connection, or null when it is not known
 * @param onClose closes both
 */
record Session(
        RedisClusterAsyncCommands<String, String> feed,
        RedisClusterAsyncCommands<String, String> ask,
        @Nullable SocketAddress local,
        Runnable onClose)
        implements AutoCloseable {
    /** The address of this end, or null when it is no IP address. */
    @Nullable
    String localHost() {
        return local instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : null;
    }

    /** Closes both; whatever was asked and not answered fails. */
    @Override
    public void close() {
        onClose.run();
    }
}
