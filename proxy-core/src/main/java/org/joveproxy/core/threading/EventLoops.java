package org.joveproxy.core.threading;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the proxy: one that accepts and serves the REST API and the metrics, and those that carry the traffic.
 *
 * <p>API, health of the process and metrics keep answering while the traffic's loops are saturated, because they have a
 * loop of their own. Any thread may call any method.
 *
 * @param acceptor one loop, for listeners, the REST API and the metrics
 * @param workers the loops that carry clients and upstreams
 */
public record EventLoops(Transport transport, EventLoopGroup acceptor, EventLoopGroup workers)
        implements AutoCloseable {
    /** Starts one loop for the listeners and {@code workers} loops for the traffic. */
    public static EventLoops start(Transport transport, int workers) {
        return new EventLoops(
                transport, transport.newEventLoops(1, "jove-admin"), transport.newEventLoops(workers, "jove-traffic"));
    }

    /** Ends every loop and with it every connection that is left; waits for at most two seconds. */
    @Override
    public void close() {
        Future<?> traffic = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        Future<?> admin = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        traffic.awaitUninterruptibly(2, TimeUnit.SECONDS);
        admin.awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
