package org.joveproxy.core.threading;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the proxy: one that accepts, one that serves the REST API and the metrics, and those that carry the
 * traffic.
 *
 * <p>API and metrics keep answering while the traffic's loops are saturated, and clients are accepted while the API is
 * busy, because none of them shares its loop. Any thread may call any method.
 *
 * @param acceptor one loop, which accepts clients; it does nothing else unless it is the only worker
 * @param admin one loop, for the REST API, the metrics, the redirect and chores; accepts for the first two itself
 * @param workers the loops that carry clients and upstreams
 */
public record EventLoops(Transport transport, EventLoopGroup acceptor, EventLoopGroup admin, EventLoopGroup workers)
        implements AutoCloseable {
    /**
     * Starts {@code workers} loops for the traffic, one for the administration, and one that accepts. A single worker
     * accepts itself: to wake it for each client would cost more than to accept one.
     */
    public static EventLoops start(Transport transport, int workers) {
        EventLoopGroup traffic = transport.newEventLoops(workers, "jove-traffic");
        return new EventLoops(
                transport,
                workers == 1 ? traffic : transport.newEventLoops(1, "jove-accept"),
                transport.newEventLoops(1, "jove-admin"),
                traffic);
    }

    /** Ends every loop and with it every connection that is left; waits for at most two seconds. */
    @Override
    public void close() {
        Future<?> traffic = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        Future<?> administration = admin.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        Future<?> accepting = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        traffic.awaitUninterruptibly(2, TimeUnit.SECONDS);
        administration.awaitUninterruptibly(2, TimeUnit.SECONDS);
        accepting.awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
