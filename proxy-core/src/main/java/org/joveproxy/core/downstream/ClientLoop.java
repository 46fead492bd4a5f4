package org.joveproxy.core.downstream;

import org.joveproxy.core.exchange.ExchangeContext;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * What all client connections of one event loop share.
 *
 * <p>Confined to the event loop.
 */
@EventLoopConfined
public final class ClientLoop {
    private final ExchangeContext context;
    private final HttpDate date = new HttpDate();
    private final int maxHeaderBytes;
    private boolean isDraining;

    /** Client connections whose exchanges share {@code context}. */
    public ClientLoop(ExchangeContext context, int maxHeaderBytes) {
        this.context = context;
        this.maxHeaderBytes = maxHeaderBytes;
    }

    /** From now on each connection closes after the answer to its present request. */
    public void drain() {
        isDraining = true;
    }

    boolean isDraining() {
        return isDraining;
    }

    ExchangeContext context() {
        return context;
    }

    int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    String date() {
        return date.at(context.clock().epochMillis());
    }
}
