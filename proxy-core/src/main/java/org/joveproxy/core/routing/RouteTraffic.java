package org.joveproxy.core.routing;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.LongAdder;

/**
 * What goes over a route through this process: when each side last sent something, and what is open now. Times are in
 * milliseconds since 1970 and as exact as a loop's clock, a tenth of a second; 0 stands for never.
 *
 * <p>Any thread may call any method.
 */
public final class RouteTraffic {
    // Race: two loops may note a time at once and the earlier one may stay, by a tick of their clocks.
    private static final AtomicIntegerFieldUpdater<RouteTraffic> OPEN_WEBSOCKETS =
            AtomicIntegerFieldUpdater.newUpdater(RouteTraffic.class, "openWebsockets");

    private volatile long clientMillis;
    private volatile long upstreamMillis;
    private volatile long requestMillis;
    private volatile int openWebsockets;

    // All requests of the hub are of one route, on whichever loop. An adder gets a cell for each thread where threads
    // get in each other's way and stays one number for all other routes. What every request changes is not beside the
    // times, at which every request looks. Two, because only two can be read in an order in which no request is
    // missed: a sum over the cells of one could meet the end of a request and not its beginning.
    private final LongAdder requestsOpened = new LongAdder();
    private final LongAdder requestsClosed = new LongAdder();

    RouteTraffic() {}

    /** A client has sent something at {@code epochMillis}. */
    public void clientSent(long epochMillis) {
        // Looked at first: the clock stands still between its ticks, and a write would cost the other loops' copies.
        if (epochMillis > clientMillis) {
            clientMillis = epochMillis;
        }
    }

    /** An upstream has sent something at {@code epochMillis}. */
    public void upstreamSent(long epochMillis) {
        if (epochMillis > upstreamMillis) {
            upstreamMillis = epochMillis;
        }
    }

    /** A request that counts as activity has come at {@code epochMillis}. */
    public void requested(long epochMillis) {
        if (epochMillis > requestMillis) {
            requestMillis = epochMillis;
        }
    }

    /** A request has come. */
    public void requestOpened() {
        requestsOpened.increment();
    }

    /** A request is over; to be called once for each. */
    public void requestClosed() {
        requestsClosed.increment();
    }

    /** A request is over by having become an open websocket. */
    public void websocketOpened() {
        requestClosed();
        OPEN_WEBSOCKETS.getAndIncrement(this);
    }

    /** A websocket has closed; to be called once for each. */
    public void websocketClosed() {
        OPEN_WEBSOCKETS.getAndDecrement(this);
    }

    /** When a client last sent something: a request's head, a piece of its body, or bytes over a websocket. */
    public long clientMillis() {
        return clientMillis;
    }

    /** When an upstream last sent something: an answer's head, a piece of its body, or bytes over a websocket. */
    public long upstreamMillis() {
        return upstreamMillis;
    }

    /** When a request last came that counts as activity. */
    public long requestMillis() {
        return requestMillis;
    }

    /**
     * Requests that are not answered to the end. Exact while none comes or ends; else never below the number of those that
     * are open all the while, and above that by no more than come or end meanwhile.
     */
    public int openRequests() {
        // Closed is read first: a request that ends in between is counted as open rather than as -1.
        long closed = requestsClosed.sum();
        return (int) (requestsOpened.sum() - closed);
    }

    /** Websockets of which one side or both are open. */
    public int openWebsockets() {
        return openWebsockets;
    }
}
